"""Documents that can't be used: each fault on a line of its own, in its place, told once."""

import json

import pytest

from indicators.interchange.json_tree import DocumentError, read_file
from indicators.interchange.plan_reading import read_plan
from tests.indicators.documents import (
    DIRECT,
    FORMULA,
    MILESTONES,
    MISSING,
    as_bytes,
    base,
    changed,
    json_path,
    nested,
)

INPUT, LIST = f"{FORMULA}.inputs.0", f"{FORMULA}.inputs.1"
STAGE = f"{MILESTONES}.milestones"
NOT_NUMBERS = [
    "", " ", "abc", "1e3", "1E3", "1e999999", "１５", "1,000", " 15", "15 ", "15\n", "+5",
    ".5", "5.",
    "--5", "5-", "1.2.3", "NaN", "Infinity", "0x10", "1_000", "٣", "½", "5%", "1" * 31,
    "0." + "1" * 30,
    "1" * 1_000_000, 15, 15.0, True, False, None, [], {}, ["15"],
    10**400, float("nan"), float("inf"),
]  # fmt: skip
NOT_TEXTS = [
    "\0",
    "a\x0bb",
    "\x7f",
    "\x85",
    "\x1b[31m",
    "\ud800",
    "a\udfffb",
    5,
    None,
    True,
    [],
    {},
]
NOT_NAMES = ["", " ", "\u3000", "\t\n", "\u200b", "\u200b\ufeff\u2060 ", "\u2028", "字" * 201]
NOT_KEYS = ["", "a", "a" * 41, "Ab", "ab\n", "\nab", "a b", "a.b", "甲乙", "ａｂ", 12, None, ["ab"]]

NUMBERS = [
    "perspectives.0.goals.0.weight", f"{FORMULA}.weight", f"{FORMULA}.target", f"{INPUT}.value",
    f"{LIST}.rows.0.value", f"{STAGE}.0.percent", f"{DIRECT}.actual", f"{FORMULA}.previous.target",
    f"{FORMULA}.previous.actual", "figures.0.value", "figures.0.previous", "policy.lights.green",
    "policy.lights.yellow",
]  # fmt: skip
MAY_BE_NULL = {
    f"{INPUT}.value", f"{LIST}.rows.0.value", f"{DIRECT}.actual", f"{FORMULA}.previous.actual",
    "figures.0.value",
}  # fmt: skip
NAMES = [
    "agency.name", "perspectives.0.name", "perspectives.0.goals.0.title", f"{FORMULA}.title",
    f"{INPUT}.symbol", f"{LIST}.rows.0.label", f"{STAGE}.0.title", "figures.0.label",
    "sections.0.title", "sections.0.sections.0.title",
]  # fmt: skip
TITLES = [f"{FORMULA}.unit", f"{FORMULA}.owner", f"{INPUT}.label", f"{INPUT}.unit",
          f"{FORMULA}.review.responsible", "figures.0.unit"]  # fmt: skip
TEXTS = [
    f"{FORMULA}.measure", f"{FORMULA}.evaluation", f"{FORMULA}.analysis", f"{FORMULA}.review.cause",
    f"{FORMULA}.review.action", "figures.0.source", "sections.0.body",
]  # fmt: skip
LISTS = ["perspectives", "perspectives.0.goals", "perspectives.0.goals.0.indicators",
         f"{FORMULA}.inputs", f"{LIST}.rows", STAGE, "figures", "sections",
         "sections.0.sections"]  # fmt: skip
OBJECTS = ["agency", "policy", "policy.lights", "perspectives.0", "perspectives.0.goals.0", FORMULA,
           f"{FORMULA}.inputs.0", f"{LIST}.rows.0", f"{STAGE}.1", f"{FORMULA}.previous",
           f"{FORMULA}.review", "figures.0", "sections.0", "sections.0.sections.0"]  # fmt: skip
