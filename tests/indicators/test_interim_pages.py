"""The page of interim values and its settings: who sees what, typed, refused, and two at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators import actions, models
from indicators.interim_queries import load_interim
from indicators.queries import find_indicator, load_indicator
from indicators.scorecards.interim_page import interim_page, table
from indicators.scoring.types import LowerPolicy
from indicators.views.access import today
from tests.conftest import NOW
from tests.indicators.test_interims import FAILED, TENDERS, edit, fill, save, stored, year
from tests.indicators.test_pages import text
from tests.indicators.work_scenes import counted, person, record, submit


@pytest.fixture
def row(secretariat) -> models.Indicator:
    """Followed by quarter, at the target in each; of its inputs one is summed."""
    row = secretariat.indicators.get(lineage="failed-tender-rate")
    row.period, row.path = "quarter", "level"
    row.save(update_fields=["period", "path"])
    row.inputs.filter(symbol=FAILED).update(gather="sum", value=None)
    return row


@pytest.fixture
def clerk(secretariat):
    unit = secretariat.agency.units.get(name="採購管理科")
    return person("王承辦", "clerk", secretariat.agency, unit)


@pytest.fixture
def path(row):
    return f"/tc-secretariat/107/indicators/{row.pk}/interim/"


def typed(client, path: str, **cells: str) -> dict[str, str]:
    """What a browser sends: the page's fields, some of them typed anew. `q1`: the first quarter."""
    page = client.get(path)
    return again(page, **{f"v-0-{name[1:]}": value for name, value in cells.items()})


def again(page, **changes: str) -> dict[str, str]:
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {**data, "started": form.started_text(), "asked": form.asked_text(), **changes}


# The page -----------------------------------------------------------------------------------------


def test_clerk_has_a_field_for_each_period_and_one_primary_button(clerk, path, sign_in):
    body = sign_in(clerk).get(path).content.decode()
    assert [f'name="v-0-{n}"' in body for n in (1, 4, 5)] == [True, True, False]
    assert "data-grid" in body
    assert body.count("btn-primary") == 1


def test_period_that_has_not_begun_has_no_field(row, clerk, sign_in):
    models.Plan.objects.update(year=today().year - 1911 + 1)
    page = sign_in(clerk).get(f"/tc-secretariat/{today().year - 1910}/indicators/{row.pk}/interim/")
    assert 'name="v-0-1"' not in page.content.decode()
    assert text(page).count("還沒有開始") == 4
    assert "第一季還沒有結束。" in text(page)


def test_reader_sees_values_path_and_pace_and_no_form(row, clerk, path, users, sign_in):
    fill(row, clerk, "40", "300")  # of 1,586: 2.5 %, 21.4 %; at most 11.5 %
    page = sign_in(users["auditor"]).get(path)
    words = text(page).replace(" .", ".")
    assert 'name="v-0-1"' not in page.content.decode()
    assert "第 2 季底的實際值 21.4" in words
    assert "第 1 季 40 2.5 11.5 符合進度" in words
    assert "第 2 季 300 21.4 11.5 落後進度" in words
    assert "第 3 季 — — 11.5 尚未填報" in words


def test_gap_is_said_where_it_hides_the_actual(row, clerk, path, sign_in):
    save(row, clerk, edit(row, 1, "40"), edit(row, 3, "40"))
    assert "尚缺第 2 季的數值。" in text(sign_in(clerk).get(path))


def test_forecast_states_its_method_and_how_sure_it_is(row, clerk, path, sign_in):
    fill(row, clerk, "40", "41", "39")
    words = text(sign_in(clerk).get(path))
    assert "以目前的數值，加上其餘 1 季、每季照今年 3 季的平均 2.533 推估。" in words  # 7.6 ÷ 3
    assert "各期的高低照舊時，年底有 80% 的機會介於" in words
    assert "整個預測範圍都達到目標" in words


def test_few_values_are_said_to_be_too_few(row, clerk, path, sign_in):
    fill(row, clerk, "40")
    words = text(sign_in(clerk).get(path))
    assert "數值太少，無法預測：今年有 1 季的數值，至少要 3 季" in words
    assert "預測年底" not in words


