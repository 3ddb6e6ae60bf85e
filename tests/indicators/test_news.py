"""What others changed of somebody's work: in My work for two weeks, in the next letter once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from indicators import models
from indicators.actions.assigning import Assignment, assign
from indicators.actions.deputies import end_deputyship, name_deputy
from indicators.scorecards.my_work import my_work
from indicators.scorecards.news import News
from indicators.templatetags.kpi_format import sentence
from indicators.work_queries import load_desk
from tests.indicators.test_pages import text
from tests.indicators.work_scenes import acting, person

TUESDAY, EVE = date(2020, 1, 21), date(2020, 1, 22)  # then off until the 30th: the New Year of 109
FIRST, SECOND = date(2020, 1, 30), date(2020, 1, 31)
LATER = date(2021, 11, 30)
pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(secretariat):
    models.Plan.objects.update(due=date(2021, 12, 31))
    return secretariat


@pytest.fixture
def row(plan):
    return plan.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def other(plan):
    return plan.agency.units.get(name="人事室")


@pytest.fixture
def clerk(row):
    return reachable(person("王承辦", "clerk", row.plan.agency, row.owner))


@pytest.fixture
def manager(plan):
    return reachable(person("陳研考", "plan_manager", plan.agency))


@pytest.fixture
def send(command):
    def sent(day: date) -> str:
        """All that was written on that day."""
        before = len(mail.outbox)
        command("send_reminders", "--date", f"{day}")
        return "".join(f"{one.to[0]}\n{one.subject}\n{one.body}" for one in mail.outbox[before:])

    return sent


def reachable(user):
    user.email = f"{user.username}@example.gov.tw"
    user.save(update_fields=["email"])
    return user


def at(day: date, hour: int = 14) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, 2))


def change(plan, by, day: date = TUESDAY, *, reason: str = "等統計資料", **rows) -> None:
    """`rows`: by the row's key, as pk_12={"due": …}."""
    wanted = {int(key.removeprefix("pk_")): values for key, values in rows.items()}
    assign(
        plan_id=plan.pk,
        wanted=Assignment(indicators=wanted),
        actor=acting(by, day),
        now=at(day),
        reason=reason,
    )


def lend(absent, deputy, by, day: date = TUESDAY) -> None:
    name_deputy(
        absent_id=absent.pk,
        deputy_id=deputy.pk,
        first_day=date(2020, 2, 3),
        last_day=date(2020, 2, 7),
        actor=acting(by, day),
        now=at(day),
    )


def news(user, day: date = EVE) -> tuple[News, ...]:
    return my_work(load_desk(acting(user, day), day), day).news


def said(user, day: date = EVE) -> list[str]:
    return [sentence(one.what) for one in news(user, day)]


# What is news to whom -----------------------------------------------------------------------------


def test_a_new_deadline_is_news_to_the_clerk_with_who_when_and_why(plan, row, clerk, manager):
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    (one,) = news(clerk)
    assert sentence(one.what) == "期限改為 110年11月30日。"
    assert one.items == ((row.pk, "流廢標下降率"),)
    assert (one.by, one.at, one.reason) == ("陳研考", at(TUESDAY), "等統計資料")
    assert said(manager) == []


def test_of_two_changes_of_the_same_the_newest_counts(plan, row, clerk, manager):
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    change(plan, manager, EVE, **{f"pk_{row.pk}": {"due": LATER + timedelta(1)}})
    assert said(clerk) == ["期限改為 110年12月1日。"]


def test_changes_made_at_once_are_one_line(plan, clerk, row, manager):
    own = plan.indicators.filter(owner=row.owner).order_by("pk")
    change(plan, manager, **{f"pk_{one.pk}": {"due": LATER} for one in own})
    (one,) = news(clerk)
    assert one.items == tuple(own.values_list("pk", "title"))


def test_another_unit_is_news_to_both(plan, row, clerk, other, manager):
    hr = person("林人事", "clerk", plan.agency, other)
    change(plan, manager, **{f"pk_{row.pk}": {"owner": other.pk}})
    assert said(hr) == ["改由您填報，原由採購管理科負責。"]
    assert said(clerk) == ["改由人事室填報。"]


def test_the_clerk_of_the_whole_agency_is_not_told_of_what_a_unit_s_clerk_has(
    plan, row, clerk, manager
):
    whole = person("全處承辦", "clerk", plan.agency)
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    assert said(whole) == []


def test_todays_deputy_finds_it_with_the_absent_person(plan, row, clerk, other, manager):
    deputy = person("林代理", "clerk", plan.agency, other)
    days = {"first_day": EVE, "last_day": EVE}
    models.Deputyship.objects.create(absent=clerk, deputy=deputy, **days)
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    assert [(one.absent, sentence(one.what)) for one in news(deputy)] == [
        ("王承辦", "期限改為 110年11月30日。")
    ]
    assert [one.absent for one in news(clerk)] == [""]


@pytest.mark.parametrize(("status", "count"), [("draft", 1), ("submitted", 0), ("approved", 0)])
def test_a_deadline_of_what_is_sent_is_no_news(status, count, plan, row, clerk, manager):
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    models.Indicator.objects.filter(pk=row.pk).update(status=status)
    assert len(said(clerk)) == count


