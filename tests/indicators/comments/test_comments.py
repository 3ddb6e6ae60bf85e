"""Comments: who may, what is recorded, what the database refuses, what a correction keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from indicators import actions as all_actions
from indicators import guards, history, models
from indicators.actions import comments as actions
from indicators.actions.refusals import Missing, Refused
from indicators.comment_queries import Asked, count_threads, mentions_of, parties_of, remark_page
from indicators.guards.rules import SENTENCES
from indicators.interchange.plan_writing import write_plan
from indicators.permissions import NotAllowed
from indicators.queries import find_indicator, load_plan
from indicators.scorecards.scored import score_plan
from reports.assembly import build
from reports.rendering import html_document
from tests.conftest import NOW
from tests.indicators.comments.scenes import later, reopen, resolve, say
from tests.indicators.frozen import insert, row_of, sql, without_guards
from tests.indicators.work_scenes import TODAY, acting, person

SAID = SENTENCES[guards.SAID]


def last_event() -> dict:
    return models.AuditEvent.objects.order_by("-pk")[0].content()


def waiting(user: models.User) -> list[str]:
    return [mention.text for mention in mentions_of(acting(user))]


# Saying -------------------------------------------------------------------------------------------


def test_comment_is_stored_with_who_role_and_when(row, clerk, boss):
    made = say(row, clerk, "請說明分母。", boss)
    stored = models.Comment.objects.get()
    assert (stored.pk, stored.text, stored.by, stored.role) == (
        made.pk,
        "請說明分母。",
        clerk,
        "clerk",
    )
    assert (stored.at, stored.parent, stored.acting_for) == (NOW, None, None)
    assert [(m.user, m.seen_at) for m in stored.mentions.all()] == [(boss, None)]


def test_comment_and_answer_are_events_of_the_indicator(row, clerk, boss):
    first = say(row, clerk, "請說明分母。", boss)
    event = last_event()
    assert (event["action"], event["kind"], event["id"]) == ("comment", "indicator", row.pk)
    assert (event["label"], event["by"]["name"]) == ("流廢標下降率", "王承辦")
    assert event["after"] == {"said": "請說明分母。", "told": ["李主管"], "comment": first.pk}
    answer = say(row, boss, "分母是公告金額以上。", clerk, thread=first)
    event = last_event()
    assert (event["action"], event["after"]["comment"]) == ("reply", answer.pk)
    assert list(history.verify()) == []


def test_deputy_speaks_with_both_names(row, clerk, boss, make_user, secretariat):
    deputy = make_user("plan_manager", secretariat.agency, name="deputy")
    models.Role.objects.filter(user=deputy).update(name="clerk", unit=row.owner_id)
    models.Role.objects.filter(user=deputy).update(unit=secretariat.agency.units.get(name="人事室"))
    models.Deputyship.objects.create(absent=clerk, deputy=deputy, first_day=TODAY, last_day=TODAY)
    made = say(row, deputy, "代為回覆")
    assert (made.by, made.acting_for, made.role) == (deputy, clerk, "clerk")
    assert last_event()["acting_for"]["name"] == "王承辦"


@pytest.mark.parametrize("role", ["clerk", "supervisor", "plan_manager", "reviewer"])
def test_who_takes_part_comments(row, users, role):
    assert say(row, users[role]).role == role


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_keepers_only_read(row, users, role):
    with pytest.raises(NotAllowed):
        say(row, users[role])
    assert not models.Comment.objects.exists()


def test_clerk_of_another_unit_only_reads(row, elsewhere):
    with pytest.raises(NotAllowed):
        say(row, elsewhere)


def test_whoever_is_mentioned_answers_in_that_thread_and_nowhere_else(
    secretariat, row, clerk, boss, elsewhere
):
    thread, other = say(row, clerk, "請人事室確認員額。", elsewhere), say(row, boss, "請補佐證")
    answer = say(row, elsewhere, "員額無誤。", clerk, thread=thread)
    assert (answer.role, answer.by, answer.parent) == ("clerk", elsewhere, thread)
    for refused in (
        lambda: say(row, elsewhere, "另一件事"),
        lambda: say(row, elsewhere, "插話", thread=other),
        lambda: resolve(row, thread, elsewhere),
        lambda: reopen(row, thread, elsewhere),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert models.Comment.objects.count() == 3


def test_whom_an_answer_mentions_may_answer_too(row, clerk, boss, elsewhere):
    thread = say(row, clerk, "請說明")
    say(row, boss, "人事室知道", elsewhere, thread=thread)
    assert say(row, elsewhere, "是", thread=thread).parent == thread


def test_the_deputy_of_whom_is_mentioned_answers_for_them(row, clerk, elsewhere, secretariat):
    other = models.Unit.objects.create(agency=secretariat.agency, name="別科")
    deputy = person("林代理", "clerk", secretariat.agency, other)
    thread = say(row, clerk, "請人事室確認員額。", elsewhere)
    with pytest.raises(NotAllowed):
        say(row, deputy, "員額無誤。", thread=thread)
    models.Deputyship.objects.create(
        absent=elsewhere, deputy=deputy, first_day=NOW.date(), last_day=NOW.date()
    )
    answer = say(row, deputy, "員額無誤。", thread=thread)
    assert (answer.by, answer.acting_for) == (deputy, elsewhere)


def test_who_is_mentioned_and_has_left_the_agency_does_not_answer(row, clerk, elsewhere):
    thread = say(row, clerk, "請人事室確認員額。", elsewhere)
    elsewhere.roles.all().delete()
    with pytest.raises(NotAllowed):
        say(row, elsewhere, "員額無誤。", thread=thread)


def test_comments_are_possible_in_every_status(secretariat, row, clerk, boss):
    for minute, status in enumerate(models.Plan.Status.values):
        models.Plan.objects.filter(pk=secretariat.pk).update(status=status)
        say(row, clerk, status, minute=minute)
    thread = models.Comment.objects.order_by("pk")[0]  # now the plan is published
    say(row, boss, "回覆", thread=thread)
    assert resolve(row, thread, boss) is None
    assert reopen(row, thread, clerk) is True
    assert models.Comment.objects.count() == len(models.Plan.Status.values) + 1


def test_answer_to_an_answer_is_none_of_a_thread(row, clerk, boss):
    answer = say(row, boss, "回覆", thread=say(row, clerk))
    with pytest.raises(Missing):
        say(row, clerk, "再回覆", thread=answer)


def test_thread_of_another_indicator_is_missing(secretariat, row, clerk, boss):
    other = secretariat.indicators.get(title="電子領標達成率")
    thread = say(row, clerk)
    with pytest.raises(Missing):
        say(other, boss, "回覆", thread=thread)
    with pytest.raises(Missing):
        resolve(other, thread, boss)


def test_same_again_within_minutes_is_one_comment(row, clerk, boss):
    first = say(row, clerk, "請說明分母。", boss)
    assert say(row, clerk, "請說明分母。", boss, minute=9) == first
    assert models.AuditEvent.objects.filter(action="comment").count() == 1
    assert say(row, clerk, "請說明分母。", minute=10) != first


def test_sixty_an_hour_are_enough(row, clerk):
    for number in range(actions.MOST_AN_HOUR):
        say(row, clerk, f"第 {number} 則")
    with pytest.raises(Refused, match="一小時內最多 60 則意見") as refused:
        say(row, clerk, "再一則", minute=59)
    assert refused.value.field == "text"
    assert say(row, clerk, "再一則", minute=61)


# Whom it is brought to the notice of --------------------------------------------------------------


def test_parties_are_the_clerks_first_and_nobody_who_has_no_work_there(
    row, boss, city, clerk, elsewhere, other_agency, users
):
    person("林外人", "clerk", other_agency)
    gone = person("前承辦", "clerk", row.plan.agency, row.owner)
    models.User.objects.filter(pk=gone.pk).update(is_active=False)
    found = parties_of(find_indicator(row.plan, row.pk))
    near = [(party.person, party.role) for party in found if party.is_near]
    assert near == [
        ("王承辦", "clerk"),  # of the unit, then of the whole agency
        ("測試者", "clerk"),
        ("李主管", "supervisor"),
        ("測試者", "supervisor"),
        ("測試者", "plan_manager"),
        ("測試者", "reviewer"),
        ("張研考", "reviewer"),
    ]
    assert [party.person for party in found if not party.is_near] == ["陳人事"]


def test_who_can_not_see_the_plan_is_not_told_and_nothing_is_saved(row, clerk, other_agency):
    outsider = person("林外人", "clerk", other_agency)
    with pytest.raises(Refused, match="看不到這份計畫") as refused:
        say(row, clerk, "請說明", outsider)
    assert refused.value.field == "told"
    assert not models.Comment.objects.exists()


def test_nobody_tells_themselves(row, clerk, boss):
    say(row, clerk, "請說明", clerk, boss)
    assert [m.user for m in models.Mention.objects.all()] == [boss]


def test_mention_waits_until_an_answer(row, clerk, boss):
    thread = say(row, boss, "請補佐證", clerk)
    assert (waiting(clerk), waiting(boss)) == (["請補佐證"], [])
    say(row, clerk, "已補", boss, thread=thread, minute=1)
    assert (waiting(clerk), waiting(boss)) == ([], ["已補"])
    assert models.Mention.objects.get(user=clerk).seen_at == later(1)


def test_mention_goes_when_the_thread_is_resolved_and_returns_when_it_is_reopened(row, clerk, boss):
    thread = say(row, boss, "請補佐證", clerk)
    resolve(row, thread, boss)
    assert waiting(clerk) == []
    reopen(row, thread, boss)
    assert waiting(clerk) == ["請補佐證"]
    resolve(row, thread, clerk)  # who resolves it has dealt with it
    reopen(row, thread, boss, minute=12)
    assert waiting(clerk) == []


def test_mention_goes_by_its_button_once(row, clerk, boss):
    say(row, boss, "請補佐證", clerk)
    mention = models.Mention.objects.get()
    for minute in (1, 2):
        actions.see_mention(pk=mention.pk, actor=acting(clerk), now=later(minute))
    assert (waiting(clerk), models.Mention.objects.get().seen_at) == ([], later(1))


def test_mention_of_somebody_else_is_missing(row, clerk, boss):
    say(row, boss, "請補佐證", clerk)
    with pytest.raises(Missing):
        actions.see_mention(pk=models.Mention.objects.get().pk, actor=acting(boss), now=NOW)
    with pytest.raises(Missing):
        actions.see_mention(pk=0, actor=acting(boss), now=NOW)


def test_deputy_finds_what_mentions_the_absent(row, clerk, boss, elsewhere):
    say(row, boss, "請補佐證", clerk)
    assert waiting(elsewhere) == []
    days = {"first_day": TODAY, "last_day": TODAY}
    models.Deputyship.objects.create(absent=clerk, deputy=elsewhere, **days)
    (mention,) = mentions_of(acting(elsewhere))
    assert (mention.text, mention.absent) == ("請補佐證", "王承辦")
    actions.see_mention(pk=mention.pk, actor=acting(elsewhere), now=NOW)
    assert waiting(clerk) == []


def test_who_has_left_the_agency_finds_nothing_of_it(row, clerk, boss):
    say(row, boss, "請補佐證", clerk)
    clerk.roles.all().delete()
    assert waiting(clerk) == []


# Resolved or open ---------------------------------------------------------------------------------


def test_thread_is_resolved_and_reopened_with_an_event_each(row, clerk, boss):
    thread = say(row, clerk)
    assert resolve(row, thread, boss) is None
    thread.refresh_from_db()
    assert (thread.resolved_at, thread.resolved_by) == (later(5), boss)
    event = last_event()
    assert (event["action"], event["by"]["name"]) == ("resolve", "李主管")
    assert (event["before"], event["after"]) == (
        {"resolved": False},
        {"resolved": True, "comment": thread.pk},
    )
    assert reopen(row, thread, clerk) is True
    thread.refresh_from_db()
    assert (thread.resolved_at, thread.resolved_by) == (None, None)
    assert last_event()["action"] == "reopen"


def test_second_to_resolve_learns_who_was_first(row, clerk, boss):
    thread = say(row, clerk)
    resolve(row, thread, boss, minute=1)
    before = resolve(row, thread, clerk, minute=2)
    assert (before.resolved_by, before.resolved_at) == (boss, later(1))
    assert models.AuditEvent.objects.filter(action="resolve").count() == 1


def test_reopening_what_is_open_changes_nothing(row, clerk, boss):
    thread = say(row, clerk)
    assert reopen(row, thread, boss) is False
    assert not models.AuditEvent.objects.filter(action="reopen").exists()


def test_answer_to_what_was_resolved_meanwhile_opens_it(row, clerk, boss):
    thread = say(row, clerk)
    resolve(row, thread, boss)
    say(row, clerk, "還有一個問題", thread=thread, minute=6)
    assert count_threads(row).open == 1
    actions_taken = models.AuditEvent.objects.filter(object_id=row.pk).order_by("pk")
    assert list(actions_taken.values_list("action", flat=True)) == [
        "comment",
        "resolve",
        "reopen",
        "reply",
    ]


@pytest.mark.parametrize("who", ["auditor", "administrator"])
def test_keepers_neither_resolve_nor_reopen(row, clerk, users, who):
    thread = say(row, clerk)
    with pytest.raises(NotAllowed):
        resolve(row, thread, users[who])
    with pytest.raises(NotAllowed):
        reopen(row, thread, users[who])


def test_threads_are_counted_not_answers(row, clerk, boss):
    thread = say(row, clerk, "一")
    say(row, boss, "答", thread=thread)
    resolve(row, say(row, clerk, "二"), boss)
    found = count_threads(row)
    assert (found.total, found.open, found.resolved) == (2, 1, 1)


# Versions of a plan -------------------------------------------------------------------------------


@pytest.fixture
def corrected(secretariat, row, clerk, boss, users):
    """An open question about a published plan, and its correction."""
    models.Indicator.objects.update(status="approved")
    thread = say(row, boss, "請說明分母。", clerk)
    say(row, clerk, "分母如附表。", thread=thread, minute=1)
    models.Plan.objects.update(status="published")
    return all_actions.correct(
        plan_id=secretariat.pk,
        reason="件數有誤",
        indicator_ids=[row.pk],
        actor=acting(users["plan_manager"]),
        now=later(20),
    )


def test_correction_takes_the_threads_along(corrected, row, boss, clerk):
    fresh = corrected.indicators.get(lineage="failed-tender-rate")
    assert [remark.text for remark in remark_page(fresh, Asked(), ()).remarks] == [
        "請說明分母。",
        "分母如附表。",
    ]
    assert remark_page(row, Asked(), ()).remarks == ()
    assert count_threads(fresh).open == 1
    thread = models.Comment.objects.threads().get()
    say(fresh, boss, "謝謝", clerk, thread=thread, minute=21)
    assert [m.indicator_pk for m in mentions_of(acting(clerk))] == [fresh.pk]
    assert list(history.verify()) == []


def test_nothing_is_said_behind_a_correction(corrected, row, clerk):
    with pytest.raises(Refused, match="剛另立更正版本"):
        say(row, clerk, "再問", minute=22)


def test_plan_with_comments_is_not_replaced_by_a_document(secretariat, row, clerk, seed_record):
    say(row, clerk)
    with pytest.raises(NotAllowed, match="已有意見，不能再用文件取代"):
        all_actions.replace_plan(seed_record, by=None, now=NOW, discard_work=True)
    assert models.Comment.objects.count() == 1


# Not in the report --------------------------------------------------------------------------------


def test_report_and_documents_say_nothing_of_comments(secretariat, row, clerk, boss):
    bare = _printed(secretariat)
    thread = say(row, clerk, "外面看不到這句話", boss)
    say(row, boss, "這句也一樣", thread=thread)
    resolve(row, thread, boss)
    assert _printed(secretariat) == bare
    assert "看不到這句話" not in bare


def _printed(plan: models.Plan) -> str:
    record = load_plan(models.Plan.objects.get(pk=plan.pk))
    report = build(score_plan(record), city="臺中市政府")
    return html_document(report) + write_plan(record)


# The database -------------------------------------------------------------------------------------


@pytest.fixture
def thread(row, clerk, boss):
    made = say(row, clerk, "請說明分母。", boss)
    say(row, boss, "分母如附表。", clerk, thread=made)
    return made


def refused():
    return pytest.raises(IntegrityError, match=SAID)


CHANGES = [
    "text = '改'",
    "by_id = by_id + 1",
    "at = '2018-12-31 00:00:00+00:00'",
    "role = 'reviewer'",
    "acting_for_id = by_id",
    "parent_id = id",
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_said_is_not_changed(thread, change):
    with refused():
        sql(f"UPDATE indicators_comment SET {change} WHERE id = %s", thread.pk)


@pytest.mark.parametrize("table", ["comment", "mention"])
def test_what_was_said_is_not_deleted(thread, table):
    with refused():
        sql(f"DELETE FROM indicators_{table}")


def test_mention_is_not_moved_to_somebody_else(thread, city):
    with refused():
        sql("UPDATE indicators_mention SET user_id = %s", city.pk)


def test_thread_moves_only_to_another_version_of_its_plan(thread, secretariat, seed_record):
    other = secretariat.indicators.exclude(pk=thread.indicator_id)[0].pk
    move = "UPDATE indicators_comment SET indicator_id = %s"
    assert sql(move, other) == 2  # of the same year
    elsewhere = all_actions.replace_plan(replace(seed_record, year=106), by=None, now=NOW)
    with refused():
        sql(move, elsewhere.indicators.order_by("pk")[0].pk)


def test_answer_belongs_to_a_thread_of_its_own_indicator(thread, secretariat):
    answer = models.Comment.objects.get(parent=thread)
    fresh = row_of(models.Comment, answer.pk) | {"id": 10_000_000}
    with refused():
        insert(models.Comment, fresh | {"parent_id": answer.pk})
    other = secretariat.indicators.exclude(pk=thread.indicator_id)[0].pk
    with refused():
        insert(models.Comment, fresh | {"indicator_id": other})
    assert insert(models.Comment, fresh) == 1


@pytest.mark.sqlite  # PostgreSQL has no such statement
def test_nothing_said_is_displaced(thread):
    with refused():
        insert(models.Comment, row_of(models.Comment, thread.pk), "INSERT OR REPLACE")
    mention = row_of(models.Mention, models.Mention.objects.order_by("pk")[0].pk)
    with refused():
        insert(models.Mention, mention | {"id": 10_000_000}, "INSERT OR REPLACE")


@pytest.mark.postgresql  # SQLite has no TRUNCATE
@pytest.mark.parametrize("table", ["comment", "mention"])
def test_nothing_said_is_truncated(db, table):
    with refused():
        sql(f"TRUNCATE indicators_{table} CASCADE")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("comment_role_choice", {"role": "king"}),
        ("comment_text_filled", {"text": " \u3000\n"}),
        ("comment_text_length", {"text": "字" * 4001}),
        ("comment_text_clean", {"text": "a\x01"}),
        ("comment_resolved_together", {"resolved_at": NOW}),
    ],
)
def test_row_against_a_check_is_refused(thread, name, change):
    with without_guards(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        models.Comment.objects.filter(pk=thread.pk).update(**change)


def test_answer_is_not_resolved(thread, boss):
    answers = models.Comment.objects.filter(parent=thread)
    with pytest.raises(IntegrityError, match="comment_resolved_at_its_first"), transaction.atomic():
        answers.update(resolved_at=NOW, resolved_by=boss)


def test_nobody_is_told_twice_of_one_comment(thread, boss):
    with without_guards(), pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        models.Mention.objects.create(comment=thread, user=boss)


def test_no_guard_is_missing(db):
    assert guards.missing(connection) == []
