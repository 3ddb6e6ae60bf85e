"""What changed in an entry since it was returned, and what the other tests of review start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from indicators import actions, models
from indicators.queries import find_indicator, load_indicator
from indicators.records import Review
from indicators.scorecards.changes import Change, since_return
from indicators.scorecards.text_diff import text_diff
from tests.conftest import NOW
from tests.indicators.test_steps import TODAY, stored, with_failed

QUEUE = "/tc-secretariat/107/review/"


def address(row):
    return f"/tc-secretariat/107/indicators/{row.pk}/review/"


def revision(row):
    return models.Indicator.objects.get(pk=row.pk).revision


def status(row):
    return models.Indicator.objects.get(pk=row.pk).status


def value(row):
    return f"{row.pk}:{revision(row)}"


def give_back(row, act, reason="請核對件數", at=NOW, **more):
    actions.return_for_correction(
        indicator_id=row.pk, reason=reason, actor=act("supervisor"), now=at, **more
    )


def save(row, act, entry):
    actions.record_entry(
        indicator_id=row.pk, entry=entry, revision=revision(row), actor=act("clerk"), now=NOW
    )


def plainly(_record, text):
    return text


def comparison(row):
    found = find_indicator(row.plan, row.pk)
    return since_return(found, load_indicator(found), plainly)


# What changed -------------------------------------------------------------------------------------


def test_never_returned_is_nothing_to_compare(row, hand_in):
    hand_in(row)
    assert comparison(row) is None


def test_a_number_and_the_actual_that_follows_from_it_are_set_side_by_side(row, hand_in, act):
    hand_in(row)
    give_back(row, act)
    save(row, act, with_failed(stored(row), "151"))
    found = comparison(row)
    # 147/1,586 is 9.3 %, 151/1,586 is 9.5 %
    assert found.changes == (
        Change("實際值（%）", "9.3", "9.5", "＋0.2"),
        Change("流廢標列管件數（件）", "147", "151", "＋4"),
    )
    assert found.unchanged == ("公告金額以上之工程採購招標案件數（件）", "達成情形分析")


def test_rows_of_a_list_are_compared_by_their_label(secretariat, hand_in, act):
    row = secretariat.indicators.get(lineage="basic-class-pass-rate")
    hand_in(row)
    give_back(row, act)
    entry = stored(row)
    symbol = next(name for name, rows in entry.inputs.items() if isinstance(rows, tuple))
    first, *rest = entry.inputs[symbol]
    rows = (replace(first, value=first.value - 1), *rest)
    save(row, act, replace(entry, inputs={**entry.inputs, symbol: rows}))
    changes = [c for c in comparison(row).changes if first.label in c.label]
    assert [(c.before, c.after, c.difference) for c in changes] == [
        (str(first.value), str(first.value - 1), "−1")
    ]


def test_texts_dates_and_stages_are_compared_as_people_read_them(row, hand_in, act):
    hand_in(row)
    give_back(row, act)
    entry = stored(row)
    review = Review("工期短", "提早招標", "採購管理科", date(2019, 6, 30))
    save(row, act, replace(entry, analysis=entry.analysis + "\n已更正。", review=review))
    changes = {c.label: c for c in comparison(row).changes}
    assert changes["改善的完成期限"] == Change("改善的完成期限", "—", "108年6月30日")
    assert changes["未達原因"].pieces == (("ins", "工期短"),)
    assert changes["達成情形分析"].pieces[-1] == ("ins", "\n已更正。")


def test_evidence_added_and_withdrawn_since_is_named(row, hand_in, act, users):
    hand_in(row)
    give_back(row, act, at=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    old = row.evidence.get(about="流廢標件數")
    models.Evidence.objects.filter(pk=old.pk).update(withdrawn_at=later)
    new = models.Evidence.objects.create(
        indicator=row,
        about="流廢標件數",
        kind="document",
        name="中市秘採字第2號",
        dated=TODAY,
        added_at=later,
        added_by=users["clerk"],
    )
    found = comparison(row)
    assert [(e.pk, e.place, e.is_added) for e in found.evidence] == [
        (old.pk, "流廢標列管件數的佐證資料", False),
        (new.pk, "流廢標列管件數的佐證資料", True),
    ]
    assert found.count == 2


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", ()),
        ("同", "同", (("same", "同"),)),
        ("共151件", "共147件", (("same", "共"), ("del", "151"), ("ins", "147"), ("same", "件"))),
        ("9.5%", "9.3%", (("del", "9.5%"), ("ins", "9.3%"))),
        ("甲\n乙\n", "甲\n", (("same", "甲\n"), ("del", "乙\n"))),
        (
            "前" * 70 + "1",
            "前" * 70 + "2",
            (("same", "……" + "前" * 30), ("del", "1"), ("ins", "2")),
        ),
    ],
)
def test_text_diff_by_words(before, after, pieces):
    assert text_diff(before, after) == pieces


def test_a_very_long_text_is_compared_at_once():
    pieces = text_diff("一二三" * 30_000, "一二四" * 30_000)
    assert [kind for kind, _text in pieces] == ["del", "ins"]
