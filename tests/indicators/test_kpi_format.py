from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from indicators.scoring.types import Sentence
from indicators.templatetags import kpi_format

ROW = Sentence("%(name)s第 %(number)s 列", {"name": "甲", "number": 2})


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("1234.50"), "1,234.5"), (Decimal(0), "0"), (None, "—")],
)
def test_number_has_a_dash_only_for_what_is_missing(value, shown):
    assert kpi_format.number(value) == shown


@pytest.mark.parametrize(("value", "shown"), [("", "—"), (None, "—"), (0, 0), ("甲", "甲")])
def test_dash_keeps_what_is_there(value, shown):
    assert kpi_format.dash(value) == shown


@pytest.mark.parametrize(
    ("day", "language", "shown"),
    [
        (date(2018, 12, 31), "zh-hant", "107年12月31日"),
        (date(1912, 1, 1), "zh-hant", "1年1月1日"),
        (date(1911, 10, 10), "zh-hant", "民國前1年10月10日"),
        (date(2018, 12, 31), "en", "31 December 2018"),
        (None, "zh-hant", "—"),
    ],
)
def test_roc_date_follows_the_language(day, language, shown):
    with override(language):
        assert kpi_format.roc_date(day) == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [("zh-hant", "尚未填報：甲第 2 列。"), ("en", "Not yet reported: 甲, row 2.")],
)
def test_sentence_is_translated_before_it_is_filled_in(language, shown):
    with override(language):
        assert kpi_format.sentence(Sentence("尚未填報：%(first)s。", {"first": ROW})) == shown


def test_sentence_without_values_keeps_its_percent_sign():
    assert kpi_format.sentence(Sentence("100%")) == "100%"


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("357/410*100%=87%", "357/<wbr>410*<wbr>100%<wbr>=87%"),
        ("IF(1>=2,1,0)=0", "IF(1&gt;=2,1,0)<wbr>=0"),
        ("<b>&", "&lt;b&gt;&amp;"),
    ],
)
def test_calculation_breaks_at_operators_and_escapes(written, html):
    assert kpi_format.calculation(written) == html
