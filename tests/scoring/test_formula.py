"""The formula language: reading, refusing, working out and printing."""

from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.scoring.formula import FormulaError, Impossible, is_scaled_by_100, parse
from indicators.scoring.types import Input, InputRow
from tests.effort import calls

LONG = "123456789012345678901234567890"


def entered(**values):
    """Inputs by symbol: a string is a number, a list of strings is rows."""
    return {symbol: _input(symbol, value) for symbol, value in values.items()}


def _input(symbol, value):
    if isinstance(value, list):
        rows = tuple(InputRow("", None if row is None else Decimal(row)) for row in value)
        return Input(symbol, rows=rows)
    return Input(symbol, value=None if value is None else Decimal(value))


VALUES = entered(
    a="65", b="59", zero="0", big="1586", minus="-3", L=["10", "20.5", "-3"], none=[], one=["7"]
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1+2*3", "7"),
        ("(1+2)*3", "9"),
        ("10-4-3", "3"),
        ("100/10/5", "2"),
        ("100/10*5", "50"),
        ("2*-3", "-6"),
        ("--3", "3"),
        ("-+-3", "3"),
        ("-a+b", "-6"),
        ("1--1", "2"),
        ("100%", "1"),
        ("3%*200", "6"),
        ("0.1+0.2", "0.3"),
        ("1/3+1/3+1/3", "1"),
        ("(a-b)/b*100%", "6/59"),
        ("6×7÷2", "21"),
        ("（１＋２）×３％", "0.09"),
        ("１２．５", "12.5"),
        ("１2.５", "12.5"),
        ("7−2－1", "4"),
        ("6＊7／2", "21"),
        (" 1\u3000+\n\t2 ", "3"),
        ("L", "27.5"),
        ("L*2", "55"),
        ("SUM(L)", "27.5"),
        ("SUM(L,a,1)", "93.5"),
        ("SUM(3,4)", "7"),
        ("SUM(none)", "0"),
        ("none+1", "1"),
        ("COUNT(L)", "3"),
        ("COUNT((L))", "3"),
        ("COUNT(L,L,a)", "7"),
        ("COUNT(L+0)", "1"),
        ("COUNT(none)", "0"),
        ("AVERAGE(L)", "55/6"),
        ("AVERAGE(L,2.5)", "7.5"),
        ("AVERAGE(none,3)", "3"),
        ("MAX(L)", "20.5"),
        ("MIN(L)", "-3"),
        ("MAX(L,21)", "21"),
        ("MIN(L,none,-4)", "-4"),
        ("ROUND(2.5)", "3"),
        ("ROUND(-2.5)", "-3"),
        ("ROUND(1.005,2)", "1.01"),
        ("ROUND(1/3,6)", "0.333333"),
        ("ROUND(2.45,1+0)", "2.5"),
        ("ROUND(2.45,200%)", "2.45"),
        ("FLOOR(6.87)", "6"),
        ("FLOOR(-0.5)", "-1"),
        ("CEIL(6.01)", "7"),
        ("CEIL(-0.5)", "0"),
        ("ABS(minus)", "3"),
        ("ABS(L-30)", "2.5"),
        ("IF(1<2,10,20)", "10"),
        ("IF(1>2,10,20)", "20"),
        ("IF((1<2),10,20)", "10"),
        ("IF(1=1.0,1,0)+IF(1<>1,1,0)", "1"),
        ("IF(2<=2,1,0)+IF(2>=2,1,0)+IF(2<2,1,0)+IF(2>2,1,0)", "2"),
        ("IF(2≤2,1,0)+IF(2≧3,1,0)+IF(2≠3,1,0)", "2"),
        ("IF(2＜＝2，1，0)", "1"),
        ("IF(AND(1<2,2<3),1,0)", "1"),
        ("IF(AND(1<2,3<2),1,0)", "0"),
        ("IF(OR(3<2,1<2),1,0)", "1"),
        ("IF(OR(3<2,2<1),1,0)", "0"),
        ("IF(AND(OR(1>2,2>1),(3>2)),1,0)", "1"),
        ("IF(L>27,1,0)", "1"),
        ("IF(AND(13>=FLOOR(229*3%),0>=FLOOR(9*1%)),1,0)", "1"),
    ],
)
def test_evaluate(source, expected):
    assert parse(source, VALUES).evaluate(VALUES) == Fraction(expected)


