"""Staff text as the audit reads it: half-width, without blanks, cut into sentences and clauses."""

from __future__ import annotations

import re
from functools import lru_cache

_HALF_WIDTH = {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)}
for kept in "，；！？":  # punctuation of Chinese sentences
    del _HALF_WIDTH[kept]
_HALF_WIDTH |= dict.fromkeys("\u2212\u2013﹣", "-") | dict.fromkeys("\u2215\u2044", "/")
_HALF_WIDTH |= {"〔": "(", "〕": ")", "【": "[", "】": "]", "\u2217": "*", "﹢": "+", "﹪": "%"}
_TABLE = str.maketrans(_HALF_WIDTH)
_WIDE_GROUPS = re.compile(r"[０-９]{1,3}(?:，[０-９]{3}){1,9}(?![０-９])")
_LATEX = (("\\%", "%"), ("\\times", "×"), ("\\div", "÷"))
_TIMES = re.compile(r"(?<=[\d)人件元名次])[xX](?=[\d(])")
_ABOUT = re.compile(r"=(?:大?約|近)")
_ADDRESS = re.compile(r"https?://[!-~]+|[\w.+-]{1,64}@[\w.-]+")

CLAUSE_ENDS = "，。；;、:(!！?？「」"
SENTENCE_ENDS = "。！？"
_LONGEST_CLAUSE = 60
_YEAR = re.compile(r"(?<!\d)(\d{2,4})年")
_ONLY_YEAR = re.compile(r"(?:民國)?(\d{2,4})年度?")
_OTHER_PERIOD = re.compile(
    r"上年|去年|前年|前[一1]年|上[一1]年|歷年|近[\d一二三四五六七八九十]+年|半年|\d季|[一二三四各每]季"
    r"|明年|次年|未來|中程|長程|預[計估定期]|截至|平均|每[月日週人]|各階段|\d階段"
)


@lru_cache(maxsize=4096)
def normalised(text: str) -> str:
    """Half-width signs and digits, no blanks but between two numbers or words."""
    for latex, sign in _LATEX:
        text = text.replace(latex, sign)
    text = _ADDRESS.sub("#", text)
    text = _WIDE_GROUPS.sub(lambda match: match[0].replace("，", ","), text)
    text = re.sub(r"\s+", _blank, text.translate(_TABLE))
    return _ABOUT.sub("≒", _TIMES.sub("×", text))


def _blank(match: re.Match[str]) -> str:
    """One blank where leaving it out would join two numbers or words."""
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    joins = after.isascii() and after.isalnum() and before.isascii()
    return " " if joins and (before.isalnum() or before in {".", ","}) else ""


def clause_before(text: str, position: int) -> str:
    """What stands before `position` in its clause; with the year if that is a clause itself."""
    start = _last_end(text, position, CLAUSE_ENDS)
    clause = text[start:position]
    earlier = text[_last_end(text, start - 1, CLAUSE_ENDS) : start - 1] if start > 0 else ""
    return earlier + clause if _ONLY_YEAR.fullmatch(earlier) else clause


def _last_end(text: str, position: int, ends: str) -> int:
    """The index behind the last of `ends` before `position`, not looking back too far."""
    least = max(0, position - _LONGEST_CLAUSE)
    for index in range(position - 1, least - 1, -1):
        if text[index] in ends:
            return index + 1
    return least


def sentence_starts(text: str) -> list[int]:
    return [0, *(index + 1 for index, sign in enumerate(text) if sign in SENTENCE_ENDS)]


def years_of(text: str) -> list[int]:
    """The years that a text names, as ROC years."""
    years = map(int, _YEAR.findall(text))
    return [year - 1911 if year > 1911 else year for year in years]


def year_of(clause: str) -> int | None:
    """The last year that a clause names, as an ROC year."""
    years = years_of(clause)
    return years[-1] if years else None


def is_other_period(clause: str, year: int) -> bool:
    """Whether a clause speaks of another year, a part of the year, or a plan for later."""
    named = year_of(clause)
    return (named is not None and named != year) or bool(_OTHER_PERIOD.search(clause))


def bigrams(text: str) -> set[str]:
    """Pairs of neighbouring Chinese characters: what two wordings have in common."""
    return {
        text[index : index + 2]
        for index in range(len(text) - 1)
        if "\u4e00" <= text[index] <= "\u9fff" and "\u4e00" <= text[index + 1] <= "\u9fff"
    }