REQUIRED = {
    "": ["format", "agency", "year", "perspectives"],
    "agency": ["code", "name"],
    "policy.lights": ["green", "yellow"],
    "perspectives.0": ["name", "goals"],
    "perspectives.0.goals.0": ["title", "weight", "indicators"],
    FORMULA: ["title", "weight", "unit", "decimals", "direction", "target", "method", "formula"],
    MILESTONES: ["milestones"],
    INPUT: ["symbol"],
    f"{LIST}.rows.0": ["label"],
    f"{STAGE}.0": ["title", "percent"],
    f"{FORMULA}.review": ["cause", "action", "responsible", "due"],
    "figures.0": ["key", "label"],
    "sections.0": ["title"],
}


def joined(above, key):
    return f"{above}.{key}" if above else key


# One mistake: (what is changed, to what, where the fault is if it isn't there)
ONE_MISTAKE = [
    *((path, value, None) for path in NUMBERS for value in NOT_NUMBERS
      if not (value is None and path in MAY_BE_NULL)),
    *((path, value, None) for path in NAMES for value in [*NOT_NAMES, *NOT_TEXTS]),
    *((path, value, None) for path in TITLES for value in [*NOT_TEXTS, "字" * 201]),
    *((path, value, None) for path in TEXTS for value in [*NOT_TEXTS, "字" * 100_001]),
    *((path, value, None) for path in LISTS for value in [{}, "x", 5, None, True]),
    *((path, value, None) for path in OBJECTS for value in [[], "x", 5, None, True]),
    *((joined(above, "extra"), value, None) for above in ["", *OBJECTS] for value in [None]),
    *((joined(above, key), MISSING, above) for above, keys in REQUIRED.items() for key in keys),
    *(("agency.code", value, None) for value in [*NOT_KEYS, "under_score"]),
    *((f"{FORMULA}.id", value, None) for value in NOT_KEYS),
    *(("figures.0.key", value, None) for value in NOT_KEYS),
    *(("year", value, None) for value in [0, 1000, -1, True, None, "107", 107.0, 1e2, 10**20, []]),
    *((f"{FORMULA}.decimals", value, None) for value in [-1, 7, "0", 0.0, True, None, 10**30]),
    *(("format", value, None) for value in ["kpi-plan/2", "KPI-PLAN/1", "", 1, None,
    ["kpi-plan/1"]]),
    *(("policy.lower", value, None) for value in ["", "LINEAR", None, 1, []]),
    ("policy.lights.yellow", "90.1", "policy.lights"),
    *((f"{FORMULA}.direction", value, None) for value in ["up", "", None, ["higher"], {}]),
    *((f"{FORMULA}.method", value, None) for value in ["sum", "", None, ["formula"]]),
    *((f"{FORMULA}.weight", value, None) for value in ["0", "-0", "0.00", "-40"]),
    *(("perspectives.0.goals.0.weight", value, None) for value in ["0", "-60", "59", "60.01"]),
    *((f"{FORMULA}.target", value, None) for value in ["-1", "-0.01"]),
    (f"{DIRECT}.target", "-8", None),
    ("perspectives.0.goals.0.indicators", [], "perspectives.0.goals.0.weight"),
    (f"{FORMULA}.owner", "\u3000", None),
    *((f"{INPUT}.symbol", value, None)
      for value in ["SUM", "IF", "AND", "1期", "a b", "a-b", "a.b", "甲\n乙", "甲%", "{{x}}",
      "__a b"]),
    *((f"{FORMULA}.formula", value, None)
      for value in ["", " ", "1+", "9**9**9", "__import__('os').system('id')", "及格人數.__class__",
                    "[1]", "lambda: 1", "及格人", "1/0 if 1 else 2", "(" * 1000 + "1" + ")" * 1000,
                    "-" * 101 + "1", "1" * 31, "1,586", "甲\n乙", "1" + "+1" * 1000, "1+" * 60_000,
                    "\0", 5, None, ["1"], "SUM(及格人數", "及格人數>1", "ROUND(1,7)"]),
    (f"{INPUT}.rows", [], INPUT),
    (f"{STAGE}", [], None),
    *((f"{STAGE}.1.percent", value, None) for value in ["25", "24.9", "0"]),
    *((f"{STAGE}.2.percent", value, None) for value in ["100.01", "-1", "1000"]),
    *((f"{STAGE}.0.done", value, None) for value in ["true", 1, 0, "", []]),
    *((f"{FORMULA}.review.due", value, None)
      for value in ["2019-02-30", "2019-6-30", "108-06-30", "2019/06/30", "20190630", "0000-01-01",
                    "2019-06-30\n", "２０１９-06-30", "2019-06-30T00:00", "", None, 20190630]),
    (f"{FORMULA}.actual", "87", None),
    (f"{FORMULA}.actual", None, None),
    (f"{FORMULA}.milestones", [], None),
    (f"{MILESTONES}.inputs", [{"symbol": 5}], None),
    (f"{MILESTONES}.formula", "", None),
    (f"{MILESTONES}.actual", 5, None),
    (f"{DIRECT}.milestones", [5], None),
    (f"{DIRECT}.formula", "1+", None),
    ("sections.0", nested(21),
     "sections.0" + ".sections.0" * 19 + ".sections"),
    ("sections.0", nested(200),
     "sections.0" + ".sections.0" * 19 + ".sections"),
    ("figures.1.key", "tours", None),
    (f"{DIRECT}.id", "pass-rate", None),
    (f"{LIST}.symbol", "及格人數", None),
]  # fmt: skip