@pytest.mark.parametrize(
    "source",
    [
        "IF(1<2,5,1/zero)",
        "IF(1>2,1/zero,5)",
        "IF(AND(1>2,1/zero>0),4,5)",
        "IF(OR(1<2,1/zero>0),5,4)",
        "IF(zero=0,5,AVERAGE(none))",
    ],
)
def test_evaluate_leaves_alone_what_does_not_decide(source):
    assert parse(source, VALUES).evaluate(VALUES) == 5


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("a/zero", "無法計算：除數「zero」等於 0，請檢查公式與基礎資料。"),
        ("a/(b - b)", "無法計算：除數「b-b」等於 0，請檢查公式與基礎資料。"),
        ("a÷0", "無法計算：除數「0」等於 0，請檢查公式與基礎資料。"),
        ("IF(AND(1<2,1/zero>0),4,5)", "無法計算：除數「zero」等於 0，請檢查公式與基礎資料。"),
        ("AVERAGE(none)", "無法計算：AVERAGE 沒有任何一列資料可用，請先填報各列。"),
        ("MIN(none)", "無法計算：MIN 沒有任何一列資料可用，請先填報各列。"),
        ("MAX(none,none)", "無法計算：MAX 沒有任何一列資料可用，請先填報各列。"),
        ("ROUND(1,a)", "無法計算：ROUND 的小數位數要是 0 到 6 的整數，請檢查公式。"),
        ("ROUND(1,minus)", "無法計算：ROUND 的小數位數要是 0 到 6 的整數，請檢查公式。"),
        ("ROUND(1,1/2)", "無法計算：ROUND 的小數位數要是 0 到 6 的整數，請檢查公式。"),
    ],
)
def test_evaluate_says_why_there_is_no_result(source, sentence):
    with pytest.raises(Impossible) as caught:
        parse(source, VALUES).evaluate(VALUES)
    assert str(caught.value) == sentence
    assert str(caught.value.sentence) == sentence


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "無法計算：基礎資料沒有「x」，請先新增這項基礎資料。"),
        ({"x": None}, "無法計算：「x」尚未填報，請先填報。"),
        ({"x": ["1", None]}, "無法計算：「x」尚未填報，請先填報。"),
        ({"x": "NaN"}, "無法計算：「x」尚未填報，請先填報。"),
        ({"x": "1E+999999"}, "無法計算：計算過程中的數字過大，請檢查公式與基礎資料。"),
        ({"x": ["1E-999999", "1"]}, "無法計算：計算過程中的數字過大，請檢查公式與基礎資料。"),
    ],
)
def test_values_that_are_not_there_or_absurd_are_impossible(values, sentence):
    formula = parse("x+MAX(x)")
    for work in (formula.evaluate, formula.with_values):
        with pytest.raises(Impossible) as caught:
            work(entered(**values))
        assert str(caught.value) == sentence


def test_evaluate_stops_when_numbers_grow_beyond_the_bound():
    formula = parse("*".join(["a"] * 900))
    with pytest.raises(Impossible) as caught:
        formula.evaluate(entered(a=LONG))
    assert str(caught.value) == "無法計算：計算過程中的數字過大，請檢查公式與基礎資料。"


def test_evaluate_is_exact_with_30_digits():
    assert parse("a+1-a").evaluate(entered(a=LONG)) == 1
    assert parse("SUM(L)-a").evaluate(entered(a=LONG, L=[LONG, "0.000001"])) == Fraction(1, 10**6)


def test_a_thousand_terms_are_not_deep():
    formula = parse("+".join(["1"] * 1000))
    assert formula.evaluate({}) == 1000
    assert str(formula) == formula.source


@pytest.mark.parametrize(
    ("before", "after"), [("(", ")"), ("-", ""), ("ABS(", ")"), ("IF(1<2,1+2*", ",0)")]
)
def test_a_hundred_levels_work_and_one_more_is_refused(before, after):
    formula = parse(before * 100 + "1" + after * 100)
    assert parse(str(formula)).evaluate({}) == formula.evaluate({})
    assert formula.with_values({}) == formula.source
    with pytest.raises(FormulaError) as caught:
        parse(before * 101 + "1" + after * 101)
    assert caught.value.position == len(before) * 101 - (before.startswith("IF")) * 8
    assert str(caught.value).endswith("層數超過 100 層，請簡化公式。")


