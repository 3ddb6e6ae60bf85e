"""The indicator's own page: with whom it lies, and why it came back."""

from __future__ import annotations

import pytest
from django.utils import timezone

from indicators import models
from tests.indicators.test_pages import text
from tests.indicators.work_scenes import counted, give_back, person, submit


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def clerk(row):
    return person("王承辦", "clerk", row.plan.agency, row.owner)


@pytest.fixture
def boss(row):
    return person("李主管", "supervisor", row.plan.agency, row.owner)


@pytest.fixture
def page(row, users, sign_in):
    client = sign_in(users["auditor"])
    return lambda: text(client.get(f"/tc-secretariat/107/indicators/{row.pk}/"))


def test_a_draft_lies_with_its_clerk_and_says_no_reason(page, clerk):
    assert "在誰手上 王承辦" in page()
    assert "退回補正的原因" not in page()


def test_what_was_submitted_lies_with_the_supervisor(page, row, clerk, boss):
    submit(row, clerk)
    assert "在誰手上 李主管" in page()


def test_what_came_back_says_who_returned_it_when_and_why(page, row, clerk, boss):
    submit(row, clerk)
    give_back(row, boss, "分母請用全年件數。")
    now = timezone.localtime(models.Step.objects.latest("pk").at)
    shown = page().split("退回補正的原因")[1]
    assert shown.lstrip().startswith("分母請用全年件數。 李主管")
    assert f"{now.month}月{now.day}日 {now:%H:%M}" in shown
    assert "在誰手上 王承辦" in page()


def test_a_deputy_is_named_with_whom_they_act_for(page, secretariat, clerk):
    deputy, today = person("林代理", "plan_manager", secretariat.agency), timezone.localdate()
    models.Deputyship.objects.create(absent=clerk, deputy=deputy, first_day=today, last_day=today)
    assert "在誰手上 林代理（代理王承辦）" in page()


def test_a_plan_that_left_the_agency_lies_with_nobody_of_it(page, secretariat, clerk):
    models.Plan.objects.filter(pk=secretariat.pk).update(status="approved")
    assert "在誰手上" not in page()


def test_without_a_number_the_steps_say_so_once(page, row):
    row.inputs.update(value=None)
    assert "實際 尚未填報：" in page()


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries_for_more_people(
    number,
    row,
    users,
    sign_in,
):
    for n in range(number):
        person(f"承辦{n}", "clerk", row.plan.agency, row.owner)
    assert counted(sign_in(users["auditor"]), f"/tc-secretariat/107/indicators/{row.pk}/") == 23