def test_last_year_stands_beside_the_same_period(row, clerk, path, sign_in, seed_record):
    old = actions.replace_plan(replace(seed_record, year=106), by=None, now=NOW)
    before = old.indicators.get(lineage="failed-tender-rate")
    models.Indicator.objects.filter(pk=before.pk).update(period="quarter")
    before.inputs.filter(symbol=FAILED).update(gather="sum")
    fill(models.Indicator.objects.get(pk=before.pk), clerk, "50", "50")
    fill(row, clerk, "40", "41")
    page = sign_in(clerk).get(path)
    assert "去年（106）同期 6.3" in text(page)
    assert "kp-c-line--earlier" in page.content.decode()


def test_chart_has_the_path_and_its_numbers_stand_in_the_table(row, clerk, path, sign_in):
    fill(row, clerk, "40", "41", "39")
    body = sign_in(clerk).get(path).content.decode()
    assert [f"kp-c-line--{kind}" in body for kind in ("actual", "path", "forecast")] == [True] * 3
    assert "kp-c-band" in body
    assert "第 3 季底實際 7.6" in body


@pytest.mark.parametrize(
    ("role", "sentence", "can_set"),
    [("auditor", "研考承辦設定每月或每季填報後", False), ("plan_manager", "設定每月或每季", True)],
)
def test_what_is_not_followed_says_so(role, sentence, can_set, row, path, users, sign_in):
    models.Indicator.objects.filter(pk=row.pk).update(period="")
    page = sign_in(users[role]).get(path)
    assert "這項指標沒有期中追蹤" in text(page)
    assert sentence in text(page)
    assert ("interim/settings/" in page.content.decode()) is can_set


def test_staged_work_shows_its_stages_by_month(row, path, clerk, sign_in):
    models.Indicator.objects.filter(pk=row.pk).update(method="milestones", formula="", period="")
    models.Milestone.objects.create(
        indicator=row, position=0, title="一", percent="50", done=True, done_on="2018-03-05"
    )
    words = text(sign_in(clerk).get(path)).replace(" .", ".")
    assert "依各工作項目的完成日期" in words
    assert "2 月 0 11.5" in words
    assert "3 月 50 11.5" in words


def test_locked_page_says_why(row, clerk, path, sign_in):
    record(row, clerk, FAILED, "147")
    submit(row, clerk)
    page = sign_in(clerk).get(path)
    assert "等候主管審核" in text(page)
    assert 'name="v-0-1"' not in page.content.decode()


def test_page_takes_the_same_queries_whatever_is_entered(row, clerk, path, sign_in):
    client = sign_in(clerk)
    save(row, clerk, edit(row, 1, "40"))
    one = counted(client, path)
    fill(row, clerk, "40", "41", "39")
    assert counted(client, path) == one


def test_indicator_and_entry_lead_there(row, clerk, path, sign_in):
    client = sign_in(clerk)
    fill(row, clerk, "40", "41")
    for address in (path.removesuffix("interim/"), path.replace("/interim/", "/entry/")):
        page = client.get(address)
        assert "期中數值：已填到第 2 季" in text(page)
        assert f'href="{path}"' in page.content.decode()


def test_entry_doubts_a_year_s_value_that_differs(row, clerk, path, sign_in):
    fill(row, clerk, "40", "30", "20", "57")
    record(row, clerk, FAILED, "151")
    words = text(sign_in(clerk).get(path.replace("/interim/", "/entry/")))
    assert "全年值 151 與各季合計 147 不符，請核對或說明。" in words


def test_table_holds_raw_numbers_and_gaps(row, clerk):
    fill(row, clerk, "40")
    row = find_indicator(row.plan, row.pk)
    page = interim_page(
        load_indicator(row),
        load_interim(row),
        LowerPolicy.LINEAR,
        today(),
        (),
        agency_code="tc-secretariat",
        agency_name="臺中市政府秘書處",
        year=107,
    )
    found = table(page)
    assert len({len(line) for line in found.rows} | {len(found.heads)}) == 1
    first, second = found.rows[:2]
    assert first == ("第 1 季", Decimal(40), Decimal("2.5"), Decimal("11.5"), None, "符合進度")
    assert second == ("第 2 季", None, None, Decimal("11.5"), None, None)