@pytest.mark.parametrize(
    ("source", "position", "rest"),
    [
        ("", 1, "公式是空的，請填寫公式。"),
        (" \u3000", 1, "公式是空的，請填寫公式。"),
        ("1+", 3, "公式還沒寫完，這裡要有數字、名稱、函數或左括號。"),
        ("1+*2", 3, "這裡要有數字、名稱、函數或左括號，不能是「*」。"),
        ("a**2", 3, "這裡要有數字、名稱、函數或左括號，不能是「*」。"),
        ("SUM(1,)", 7, "這裡要有數字、名稱、函數或左括號，不能是「)」。"),
        ("()", 2, "這裡要有數字、名稱、函數或左括號，不能是「)」。"),
        (".5", 1, "小數點的前後都要有數字，例如 0.5。"),
        ("5.", 2, "小數點的前後都要有數字，例如 0.5。"),
        ("1.2.3", 4, "小數點的前後都要有數字，例如 0.5。"),
        ("1" * 31, 1, "一個數字最多 30 位，請縮短。"),
        ("1+0." + "1" * 30, 3, "一個數字最多 30 位，請縮短。"),
        (
            "107年志工",
            1,
            "名稱不能以數字開頭（「107年志工」）。請改名稱；若是相乘，請在中間加上「*」。",
        ),
        (
            "a+1e5",
            3,
            "名稱不能以數字開頭（「1e5」）。請改名稱；若是相乘，請在中間加上「*」。",
        ),
        ("1^2", 2, "公式不能使用「^」。請改用 + - * / ( ) % = <> < <= > >= 等符號。"),
        ("😀", 1, "公式不能使用「😀」。請改用 + - * / ( ) % = <> < <= > >= 等符號。"),
        ("1\x00", 2, "公式不能使用「U+0000」。請改用 + - * / ( ) % = <> < <= > >= 等符號。"),
        ("a+\ud800", 3, "公式不能使用「U+D800」。請改用 + - * / ( ) % = <> < <= > >= 等符號。"),
        ("(1+2", 1, "這個左括號沒有對應的右括號，請補上「)」。"),
        ("SUM(1", 4, "這個左括號沒有對應的右括號，請補上「)」。"),
        ("1+2)", 4, "這個右括號沒有對應的左括號，請刪除或補上「(」。"),
        ("147/1,586", 6, "逗號只能用來分隔函數的各項；數字請勿加千分位，例如 1586。"),
        ("(1,2)", 3, "逗號只能用來分隔函數的各項；數字請勿加千分位，例如 1586。"),
        ("a%", 2, "「%」只能緊接在數字後面，例如 3%；其他情形請改寫為 *100%。"),
        ("(a/b)%", 6, "「%」只能緊接在數字後面，例如 3%；其他情形請改寫為 *100%。"),
        ("100%%", 5, "「%」只能緊接在數字後面，例如 3%；其他情形請改寫為 *100%。"),
        ("a b", 3, "「b」之前缺少運算符號，請補上 + - * / 其中之一。"),
        ("2(3)", 2, "「(」之前缺少運算符號，請補上 + - * / 其中之一。"),
        ("(2)3", 4, "「3」之前缺少運算符號，請補上 + - * / 其中之一。"),
        ("a+sum(L)", 3, "函數名稱要用半形大寫，請把「sum」改成「SUM」。"),
        ("ＳＵＭ(L)", 1, "函數名稱要用半形大寫，請把「ＳＵＭ」改成「SUM」。"),
        (
            "LN(a)",
            1,
            "沒有「LN」這個函數，可用的函數是 SUM、AVERAGE、COUNT、MIN、MAX、ROUND、FLOOR、"
            "CEIL、ABS、IF、AND、OR；若是相乘，請在括號前加上「*」。",
        ),
        (
            "1+SUM",
            3,
            "「SUM」是函數，後面要有括號，例如 SUM(…)；基礎資料不能用這個名稱。",
        ),
        ("SUM()", 1, "SUM 的括號裡至少要有一項。"),
        ("ABS(1,2)", 1, "ABS 的括號裡要正好一項。"),
        ("ROUND(1,2,3)", 1, "ROUND 的括號裡要有一項或兩項。"),
        ("IF(1<2,3)", 1, "IF 的括號裡要正好三項：條件、成立時的值、不成立時的值。"),
        ("IF(1<2,3,4,5)", 1, "IF 的括號裡要正好三項：條件、成立時的值、不成立時的值。"),
        ("ROUND(1,7)", 9, "ROUND 的小數位數要是 0 到 6 的整數，請更正。"),
        ("ROUND(1,-1)", 9, "ROUND 的小數位數要是 0 到 6 的整數，請更正。"),
        ("ROUND(1,1.5)", 9, "ROUND 的小數位數要是 0 到 6 的整數，請更正。"),
        ("IF(1<2<3,1,0)", 7, "比較不能連寫，請分成兩個比較放進 AND( , )。"),
    ],
)
def test_parse_refuses_with_the_position(source, position, rest):
    with pytest.raises(FormulaError) as caught:
        parse(source)
    assert caught.value.position == position
    assert str(caught.value) == str(caught.value.sentence) == f"第 {position} 個字元：{rest}"


