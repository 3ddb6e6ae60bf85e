"""Work statistics: typed, saved cell by cell, refused, and what happens when two people save."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from indicators import actions, models
from indicators.figures import FigureEdit
from indicators.permissions import NotAllowed
from tests.conftest import NOW
from tests.indicators.test_pages import text
from tests.indicators.work_scenes import acting, counted, person

PATH = "/tc-secretariat/107/figures/"


@pytest.fixture
def figures(secretariat):
    """The first three, of which the second is of 採購管理科."""
    rows = list(secretariat.figures.order_by("position")[:3])
    unit = secretariat.agency.units.get(name="採購管理科")
    models.Figure.objects.filter(pk=rows[1].pk).update(owner=unit)
    return rows


@pytest.fixture
def clerk(secretariat, figures):
    unit = secretariat.agency.units.get(name="採購管理科")
    return person("王承辦", "clerk", secretariat.agency, unit)


@pytest.fixture
def clerk_of_all(secretariat, figures):
    return person("陳承辦", "clerk", secretariat.agency)


def stored(row: models.Figure) -> tuple[str, str]:
    fresh = models.Figure.objects.get(pk=row.pk)
    return "" if fresh.value is None else format(fresh.value, "f"), fresh.source


def typed(client, **changes: str) -> dict[str, str]:
    """What a browser sends: the page's fields, some of them typed anew."""
    page = client.get(PATH)
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {**data, "started": form.started_text(), "asked": "", **changes}