def test_the_whole_plan_s_deadline_is_news_to_its_clerks(plan, clerk, manager):
    assign(
        plan_id=plan.pk,
        wanted=Assignment(plan={"due": LATER}),
        actor=acting(manager, TUESDAY),
        now=at(TUESDAY),
    )
    assert said(clerk) == ["整份計畫的期限改為 110年11月30日。"]


def test_a_deputyship_is_news_to_both_and_not_to_who_named_it(plan, other, clerk, manager):
    deputy = person("林代理", "clerk", plan.agency, other)
    lend(clerk, deputy, manager)
    assert said(deputy) == ["您代理王承辦，自 109年2月3日 至 109年2月7日。"]
    assert said(clerk) == ["林代理代理您，自 109年2月3日 至 109年2月7日。"]
    assert said(manager) == []
    end_deputyship(
        pk=models.Deputyship.objects.get().pk,
        actor=acting(clerk, date(2020, 2, 4)),
        now=at(date(2020, 2, 4)),
    )
    assert said(deputy, date(2020, 2, 5)) == ["您代理王承辦，到 109年2月4日 為止。"]
    assert said(clerk, date(2020, 2, 5)) == []


@pytest.mark.parametrize("who", ["absent", "deputy"])
def test_a_deputyship_is_no_news_once_one_of_them_has_left_the_agency(
    who, plan, other, clerk, manager, other_agency
):
    deputy = person("林代理", "clerk", plan.agency, other)
    lend(clerk, deputy, manager)
    left = {"absent": clerk, "deputy": deputy}[who]
    models.Role.objects.filter(user=left).update(agency=other_agency, unit=None)
    assert (said(clerk), said(deputy)) == ([], [])


def test_news_is_two_weeks_old_at_most(plan, row, clerk, manager):
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    assert len(said(clerk, TUESDAY + timedelta(14))) == 1
    assert said(clerk, TUESDAY + timedelta(15)) == []


def test_another_agency_s_changes_are_no_news(plan, row, manager, other_agency):
    stranger = person("外機關", "clerk", other_agency)
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    assert said(stranger) == []


def test_a_unit_of_the_same_name_elsewhere_has_lost_nothing(
    plan, row, other, manager, other_agency
):
    unit = models.Unit.objects.create(agency=other_agency, name=row.owner.name)
    both = person("兩機關", "clerk", other_agency, unit)
    models.Role.objects.create(user=both, name="plan_manager", agency=plan.agency)
    change(plan, manager, **{f"pk_{row.pk}": {"owner": other.pk}})
    assert said(both) == []


def test_my_work_shows_it(plan, row, clerk, manager, sign_in):
    today = timezone.localdate()
    change(plan, manager, today, **{f"pk_{row.pk}": {"due": LATER}})
    page = text(sign_in(clerk).get("/my-work/"))
    assert "最近的異動" in page
    assert "期限改為 110年11月30日。 流廢標下降率" in page
    assert "等統計資料" in page.split("最近的異動")[1]


# The letter ---------------------------------------------------------------------------------------


def test_the_next_day_s_letter_tells_it_though_nothing_is_due(plan, row, clerk, manager, send):
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    assert send(TUESDAY) == ""
    letter = send(EVE)
    assert letter.startswith("王承辦@example.gov.tw\n【施政績效】異動 1 項\n")
    assert (
        """\
■ 異動
 ・流廢標下降率：期限改為 110年11月30日。
   臺中市政府秘書處 107 年度；1月21日 14:02 陳研考，原因：等統計資料
"""
        in letter
    )


def test_it_is_told_once(plan, row, clerk, manager, send):
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    assert "異動 1 項" in send(EVE)
    assert send(EVE) == ""
    assert send(FIRST) == ""


def test_what_changed_on_the_day_of_a_letter_stands_in_the_next(plan, row, clerk, manager, send):
    first, second = plan.indicators.filter(owner=row.owner).order_by("pk")[:2]
    change(plan, manager, **{f"pk_{first.pk}": {"due": LATER}})
    assert first.title in send(EVE)
    change(plan, manager, EVE, **{f"pk_{second.pk}": {"due": LATER}})
    letter = send(FIRST)  # over the holidays
    assert f"・{second.title}：" in letter
    assert first.title not in letter


def test_a_day_without_a_run_is_made_up_for(plan, row, clerk, manager, send):
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    assert "異動" in send(FIRST)  # nobody ran it on the eve
    assert send(SECOND) == ""


def test_who_switched_letters_off_gets_none(plan, row, clerk, manager, send):
    models.MailChoice.objects.create(user=clerk, reminders=False)
    change(plan, manager, **{f"pk_{row.pk}": {"due": LATER}})
    assert send(EVE) == ""
    assert said(clerk) == ["期限改為 110年11月30日。"]


def test_a_title_and_a_reason_begin_no_line_of_their_own(plan, row, clerk, manager, send):
    change(plan, manager, reason="一\n■ 已逾期", **{f"pk_{row.pk}": {"due": LATER}})
    assert "原因：一 ■ 已逾期\n" in send(EVE)


def test_many_are_counted(plan, row, clerk, manager, send):
    models.Indicator.objects.filter(plan=plan).update(owner=row.owner)
    rows = {f"pk_{pk}": {"due": LATER} for pk in plan.indicators.values_list("pk", flat=True)}
    change(plan, manager, **rows)
    assert "等 11 項：期限改為" in send(EVE)