@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("a>b", 1),
        ("AND(a>b)", 1),
        ("(a>b)", 1),
        ("1+(a>b)", 3),
        ("(a>b)+1", 1),
        ("(a>b)*1", 1),
        ("-(a>b)", 2),
        ("SUM(1,a>b)", 7),
        ("ROUND(1,a>b)", 9),
        ("IF(a>b,a>b,0)", 8),
        ("IF(a>b,0,OR(a>b))", 10),
        ("IF((a>b)=(a>b),1,0)", 4),
        ("IF(1=(a>b),1,0)", 6),
    ],
)
def test_parse_refuses_a_condition_where_a_number_belongs(source, position):
    with pytest.raises(FormulaError) as caught:
        parse(source)
    assert str(caught.value) == (
        f"第 {position} 個字元：這裡要有數值，不能是條件；"
        "條件只能放在 IF 的第一項，或 AND、OR 裡面。"
    )


@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("IF(1,2,3)", 4),
        ("IF(L,2,3)", 4),
        ("IF(IF(1<2,1,0),2,3)", 4),
        ("IF(AND(a>b,a),1,0)", 12),
        ("IF(OR(1+2),1,0)", 7),
    ],
)
def test_parse_refuses_a_number_where_a_condition_belongs(source, position):
    with pytest.raises(FormulaError) as caught:
        parse(source)
    assert str(caught.value) == (
        f"第 {position} 個字元：這裡要有條件，不能是數值；請寫成比較，例如 人數>=10。"
    )


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("1+本年志士", "第 3 個字元：基礎資料沒有「本年志士」，是不是「本年志工」？"),
        (
            "1+公文",
            "第 3 個字元：基礎資料沒有「公文」，請先新增這項基礎資料，或更正名稱。",
        ),
        (
            "本年志工+" + "長" * 40,
            f"第 6 個字元：基礎資料沒有「{'長' * 30}…」，請先新增這項基礎資料，或更正名稱。",
        ),
    ],
)
def test_parse_refuses_an_unknown_name(source, sentence):
    with pytest.raises(FormulaError) as caught:
        parse(source, ["本年志工", "受訓人數"])
    assert str(caught.value) == sentence


def test_symbols_are_the_names_in_order_of_first_use_without_functions():
    assert parse("IF(b>a,SUM(L,a),ROUND(b))").symbols == ("b", "a", "L")


def test_levels_side_by_side_are_not_deep():
    assert parse("+".join(["-1"] * 300 + ["(1)"] * 200)).evaluate({}) == -100


def test_parse_lets_any_identifier_be_a_name():
    formula = parse("sum+本年志工/_x1-Ａ１*é*sum")
    assert formula.symbols == ("sum", "本年志工", "_x1", "Ａ１", "é")


def test_parse_refuses_more_than_2000_characters():
    assert parse("1" + " " * 1999).evaluate({}) == 1
    with pytest.raises(FormulaError) as caught:
        parse("1" + " " * 2000)
    assert caught.value.position == 2001
    assert str(caught.value) == (
        "第 2001 個字元：公式最多 2,000 個字元，這個公式有 2,001 個字元。"
        "請縮短公式，或先把部分計算結果列為基礎資料。"
    )


