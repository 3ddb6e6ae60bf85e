"""From what a browser posts to an entry, and back to what the fields show."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from indicators.entries import (
    Stage,
    Typed,
    TypedTable,
    typed_from_record,
    typed_from_text,
    with_block,
    with_entry,
    with_rows_changed,
)
from indicators.forms.entry import read_entry, typed_from_post
from indicators.records import IndicatorRecord, Review
from indicators.scoring.types import InputRow, Method, Milestone
from tests.indicators.test_entry_checks import DIRECT, PASS_RATE, replace

LISTS = IndicatorRecord(spec=PASS_RATE, analysis="已達成。")
STAGED = IndicatorRecord(
    spec=replace(
        DIRECT,
        method=Method.MILESTONES,
        actual=None,
        milestones=(Milestone("規劃", Decimal(25), None), Milestone("完工", Decimal(100), None)),
    )
)


def post(**values) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name.replace("_", "-"), value if isinstance(value, list) else [value])
    return data


def test_lists_with_the_same_labels_stand_in_one_table():
    typed = typed_from_record(LISTS)
    assert typed.tables == (TypedTable((0, 1), ("第1期", "第2期"), (("64", "63"), ("70", "70"))),)


def test_what_is_stored_reads_back_as_it_is():
    entry, faults = read_entry(typed_from_record(LISTS), LISTS)
    assert faults == []
    assert with_entry(LISTS, entry) == LISTS


def test_a_posted_table_becomes_rows():
    typed = typed_from_post(
        post(
            table_0="0,1",
            label_0=["第1期", "", "第3期", ""],
            c_0=["６４", "1", "", ""],
            c_1=["1,070", "2", "", ""],
            block_0="",
            analysis="甲\r\n乙",
        ),
        LISTS,
    )
    entry, faults = read_entry(typed, LISTS)
    assert faults == []
    assert entry.inputs["受訓"] == (
        InputRow("第1期", Decimal(1070)),
        InputRow("第 2 列", Decimal(2)),
        InputRow("第3期", None),  # not entered is not zero
    )
    assert entry.inputs["取得"][0].value == Decimal(64)
    assert entry.analysis == "甲\n乙"


def test_a_cell_that_is_no_number_is_named_with_its_row_and_column():
    typed = typed_from_post(
        post(table_0="0,1", label_0=["第1期"], c_0=["七十"], c_1=["70"], block_0=""), LISTS
    )
    entry, faults = read_entry(typed, LISTS)
    assert [(f.field, f.row, str(f.sentence)) for f in faults] == [
        ("input:取得", 0, "第1期 取得：「七十」不是數字，請填數字，例如 1586 或 18.7。")
    ]
    assert entry.inputs["取得"] == (InputRow("第1期", None),)


@pytest.mark.parametrize("table", ["", "0", "0,1,1", "7", "x", "0,0", "²", "9" * 5000, "0,1" * 9])
def test_a_post_with_other_lists_than_the_indicator_has_falls_back_to_the_stored(table):
    typed = typed_from_post(post(table_0=table, label_0=["甲"], c_0=["1"], block_0=""), LISTS)
    assert typed.tables == typed_from_record(LISTS).tables


def test_what_a_cut_off_page_does_not_send_stays_as_it_is_stored():
    stored = replace(LISTS, review=Review("因", "策", "採購科", date(2019, 6, 30)))
    posted = post(table_0="0,1", label_0=["第1期"], c_0=["1"])  # cut off inside the table
    assert typed_from_post(posted, stored) == typed_from_record(stored)


def test_stages_that_are_not_sent_stay_as_they_are_stored():
    spec = STAGED.spec
    done = (Milestone("規劃", Decimal(25), True, date(2019, 3, 1)), *spec.milestones[1:])
    none = tuple(replace(stage, done=False) for stage in spec.milestones)
    for milestones in (done, none):
        stored = IndicatorRecord(spec=replace(spec, milestones=milestones), analysis="已達成。")
        assert typed_from_post(post(), stored) == typed_from_record(stored)


def test_a_draft_reads_back_as_it_was_typed():
    typed = typed_from_post(
        post(
            table_0="0,1",
            label_0=["甲", "乙"],
            c_0=["七十", ""],
            c_1=["1", "2"],
            block_0="",
            due="無",
        ),
        LISTS,
    )
    assert typed.tables[0].labels == ("甲", "乙")
    assert typed_from_text(typed.as_text(), LISTS) == typed


def test_a_draft_of_an_indicator_that_was_redefined_keeps_what_still_fits():
    draft = typed_from_record(LISTS).as_text()
    assert typed_from_text(draft, STAGED) == Typed(
        stages=typed_from_record(STAGED).stages, analysis="已達成。"
    )


@pytest.mark.parametrize(
    ("posted", "stages"),
    [
        ({}, (Stage(None), Stage(None))),
        ({"none_done": "on"}, (Stage(False), Stage(False))),
        (
            {"done_0": "on", "done_on_0": "108/3/1"},
            (Stage(True, date(2019, 3, 1)), Stage(False)),
        ),
    ],
)
def test_stages_are_entered_once_one_is_ticked_or_none_is_the_answer(posted, stages):
    entry, faults = read_entry(typed_from_post(post(**posted), STAGED), STAGED)
    assert (entry.stages, faults) == (stages, [])


def test_a_date_without_its_tick_is_asked_about():
    typed = typed_from_post(post(done_0="on", done_on_1="108/3/1"), STAGED)
    _entry, faults = read_entry(typed, STAGED)
    assert [fault.field for fault in faults] == ["stage:2"]


def test_review_is_read_with_its_roc_date():
    typed = typed_from_post(
        post(cause="因", action="策", responsible=" 採購科 ", due="108/6/30"), LISTS
    )
    entry, _ = read_entry(typed, LISTS)
    assert entry.review == Review("因", "策", "採購科", date(2019, 6, 30))


def test_control_characters_do_not_come_in():
    typed = typed_from_post(post(analysis="a\x00b\x0bc\td"), LISTS)
    assert typed.analysis == "abc\td"


def table_of(typed):
    return list(typed.tables[0].rows())


def test_rows_are_added_removed_and_moved():
    typed = typed_from_record(LISTS)
    assert table_of(with_rows_changed(typed, 0, "add"))[-1] == ("", ("", ""))
    assert table_of(with_rows_changed(typed, 0, "remove", 0)) == [("第2期", ("63", "70"))]
    assert [label for label, _ in table_of(with_rows_changed(typed, 0, "down", 0))] == [
        "第2期",
        "第1期",
    ]
    for change, row in [("up", 0), ("down", 1), ("remove", 9), ("explode", 0)]:
        assert with_rows_changed(typed, 0, change, row) == typed
    assert with_rows_changed(typed, 5, "add") == typed


def test_a_block_with_labels_replaces_the_rows():
    typed = with_block(typed_from_record(LISTS), 0, "春班\t1,064\t１１００\r\n秋班\t60\n\n")
    assert table_of(typed) == [("春班", ("1,064", "１１００")), ("秋班", ("60", ""))]


def test_a_block_of_values_alone_keeps_the_labels():
    typed = with_block(typed_from_record(LISTS), 0, "1\t2\n3\t4\n5\t6")
    assert table_of(typed) == [("第1期", ("1", "2")), ("第2期", ("3", "4")), ("", ("5", "6"))]