# Saving -------------------------------------------------------------------------------------------


def test_typed_values_are_saved_and_the_year_s_value_follows(row, clerk, path, sign_in):
    client = sign_in(clerk)
    cells = {"q1": "４０", "q2": "30", "q3": "1,020", "q4": "57"}
    page = client.post(path, typed(client, path, **cells), follow=True)
    assert "已儲存 4 個期中數值。" in text(page)
    assert (stored(row, FAILED, 3), year(row)) == ("1020", "1147")


def test_page_sent_back_as_it_was_changes_nothing(row, clerk, path, sign_in):
    fill(row, clerk, "1040")
    client = sign_in(clerk)
    page = client.post(path, typed(client, path), follow=True)
    assert "沒有變更，不必儲存。" in text(page)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("12%", "請只填數字，不加單位或百分比符號"),
        ("很多", "不是數字"),
        ("1" * 31, "最多 30 位數字"),
    ],
)
def test_bad_number_is_a_sentence_and_nothing_is_saved(number, sentence, row, clerk, path, sign_in):
    client = sign_in(clerk)
    page = client.post(path, typed(client, path, q1="40", q2=number))
    assert page.status_code == 200
    assert text(page).count(sentence) == 2  # in the summary and at the field
    assert 'href="#v-0-2"' in page.content.decode()
    assert not models.InterimValue.objects.exists()


def test_form_without_its_start_is_refused(row, clerk, path, sign_in):
    client = sign_in(clerk)
    page = client.post(path, typed(client, path, q1="40") | {"started": "{"})
    assert "表單不完整，沒有儲存。" in text(page)


@pytest.mark.parametrize(("pick", "kept"), [("mine", "8"), ("theirs", "7")])
def test_clash_shows_both_values_and_the_person_chooses(
    pick, kept, row, clerk, path, secretariat, sign_in
):
    client = sign_in(clerk)
    mine = typed(client, path, q1="8", q2="5")
    save(row, person("陳承辦", "clerk", secretariat.agency), edit(row, 1, "7"))
    page = client.post(path, mine)
    assert page.status_code == 409
    for words in ("已存的：7", "您填的：8", "由陳承辦改過"):
        assert words in text(page)
    assert (stored(row, FAILED, 1), stored(row, FAILED, 2)) == ("7", "")
    page = client.post(path, again(page, **{"pick-v-0-1": pick}))
    assert page.status_code == 302
    assert (stored(row, FAILED, 1), stored(row, FAILED, 2)) == (kept, "5")


def test_form_of_other_settings_is_refused_with_a_sentence(row, clerk, path, sign_in):
    """What was typed for one input never lands in another."""
    client = sign_in(clerk)
    mine = typed(client, path, q4="8")
    row.inputs.filter(symbol=FAILED).update(gather="")
    row.inputs.filter(symbol=TENDERS).update(gather="sum")
    page = client.post(path, mine)
    assert page.status_code == 200
    assert "這項指標的期中設定已經變更，沒有儲存。" in text(page)
    assert not models.InterimValue.objects.exists()


@pytest.mark.parametrize("role", ["supervisor", "plan_manager", "auditor"])
def test_post_of_who_may_not_is_refused_with_a_sentence(role, path, users, sign_in):
    page = sign_in(users[role]).post(path, {})
    assert page.status_code == 403
    assert "您的角色不能操作" in text(page)


def test_foreign_and_unknown_indicators_are_a_404(row, path, other_agency, make_user, sign_in):
    client = sign_in(make_user("clerk", other_agency))
    for address in (path, f"{path}settings/", path.replace(str(row.pk), "999999")):
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404


def test_stored_names_are_shown_as_text(row, clerk, path, sign_in):
    row.inputs.update(label='"><script>alert(1)</script>')
    assert "<script>alert" not in sign_in(clerk).get(path).content.decode()


# Settings -----------------------------------------------------------------------------------------


@pytest.fixture
def manager(users, sign_in):
    return sign_in(users["plan_manager"])