@pytest.mark.parametrize(
    "source",
    [
        "9**9**9",
        "9^9^9",
        "(" * 200_000 + "1" + ")" * 200_000,
        "(" * 2_000,
        "-" * 2_000,
        "IF(" * 600,
        "+".join(["1"] * 100_000),
        "9" * 2_000_000,
        "9" * 2_000,
        "😀" * 1_000,
        "\ud800\udfff",
        "\x00",
        "名" * 2_000,
        "(,)" * 600,
        "__import__('os').system('true')",
        "a.b",
        "a[0]",
        "lambda: 1",
        "%s%d",
        "{0}",
        "\u202e1",
    ],
)
def test_parse_refuses_hostile_text_quickly(source):
    said = []

    def refused():
        with pytest.raises(FormulaError) as caught:
            parse(source, ["名" * 1_900, "a"])
        said.append(str(caught.value))

    assert calls(refused) < 50 * 2_000  # of each character that is read
    said[0].encode()
    assert len(said[0]) < 200


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (" ( a - b ) / b × 100％ ", "(a-b)/b*100%"),
        ("((a))+(b*2)+(1+2)", "a+b*2+(1+2)"),
        ("(a-b)-a-(b-a)", "(a-b)-a-(b-a)"),
        ("(a*b)*a/(b/a)", "(a*b)*a/(b/a)"),
        ("-(a+b)*-(a*b)", "-(a+b)*-(a*b)"),
        ("-(-(a))", "--a"),
        ("IF((a≥b),(1),SUM(a，b))", "IF(a>=b,1,SUM(a,b))"),
        ("０１．５０", "01.50"),
    ],
)
def test_canonical_form(source, expected):
    formula = parse(source)
    assert str(formula) == expected
    assert parse(expected).tree == formula.tree


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(a-b)/b*100%", "(65-59)/59*100%"),
        (" ( a － b ) ÷ b × 100％", "(65-59)÷59×100%"),
        ("a/big*100%", "65/1,586*100%"),
        ("((a))", "((65))"),
        ("minus-minus", "-3--3"),
        ("L", "27.5"),
        ("L/2", "27.5/2"),
        ("SUM(L)/a", "27.5/65"),
        ("SUM((L))/a", "27.5/65"),
        ("SUM(a)", "SUM(65)"),
        ("SUM(3,4)", "SUM(3,4)"),
        ("SUM(L,a)", "SUM(10,20.5,-3,65)"),
        ("SUM(L+1)", "SUM(27.5+1)"),
        ("SUM(SUM(L),1)", "SUM(27.5,1)"),
        ("MAX(L)", "MAX(10,20.5,-3)"),
        ("MAX( ( L ) , 1 )", "MAX(10,20.5,-3,1)"),
        ("AVERAGE(one)", "AVERAGE(7)"),
        ("COUNT(none)", "COUNT()"),
        ("SUM(none)", "0"),
        ("ROUND(L/big,2)", "ROUND(27.5/1,586,2)"),
        ("IF(AND(a≥b,a<>0),1,0)", "IF(AND(65>=59,65<>0),1,0)"),
        ("1.50+０２", "1.50+02"),
    ],
)
def test_with_values(source, expected):
    assert parse(source, VALUES).with_values(VALUES) == expected


def test_with_values_shortens_a_list_of_over_1000_rows():
    rows = [str(number) for number in range(1, 1001)]
    assert parse("MAX(x)").with_values(entered(x=rows)) == f"MAX({','.join(rows[:999])},1,000)"
    assert parse("MAX(x)").with_values(entered(x=[*rows, "7"])) == "MAX(1,…,7)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a/b*100", True),
        ("a/b×１００", True),
        ("(a/b*100.0)", True),
        ("ROUND(a/b*100,1)", True),
        ("a/b*100%", False),
        ("100*a/b", False),
        ("a/b/100", False),
        ("a+100", False),
        ("a*1000", False),
        ("100", False),
        ("a", False),
        ("SUM(a*100)", False),
    ],
)
def test_is_scaled_by_100(source, expected):
    assert is_scaled_by_100(parse(source)) is expected


class ReadRows(tuple):
    """Rows that count how often they are read."""

    times = 0

    def __iter__(self):
        type(self).times += 1
        return super().__iter__()


def test_long_lists_are_read_once():
    inputs = {"x": Input("x", rows=ReadRows(InputRow("", Decimal("0.1")) for _ in range(10_000)))}
    formula = parse("+".join(["SUM(x)"] * 250))
    ReadRows.times = 0
    assert formula.evaluate(inputs) == 250_000
    assert ReadRows.times == 1


def test_formulas_are_equal_by_source():
    assert parse("a+1") == parse("a+1")
    assert parse("a+1") != parse("a + 1")
