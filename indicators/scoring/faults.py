"""What can be wrong with a formula's grammar: the sentences, and the checks on arguments."""

from __future__ import annotations

import difflib
import unicodedata

from indicators.scoring.tokens import FormulaError, Kind, Token, shown
from indicators.scoring.tree import ARITY, CONNECTIVES, Node, Number, Sign, is_condition
from indicators.scoring.types import gettext_noop

MAX_PLACES = 6  # decimals of ROUND
_COMPARED_NAMES = 500  # known names looked through for a suggestion,
_COMPARED_LENGTH = 60  # of those up to this many characters


def unexpected(token: Token, opened: Token | None = None) -> FormulaError:
    """Why the formula (or the parenthesis `opened`) cannot go on with `token`."""
    if token.kind is Kind.END and opened is not None:
        return FormulaError(
            gettext_noop("第 %(position)s 個字元：這個左括號沒有對應的右括號，請補上「)」。"),
            opened.position,
        )
    if template := _MISPLACED.get(token.text):
        return FormulaError(template, token.position)
    return FormulaError(
        gettext_noop(
            "第 %(position)s 個字元：「%(text)s」之前缺少運算符號，請補上 + - * / 其中之一。"
        ),
        token.position,
        text=shown(token.text),
    )


_MISPLACED = {
    ")": gettext_noop("第 %(position)s 個字元：這個右括號沒有對應的左括號，請刪除或補上「(」。"),
    ",": gettext_noop(
        "第 %(position)s 個字元：逗號只能用來分隔函數的各項；數字請勿加千分位，例如 1586。"
    ),
    "%": gettext_noop(
        "第 %(position)s 個字元：「%%」只能緊接在數字後面，例如 3%%；其他情形請改寫為 *100%%。"
    ),
}


def no_operand(token: Token) -> FormulaError:
    """Why `token` cannot stand where a number, name or function must."""
    if token.kind is Kind.END:
        return FormulaError(
            gettext_noop(
                "第 %(position)s 個字元：公式還沒寫完，這裡要有數字、名稱、函數或左括號。"
            ),
            token.position,
        )
    return FormulaError(
        gettext_noop(
            "第 %(position)s 個字元：這裡要有數字、名稱、函數或左括號，不能是「%(text)s」。"
        ),
        token.position,
        text=token.text,
    )


def unknown_function(token: Token) -> FormulaError:
    """Why the name before a parenthesis is no function."""
    upper = unicodedata.normalize("NFKC", token.text).upper()
    if upper in ARITY:
        return FormulaError(
            gettext_noop(
                "第 %(position)s 個字元：函數名稱要用半形大寫，"
                "請把「%(name)s」改成「%(function)s」。"
            ),
            token.position,
            name=shown(token.text),
            function=upper,
        )
    return FormulaError(
        gettext_noop(
            "第 %(position)s 個字元：沒有「%(name)s」這個函數，可用的函數是 %(functions)s；"
            "若是相乘，請在括號前加上「*」。"
        ),
        token.position,
        name=shown(token.text),
        functions="、".join(ARITY),
    )


def unknown_name(token: Token, symbols: frozenset[str]) -> FormulaError:
    """Why the name is refused; suggests the known name that is most like it."""
    if suggestion := _closest(token.text, symbols):
        return FormulaError(
            gettext_noop(
                "第 %(position)s 個字元：基礎資料沒有「%(name)s」，是不是「%(suggestion)s」？"
            ),
            token.position,
            name=shown(token.text),
            suggestion=suggestion,
        )
    return FormulaError(
        gettext_noop(
            "第 %(position)s 個字元：基礎資料沒有「%(name)s」，請先新增這項基礎資料，或更正名稱。"
        ),
        token.position,
        name=shown(token.text),
    )


def _closest(name: str, symbols: frozenset[str]) -> str | None:
    """The known name most like `name`, if any is like it."""
    if len(name) > _COMPARED_LENGTH:
        return None
    known = sorted(symbol for symbol in symbols if len(symbol) <= _COMPARED_LENGTH)
    return next(iter(difflib.get_close_matches(name, known[:_COMPARED_NAMES], n=1)), None)


def need_number(node: Node, start: Token) -> None:
    """`node`, which begins at `start`, stands where only a number can."""
    if is_condition(node):
        raise FormulaError(
            gettext_noop(
                "第 %(position)s 個字元：這裡要有數值，不能是條件；"
                "條件只能放在 IF 的第一項，或 AND、OR 裡面。"
            ),
            start.position,
        )


def _need_condition(node: Node, start: Token) -> None:
    """`node`, which begins at `start`, stands where only a condition can."""
    if not is_condition(node):
        raise FormulaError(
            gettext_noop(
                "第 %(position)s 個字元：這裡要有條件，不能是數值；請寫成比較，例如 人數>=10。"
            ),
            start.position,
        )


def check_argument(function: str, index: int, node: Node, start: Token) -> None:
    """Whether `node` can be the argument number `index` (from 0) of `function`."""
    if function in CONNECTIVES or (function == "IF" and index == 0):
        _need_condition(node, start)
    else:
        need_number(node, start)
    if function == "ROUND" and index == 1:
        _check_places(node, start)


def _check_places(node: Node, start: Token) -> None:
    """A written number of decimals is refused here; a computed one when it is known."""
    negative = False
    while isinstance(node, Sign):
        negative ^= node.operator == "-"
        node = node.operand
    if not isinstance(node, Number):
        return
    value = -node.value if negative else node.value
    if value not in range(MAX_PLACES + 1):
        raise FormulaError(
            gettext_noop(
                "第 %(position)s 個字元：ROUND 的小數位數要是 0 到 %(limit)s 的整數，請更正。"
            ),
            start.position,
            limit=MAX_PLACES,
        )


def check_arity(name: Token, count: int) -> None:
    """Whether the function takes `count` arguments."""
    least, most = ARITY[name.text]
    if count < least or (most is not None and count > most):
        raise FormulaError(_ARITY_SENTENCES[least, most], name.position, name=name.text)


_ARITY_SENTENCES = {
    (1, None): gettext_noop("第 %(position)s 個字元：%(name)s 的括號裡至少要有一項。"),
    (1, 1): gettext_noop("第 %(position)s 個字元：%(name)s 的括號裡要正好一項。"),
    (1, 2): gettext_noop("第 %(position)s 個字元：%(name)s 的括號裡要有一項或兩項。"),
    (3, 3): gettext_noop(
        "第 %(position)s 個字元：%(name)s 的括號裡要正好三項：條件、成立時的值、不成立時的值。"
    ),
}