def test_manager_sets_how_it_is_followed(row, path, manager):
    sent = {"period": "month", "path": "even", "rule-0": "last", "rule-1": "", "reason": "每月"}
    page = manager.post(f"{path}settings/", sent, follow=True)
    assert "已儲存期中追蹤的設定。" in text(page)
    fresh = models.Indicator.objects.get(pk=row.pk)
    assert (fresh.period, fresh.path) == ("month", "even")
    assert dict(row.inputs.values_list("symbol", "gather")) == {FAILED: "last", TENDERS: ""}
    history = text(manager.get(path.replace("/interim/", "/history/")))
    assert "設定期中追蹤" in history
    for words in ("期中填報的期別", "每季", "每月", "的彙整方式", "最後一期"):
        assert words in history


def test_settings_page_shows_what_is_set(row, path, manager):
    body = manager.get(f"{path}settings/").content.decode()
    assert '<option value="quarter" selected>' in body
    assert '<option value="sum" selected>' in body
    assert body.count("btn-primary") == 1


def test_a_period_without_anything_to_ask_is_a_sentence(row, path, manager):
    sent = {"period": "month", "path": "even", "rule-0": "", "rule-1": ""}
    page = manager.post(f"{path}settings/", sent)
    assert "要分期填報，請至少選一項的彙整方式。" in text(page)
    assert models.Indicator.objects.get(pk=row.pk).period == "quarter"


@pytest.mark.parametrize("change", [{"period": "week"}, {"path": ""}, {"rule-0": "median"}])
def test_unknown_choice_is_a_sentence(change, row, path, manager):
    sent = {"period": "quarter", "path": "level", "rule-0": "sum", "rule-1": ""} | change
    page = manager.post(f"{path}settings/", sent)
    assert page.status_code == 200
    assert "請從清單中選擇一項。" in text(page)


def test_another_period_while_there_are_values_is_a_sentence_at_the_field(
    row, clerk, path, manager
):
    fill(row, clerk, "40")
    sent = {"period": "month", "path": "level", "rule-0": "sum", "rule-1": ""}
    page = manager.post(f"{path}settings/", sent)
    assert page.status_code == 200
    assert text(page).count("已有期中數值，不能更改期別") == 2
    assert models.Indicator.objects.get(pk=row.pk).period == "quarter"


@pytest.mark.parametrize("role", ["clerk", "supervisor", "auditor"])
def test_only_the_plan_manager_sets(role, row, path, users, sign_in):
    client = sign_in(users[role])
    assert client.get(f"{path}settings/").status_code == 403
    assert client.post(f"{path}settings/", {"period": "month"}).status_code == 403


def test_history_names_the_period_and_the_input(row, clerk, path, sign_in):
    fill(row, clerk, "40")
    words = text(sign_in(clerk).get(path.replace("/interim/", "/history/")))
    assert "更新期中數值" in words
    assert "第 1 季 流廢標列管件數" in words


def test_supervisor_is_asked_to_look_at_a_year_s_value_that_differs(
    row, clerk, path, users, sign_in
):
    fill(row, clerk, "40", "30", "20", "57")
    record(row, clerk, FAILED, "151")
    submit(row, clerk)
    words = text(sign_in(users["supervisor"]).get(path.replace("/interim/", "/review/")))
    assert "全年值 151 與各季合計 147 不符，請核對或說明。" in words


# Doubts -------------------------------------------------------------------------------------------


@pytest.fixture
def both(row) -> models.Indicator:
    """Part and whole are summed, at most 11.5 %."""
    row.inputs.filter(symbol=TENDERS).update(gather="sum", value=None)
    return row