def again(page, **changes: str) -> dict[str, str]:
    """What a browser sends from a page that came back."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {**data, "started": form.started_text(), "asked": form.asked_text(), **changes}


def events() -> list[models.AuditEvent]:
    return list(models.AuditEvent.objects.filter(action="figures").order_by("pk"))


def edit(row: models.Figure, now: str, was: str | None = None, field: str = "value") -> FigureEdit:
    start = stored(row)[0 if field == "value" else 1] if was is None else was
    return FigureEdit(row.pk, field, start, now)


# The action ---------------------------------------------------------------------------------------


def save(secretariat, user, *edits: FigureEdit) -> int:
    return actions.record_figures(plan_id=secretariat.pk, edits=edits, actor=acting(user), now=NOW)


def test_saving_stores_the_cell_and_one_event_with_both_values(secretariat, figures, clerk):
    row = figures[1]
    before = stored(row)[0]
    assert save(secretariat, clerk, edit(row, "1633")) == 1
    assert stored(row) == ("1633", row.source)
    (event,) = events()
    assert event.content()["before"] == {"value": before}
    assert event.content()["after"] == {"value": "1633"}
    assert (event.actor, event.object_kind, event.object_id) == (clerk, "figure", row.pk)
    assert event.object_label == row.label


def test_saving_two_cells_of_a_figure_is_one_event(secretariat, figures, clerk):
    row = figures[1]
    save(secretariat, clerk, edit(row, "5"), edit(row, "人事室", field="source"))
    assert stored(row) == ("5", "人事室")
    assert len(events()) == 1


def test_saving_what_is_stored_changes_nothing(secretariat, figures, clerk):
    assert save(secretariat, clerk, edit(figures[1], stored(figures[1])[0])) == 0
    assert events() == []


def test_a_number_written_otherwise_is_a_change(secretariat, figures, clerk):
    models.Figure.objects.filter(pk=figures[1].pk).update(value=Decimal("18.7"))
    assert save(secretariat, clerk, edit(figures[1], "18.70")) == 1
    assert stored(figures[1])[0] == "18.70"


def test_emptied_is_empty_and_not_zero(secretariat, figures, clerk):
    save(secretariat, clerk, edit(figures[1], ""))
    assert models.Figure.objects.get(pk=figures[1].pk).value is None
    assert events()[0].content()["after"] == {"value": None}


def test_a_cell_that_somebody_changed_since_is_not_overwritten(
    secretariat, figures, clerk, clerk_of_all
):
    first, row = figures[:2]
    start = stored(row)[0]
    save(secretariat, clerk_of_all, edit(row, "7"))
    with pytest.raises(actions.FiguresClash) as clash:
        save(secretariat, clerk_of_all, edit(first, "1"), edit(row, "8", was=start))
    (found,) = clash.value.clashes
    assert (found.theirs, found.by, found.at) == ("7", "陳承辦", NOW)
    assert (stored(row)[0], stored(first)[0]) == ("7", format(first.value, "f"))


def test_who_wants_what_is_stored_by_now_has_no_clash(secretariat, figures, clerk, clerk_of_all):
    start = stored(figures[1])[0]
    save(secretariat, clerk_of_all, edit(figures[1], "7"))
    assert save(secretariat, clerk, edit(figures[1], "7", was=start)) == 0


def test_clerk_of_a_unit_saves_no_figure_of_another(secretariat, figures, clerk):
    with pytest.raises(NotAllowed):
        save(secretariat, clerk, edit(figures[1], "5"), edit(figures[0], "5"))
    assert events() == []


@pytest.mark.parametrize("role", ["supervisor", "reviewer", "administrator", "auditor"])
def test_other_roles_do_not_save(role, secretariat, figures, users):
    with pytest.raises(NotAllowed):
        save(secretariat, users[role], edit(figures[0], "5"))


@pytest.mark.parametrize("role", ["clerk", "plan_manager"])
def test_who_has_the_whole_agency_saves_all(role, secretariat, figures, users):
    assert save(secretariat, users[role], *(edit(row, "5") for row in figures)) == 3


@pytest.mark.parametrize("status", ["approved", "reviewed"])
def test_closed_plan_is_locked(status, secretariat, figures, clerk):
    models.Plan.objects.update(status=status)
    with pytest.raises(NotAllowed, match="欄位鎖定"):
        save(secretariat, clerk, edit(figures[1], "5"))


def test_figure_of_another_plan_is_left_alone(secretariat, figures, clerk_of_all, seed_record):
    other = actions.replace_plan(replace(seed_record, year=106), by=None, now=NOW)
    row = other.figures.order_by("position")[0]
    assert save(secretariat, clerk_of_all, edit(row, "5")) == 0
    assert stored(row)[0] != "5"


# The page -----------------------------------------------------------------------------------------


def test_page_has_fields_for_the_unit_s_figures_alone(figures, clerk, sign_in):
    body = sign_in(clerk).get(PATH).content.decode()
    assert f'name="value-{figures[1].pk}"' in body
    assert f'name="value-{figures[0].pk}"' not in body
    assert "data-grid" in body
    assert body.count("btn-primary") == 1


def test_reader_sees_numbers_and_no_form(figures, users, sign_in):
    page = sign_in(users["supervisor"]).get(PATH)
    assert '<form method="post" novalidate' not in page.content.decode()
    assert figures[0].label in text(page)


def test_typed_in_full_width_with_separators_is_saved(figures, clerk, sign_in):
    client = sign_in(clerk)
    cell = f"value-{figures[1].pk}"
    page = client.post(PATH, typed(client, **{cell: "１，６３３"}), follow=True)
    assert "已儲存 1 個數據。" in text(page)
    assert stored(figures[1])[0] == "1633"
    assert f'name="{cell}" value="1,633"' in page.content.decode()


def test_page_sent_back_as_it_was_changes_nothing(figures, clerk_of_all, sign_in):
    models.Figure.objects.filter(pk=figures[1].pk).update(source=" 人事室\n統計表 ")
    client = sign_in(clerk_of_all)
    sent = typed(client, **{f"source-{figures[1].pk}": "人事室統計表"})  # as one line holds it
    page = client.post(PATH, sent, follow=True)
    assert "沒有變更，不必儲存。" in text(page)
    assert events() == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("12%", "請只填數字，不加單位或百分比符號"),
        ("很多", "不是數字"),
        ("1,63", "千分位位置不對"),
        ("1" * 31, "最多 30 位數字"),
        ("1" * 300, "最多 30 位數字"),
    ],
)
def test_bad_number_is_a_sentence_and_nothing_is_saved(number, sentence, figures, clerk, sign_in):
    client = sign_in(clerk)
    cells = {f"value-{figures[1].pk}": number, f"source-{figures[1].pk}": "新來源"}
    page = client.post(PATH, typed(client, **cells))
    assert page.status_code == 200
    assert text(page).count(sentence) == 2  # in the summary and at the field
    assert f'href="#value-{figures[1].pk}"' in page.content.decode()
    assert events() == []


@pytest.mark.parametrize("source", ["\x00", "a\x07b", "字" * 2001])
def test_bad_source_is_a_sentence(source, figures, clerk, sign_in):
    client = sign_in(clerk)
    page = client.post(PATH, typed(client, **{f"source-{figures[1].pk}": source}))
    assert page.status_code == 200
    assert "資料來源" in text(page)
    assert events() == []


@pytest.mark.parametrize("started", ["", "[]", "{", "null", '{"value-1": 3}', "[" * 10_000])
def test_form_without_its_start_is_refused(started, figures, clerk, sign_in):
    client = sign_in(clerk)
    page = client.post(PATH, typed(client, started=started))
    assert "表單不完整，沒有儲存。" in text(page)


def test_clash_shows_both_values_and_saves_nothing(
    secretariat, figures, clerk, clerk_of_all, sign_in
):
    client = sign_in(clerk)
    cell = f"value-{figures[1].pk}"
    mine = typed(client, **{cell: "8"})
    save(secretariat, clerk_of_all, edit(figures[1], "7"))
    page = client.post(PATH, mine)
    assert page.status_code == 409
    assert "已存的：7" in text(page)
    assert "您填的：8" in text(page)
    assert "由陳承辦改過" in text(page)
    assert stored(figures[1])[0] == "7"


@pytest.mark.parametrize(("pick", "kept"), [("mine", "8"), ("theirs", "7")])
def test_after_a_clash_the_person_chooses(
    pick, kept, secretariat, figures, clerk, clerk_of_all, sign_in
):
    client = sign_in(clerk)
    cell = f"value-{figures[1].pk}"
    mine = typed(client, **{cell: "8", f"source-{figures[1].pk}": "我的來源"})
    save(secretariat, clerk_of_all, edit(figures[1], "7"))
    page = client.post(PATH, mine)
    page = client.post(PATH, again(page, **{f"pick-{cell}": pick}))
    assert page.status_code == 302
    assert stored(figures[1]) == (kept, "我的來源")


def test_after_a_clash_nothing_is_chosen_for_the_person(
    secretariat, figures, clerk, clerk_of_all, sign_in
):
    client = sign_in(clerk)
    mine = typed(client, **{f"value-{figures[1].pk}": "8"})
    save(secretariat, clerk_of_all, edit(figures[1], "7"))
    page = client.post(PATH, again(client.post(PATH, mine)))
    assert "請選擇要保留哪一個。" in text(page)
    assert stored(figures[1])[0] == "7"


def test_second_clash_of_the_same_cell_is_asked_again(
    secretariat, figures, clerk, clerk_of_all, sign_in
):
    client = sign_in(clerk)
    cell = f"value-{figures[1].pk}"
    mine = typed(client, **{cell: "8"})
    save(secretariat, clerk_of_all, edit(figures[1], "7"))
    page = client.post(PATH, mine)
    save(secretariat, clerk_of_all, edit(figures[1], "9"))
    page = client.post(PATH, again(page, **{f"pick-{cell}": "mine"}))
    assert page.status_code == 409
    assert "已存的：9" in text(page)
    assert "checked" not in re.search(r'value="mine"[^>]*>', page.content.decode()).group()


def test_choice_made_stays_made_when_another_cell_clashes(
    secretariat, figures, clerk_of_all, users, sign_in
):
    """What the other's value was kept for is not saved as one's own the next time."""
    client = sign_in(users["plan_manager"])
    first, second = (f"value-{row.pk}" for row in figures[:2])
    mine = typed(client, **{first: "1", second: "8"})
    save(secretariat, clerk_of_all, edit(figures[0], "70"))
    page = client.post(PATH, mine)
    save(secretariat, clerk_of_all, edit(figures[1], "71"))
    page = client.post(PATH, again(page, **{f"pick-{first}": "theirs"}))
    assert page.status_code == 409
    picks = {f"pick-{first}": "theirs", f"pick-{second}": "mine"}
    assert client.post(PATH, again(page, **picks)).status_code == 302
    assert (stored(figures[0])[0], stored(figures[1])[0]) == ("70", "8")


@pytest.mark.parametrize("role", ["supervisor", "reviewer"])
def test_post_of_who_may_not_is_refused_with_a_sentence(role, figures, users, sign_in):
    page = sign_in(users[role]).post(PATH, {})
    assert page.status_code == 403
    assert "您的角色不能操作" in text(page)


def test_post_to_a_locked_plan_is_refused_with_a_sentence(figures, clerk_of_all, sign_in):
    models.Plan.objects.update(status="approved")
    client = sign_in(clerk_of_all)
    assert "欄位鎖定" in text(client.get(PATH))
    page = client.post(PATH, {})
    assert page.status_code == 403
    assert "欄位鎖定" in text(page)


def test_foreign_and_unknown_plans_are_a_404(figures, other_agency, make_user, sign_in):
    client = sign_in(make_user("clerk", other_agency))
    assert client.post(PATH, {}).status_code == 404
    assert client.get("/tc-secretariat/99/figures/").status_code == 404


def test_plan_without_figures_says_why_it_is_empty(secretariat, sign_in, users):
    secretariat.figures.all().delete()
    assert "這份計畫沒有業務數據" in text(sign_in(users["clerk"]).get(PATH))


def test_stored_text_is_shown_as_text(figures, clerk, sign_in):
    models.Figure.objects.filter(pk=figures[1].pk).update(source='"><script>alert(1)</script>')
    assert "<script>alert" not in sign_in(clerk).get(PATH).content.decode()


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_takes_the_same_queries_whatever_its_length(number, secretariat, users, sign_in):
    kept = list(secretariat.figures.order_by("pk").values_list("pk", flat=True)[:number])
    secretariat.figures.exclude(pk__in=kept).delete()
    assert counted(sign_in(users["clerk"]), PATH) == 8


def test_started_cells_are_those_that_are_stored(figures, clerk, sign_in):
    started = json.loads(sign_in(clerk).get(PATH).context["form"].started_text())
    assert started == {
        f"value-{figures[1].pk}": format(figures[1].value, "f"),
        f"source-{figures[1].pk}": figures[1].source,
    }