def short(value):
    return "missing" if value is MISSING else ascii(value)[:30]


@pytest.mark.parametrize(
    ("path", "value", "place"),
    ONE_MISTAKE,
    ids=[f"{path}={short(value)}" for path, value, _ in ONE_MISTAKE],
)
def test_one_mistake_is_told_once_in_its_place(path, value, place):
    with pytest.raises(DocumentError) as refused:
        read_plan(as_bytes(changed((path, value))))
    told = [fault for fault in refused.value.faults if not is_consequence(path, fault)]
    assert [fault.place for fault in told] == [json_path(path if place is None else place)]
    assert [line for fault in told for line in str(fault).splitlines()] == [str(told[0])]


def is_consequence(path, fault):
    """The formula lacks the input that now has another's name: a second mistake."""
    return path == f"{LIST}.symbol" and fault.place == json_path(f"{FORMULA}.formula")


@pytest.mark.django_db
def test_no_mistake_writes_anything(import_plan, row_counts):
    before = row_counts()
    ended = [import_plan(as_bytes(changed((path, value)))) for path, value, _ in ONE_MISTAKE]
    assert {(one.code, one.out) for one in ended} == {(1, "")}
    assert [one.err for one in ended if "Traceback" in one.err] == []
    assert row_counts() == before


# Bytes that are no JSON, or no plan