def test_doubt_stands_below_its_period_and_is_named_on_top(both, clerk, path, sign_in):
    """98 of 97 failed in the second quarter; 108 of 397 by its end are no wonder."""
    fill(both, clerk, "10", "98")
    fill(both, clerk, "300", "97", symbol=TENDERS)
    page = sign_in(clerk).get(path)
    words, body = text(page), page.content.decode()
    assert (
        "第 2 季：「流廢標列管件數」98 大於「公告金額以上之工程採購招標案件數」97，請核對兩者。"
        in words
    )
    assert "各期數值有 1 項疑義，寫在該期下方；無誤則免更動： 第 2 季" in words
    assert 'id="doubt-2"' in body
    assert 'aria-describedby="doubt-2"' in body.split('name="v-0-2"')[1].split(">")[0]
    assert "aria-describedby" not in body.split('name="v-0-3"')[1].split(">")[0]


def test_doubt_refuses_nothing_and_costs_no_query(both, clerk, path, sign_in):
    client = sign_in(clerk)
    fill(both, clerk, "10", "11")
    fill(both, clerk, "97", "97", symbol=TENDERS)
    clean = counted(client, path)
    data = typed(client, path, q2="98")
    assert client.post(path, data).status_code == 302
    assert stored(both, FAILED, 2) == "98"
    assert counted(client, path) == clean


def test_entry_page_and_reviewer_see_the_month_s_doubt(both, clerk, path, sign_in, users):
    fill(both, clerk, "10", "98", "10", "10")
    fill(both, clerk, "300", "97", "600", "600", symbol=TENDERS)
    said = "第 2 季：「流廢標列管件數」98 大於「公告金額以上之工程採購招標案件數」97，請核對兩者。"
    assert said in text(sign_in(clerk).get(path.replace("/interim/", "/entry/")))
    record(both, clerk, FAILED, "128")
    submit(both, clerk)
    review = path.replace("/interim/", "/review/")
    assert said in text(sign_in(users["supervisor"]).get(review))


def test_doubted_values_are_marked_for_readers_too(both, clerk, path, sign_in, users):
    fill(both, clerk, "10", "98")
    fill(both, clerk, "300", "97", symbol=TENDERS)
    body = sign_in(users["auditor"]).get(path).content.decode()
    assert body.count("kp-doubted") == 1


# What has no monthly values -----------------------------------------------------------------------


def test_staged_work_says_how_it_is_followed_with_its_stages(row, path, clerk, sign_in):
    models.Indicator.objects.filter(pk=row.pk).update(method="milestones", formula="", period="")
    models.Milestone.objects.create(
        indicator=row, position=0, title="招標", percent="50", done=True, done_on="2018-03-05"
    )
    models.Milestone.objects.create(indicator=row, position=1, title="驗收", percent="100")
    words = text(sign_in(clerk).get(path))
    assert "一項完成後在填報頁填完成日期，從那一天起就計入進度" in words
    assert "招標 50 已完成 107年3月5日" in words
    assert "全年已經結束，年底的進度已經知道" in words
    assert "全年各期數值都已填報" not in words


@pytest.mark.parametrize("role", ["clerk", "plan_manager"])
def test_lists_say_why_there_is_no_monthly_value_and_show_their_rows(
    role, secretariat, users, sign_in
):
    listed = secretariat.indicators.get(lineage="basic-class-pass-rate")
    page = sign_in(users[role]).get(f"/tc-secretariat/107/indicators/{listed.pk}/interim/")
    words = text(page)
    assert "沒有每月或每季的數值；全年結果由下列各列算出" in words
    assert "合計 357 410" in words
    assert "interim/settings/" not in page.content.decode()


def test_lists_cannot_be_set_to_be_followed(secretariat, users, sign_in):
    listed = secretariat.indicators.get(lineage="basic-class-pass-rate")
    client = sign_in(users["plan_manager"])
    path = f"/tc-secretariat/107/indicators/{listed.pk}/interim/settings/"
    page = client.post(path, {"period": "month", "path": "even"})
    assert page.status_code == 200
    assert "只能填全年" in str(page.context["form"].errors["period"])
    listed.refresh_from_db()
    assert listed.period == ""


def test_list_beside_a_number_is_said_to_count_as_it_is(row, clerk, path, sign_in):
    row.inputs.filter(symbol=TENDERS).update(is_list=True, value=None)
    words = text(sign_in(clerk).get(path))
    assert (
        "「公告金額以上之工程採購招標案件數」是逐列填寫的清單，各期都以目前的全部列計算。" in words
    )