WHOLE_FILES = {
    "empty": (b"", "$：檔案是空的。"),
    "blanks": (b" \n\t ", "$：檔案是空的。"),
    "only a byte order mark": (b"\xef\xbb\xbf", "$：檔案是空的。"),
    "UTF-16": (
        json.dumps(base(), ensure_ascii=False).encode("utf-16"),
        "$：檔案不是 UTF-8 編碼（第 1 個位元組起），請另存為 UTF-8。",
    ),
    "Big5": (
        "{\n 中文".encode("big5"),
        "$：檔案不是 UTF-8 編碼（第 4 個位元組起），請另存為 UTF-8。",
    ),
    "Latin-1": (
        b'{"format": "\xe9"}',
        "$：檔案不是 UTF-8 編碼（第 13 個位元組起），請另存為 UTF-8。",
    ),
    "encoded surrogate": (
        b'{"format": "\xed\xa0\x80"}',
        "$：檔案不是 UTF-8 編碼（第 13 個位元組起），請另存為 UTF-8。",
    ),
    "list": (b"[]", "$：這裡應該是物件 {…}。"),
    "text": (b'"x"', "$：這裡應該是物件 {…}。"),
    "number": (b"5", "$：這裡應該是物件 {…}。"),
    "huge number": (b"9" * 1_000_000, "$：這裡應該是物件 {…}。"),
    "huge exponent": (b"1e999999999", "$：這裡應該是物件 {…}。"),
    "not a number": (b"-Infinity", "$：這裡應該是物件 {…}。"),
    "null": (b"null", "$：這裡應該是物件 {…}。"),
    "trailing comma": (
        b'{"year": 107,\n}',
        "$：不是有效的 JSON：第 2 行第 1 字附近看不懂。",
    ),
    "two documents": (b"{}\n{}", "$：不是有效的 JSON：第 2 行第 1 字附近看不懂。"),
    "comment": (b"// plan\n{}", "$：不是有效的 JSON：第 1 行第 1 字附近看不懂。"),
    "line break in a text": (
        b'{"year\n": 1}',
        "$：不是有效的 JSON：第 1 行第 7 字附近看不懂。",
    ),
    "cut off": (b'{"year": 107', "$：不是有效的 JSON：第 1 行第 13 字附近看不懂。"),
    "two byte order marks": (
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        "$：不是有效的 JSON：第 1 行第 1 字附近看不懂。",
    ),
    "100,000 levels of lists": (b"[" * 100_000, "$：JSON 的層次太深。"),
    "100,000 levels of objects": (b'{"a":' * 100_000, "$：JSON 的層次太深。"),
    "pickle": (b"\x80\x04K\x01.", "$：檔案不是 UTF-8 編碼（第 1 個位元組起），請另存為 UTF-8。"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("data", "line"), WHOLE_FILES.values(), ids=WHOLE_FILES)
def test_a_file_that_is_no_plan_is_refused_in_one_line(import_plan, row_counts, data, line):
    before = row_counts()
    ended = import_plan(data)
    assert (ended.code, ended.out, ended.err) == (1, "", f"{line}\n")
    assert row_counts() == before


def test_a_file_over_20_mb_is_refused(tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    with pytest.raises(DocumentError, match="檔案超過 20 MB"):
        read_file(str(path))


# Keys


@pytest.mark.parametrize(
    ("path", "key"),
    [("", "year"), ("agency", "code"), (FORMULA, "title"), (f"{INPUT}", "symbol"),
     (f"{STAGE}.0", "percent"), ("figures.0", "key"), ("sections.0", "title")],
)  # fmt: skip
def test_a_key_given_twice_is_a_fault_at_every_level(path, key):
    text = json.dumps(changed((joined(path, "twice"), 1)))
    text = text.replace('"twice": 1', f'"{key}": {json.dumps(find(joined(path, key)))}')
    with pytest.raises(DocumentError) as refused:
        read_plan(text.encode())
    assert lines(refused) == [f"{json_path(joined(path, key))}：「{key}」出現不只一次。"]


def find(path):
    node = base()
    for step in path.split("."):
        node = node[int(step)] if step.isdigit() else node[step]
    return node


def lines(refused):
    return [str(fault) for fault in refused.value.faults]


ODD_KEYS = {
    "有字": "$['有字']：不認得「有字」這個鍵。",
    "": "$['']：不認得「」這個鍵。",
    "a b": "$['a b']：不認得「a b」這個鍵。",
    "a.b": "$['a.b']：不認得「a.b」這個鍵。",
    "it's": "$['it\\'s']：不認得「it's」這個鍵。",
    "a\nb": "$['a\\u000ab']：不認得「a\\u000ab」這個鍵。",
    "\ud800": "$['\\ud800']：不認得「\\ud800」這個鍵。",
    "\u2028": "$['\\u2028']：不認得「\\u2028」這個鍵。",
    "Year": "$.Year：不認得「Year」這個鍵。",
    "x" * 100: f"$['{'x' * 40}…']：不認得「{'x' * 40}…」這個鍵。",
    "100%": "$['100%']：不認得「100%」這個鍵。",
    "%(key)s": "$['%(key)s']：不認得「%(key)s」這個鍵。",
}


@pytest.mark.parametrize(("key", "line"), ODD_KEYS.items(), ids=map(ascii, ODD_KEYS))
def test_an_odd_key_is_named_on_one_line(key, line):
    with pytest.raises(DocumentError) as refused:
        read_plan(as_bytes(base() | {key: 1}))
    assert lines(refused) == [line]


# Many mistakes


@pytest.mark.django_db
@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_five_mistakes_are_told_as_five(import_plan, row_counts, options):
    before = row_counts()
    ended = import_plan(
        changed(
            ("agency.code", "Test"),
            (f"{FORMULA}.inputs.0.value", "五十二"),
            (f"{STAGE}.1.percent", "20"),
            ("figures.0.key", MISSING),
            ("sections.0.body", "a\0"),
        ),
        *options,
    )
    assert (ended.code, ended.out) == (1, "")
    assert ended.errors == [
        "$.agency.code：機關代碼應為 2 至 40 個小寫字母、數字或連字號。",
        "$.perspectives[0].goals[0].indicators[0].inputs[0].value："
        "「五十二」不是數字：只能有負號、數字與一個小數點。",
        "$.perspectives[0].goals[0].indicators[1].milestones[1].percent：累計百分比應逐項增加。",
        "$.figures[0]：缺少「key」。",
        "$.sections[0].body：文字含有控制字元 U+0000，請刪除。",
    ]
    assert row_counts() == before


def test_a_weight_that_is_no_number_says_nothing_of_the_sum():
    assert faulty_places(("perspectives.0.goals.0.indicators.0.weight", "forty")) == [
        json_path(f"{FORMULA}.weight")
    ]


def test_an_unknown_method_says_nothing_of_the_keys():
    assert faulty_places((f"{MILESTONES}.method", "staged")) == [json_path(f"{MILESTONES}.method")]


def test_a_percentage_that_is_none_is_not_compared():
    stages = [("20", 0), ("x", 1), ("10", 2), ("150", 3), ("30", 4)]
    milestones = [{"title": "階段", "percent": percent} for percent, _ in stages]
    assert faulty_places((STAGE, milestones)) == [
        json_path(f"{STAGE}.1.percent"),
        json_path(f"{STAGE}.2.percent"),
        json_path(f"{STAGE}.3.percent"),
    ]


def test_a_milestone_that_is_no_object_is_told_once():
    assert faulty_places((STAGE, ["percent", 5, {"title": "完工", "percent": "100"}])) == [
        json_path(f"{STAGE}.0"),
        json_path(f"{STAGE}.1"),
    ]


def test_goal_weights_are_compared_exactly():
    weight = "0." + "1" * 29
    document = changed(
        ("perspectives.0.goals.1.weight", weight), (f"{DIRECT}.weight", weight[:-1] + "2")
    )
    with pytest.raises(DocumentError) as refused:
        read_plan(as_bytes(document))
    assert lines(refused) == [
        f"$.perspectives[0].goals[1].weight：目標權重 {weight} 與其指標權重合計 "
        f"{weight[:-1]}2 不同，請改為一致。"
    ]


def test_a_review_without_one_key_is_still_read():
    review = {"cause": 1, "action": "a", "due": "2019-02-30"}
    assert faulty_places((f"{FORMULA}.review", review)) == [
        json_path(f"{FORMULA}.review"),
        json_path(f"{FORMULA}.review.cause"),
        json_path(f"{FORMULA}.review.due"),
    ]


def test_a_value_with_line_breaks_is_told_on_one_line():
    with pytest.raises(DocumentError) as refused:
        read_plan(as_bytes(changed((f"{INPUT}.symbol", "甲\n%(x)s\u2028"))))
    assert lines(refused) == [
        f"{json_path(INPUT)}.symbol：「甲\\u000a%(x)s\\u2028」不能當公式裡的名稱："
        "用文字開頭，不含空白與符號，且不是函數名。"
    ]


def test_a_hostile_file_is_given_up_after_ten_thousand_mistakes():
    with pytest.raises(DocumentError) as refused:
        read_plan(b'{"figures": [' + b"1," * 2_000_000 + b"1]}")
    assert len(refused.value.faults) == 10_001
    assert lines(refused)[-1] == "$：錯誤超過 10000 項，其餘不再列出。"


def faulty_places(*changes):
    with pytest.raises(DocumentError) as refused:
        read_plan(as_bytes(changed(*changes)))
    return [fault.place for fault in refused.value.faults]
