"""Who acts for whom: naming, hints, ending, and what a deputy may and may not do with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators import models
from indicators.actions import deputies
from indicators.actions.refusals import Missing, Refused
from indicators.forms.typed import roc
from indicators.permissions import NotAllowed, actor_of
from tests.conftest import NOW
from tests.indicators.test_pages import text

TODAY = timezone.localdate(NOW)


def day(offset: int):
    return TODAY + timedelta(days=offset)


@pytest.fixture
def act(users):
    return lambda role: actor_of(users[role], TODAY)


def name(actor, absent, deputy, first=0, last=7):
    deputies.name_deputy(
        absent_id=absent.pk,
        deputy_id=deputy.pk,
        first_day=day(first),
        last_day=day(last),
        actor=actor,
        now=NOW,
    )


def end(actor, row):
    deputies.end_deputyship(pk=row.pk, actor=actor, now=NOW)


def stored(absent, deputy, first=0, last=7):
    return models.Deputyship.objects.create(
        absent=absent, deputy=deputy, first_day=day(first), last_day=day(last)
    )


def only() -> models.Deputyship:
    return models.Deputyship.objects.get()


# Actions -----------------------------------------------------------------------------------------


def test_a_person_names_a_colleague_and_it_is_on_record(act, users):
    name(act("clerk"), users["clerk"], users["supervisor"])
    row = only()
    assert (row.absent, row.deputy) == (users["clerk"], users["supervisor"])
    event = models.AuditEvent.objects.get(object_kind="deputyship")
    assert (event.action, event.actor, event.acting_for) == ("name", users["clerk"], None)
    assert event.content()["after"] == {
        "absent": "test-clerk",
        "deputy": "test-supervisor",
        "first_day": day(0).isoformat(),
        "last_day": day(7).isoformat(),
    }


def test_a_plan_manager_names_deputies_for_people_of_the_agency(act, users):
    name(act("plan_manager"), users["clerk"], users["supervisor"])
    assert only().absent == users["clerk"]


def test_the_deputy_of_a_plan_manager_does_too_and_both_are_on_record(
    act, users, make_user, secretariat
):
    deputy = make_user("clerk", secretariat.agency, name="stand-in")
    stored(users["plan_manager"], deputy)
    name(actor_of(deputy, TODAY), users["clerk"], users["supervisor"])
    event = models.AuditEvent.objects.get(object_kind="deputyship")
    assert (event.actor, event.acting_for) == (deputy, users["plan_manager"])


@pytest.mark.parametrize("role", ["supervisor", "reviewer", "administrator", "auditor"])
def test_nobody_else_names_a_deputy_for_another(role, act, users, make_user, secretariat):
    deputy = make_user("clerk", secretariat.agency, name="other-clerk")
    with pytest.raises(NotAllowed, match="研考承辦"):
        name(act(role), users["clerk"], deputy)


def test_a_plan_manager_of_another_agency_does_not(users, make_user, other_agency):
    foreign = make_user("plan_manager", other_agency, name="foreign")
    with pytest.raises(NotAllowed):
        name(actor_of(foreign, TODAY), users["clerk"], users["supervisor"])


def test_a_plan_manager_does_not_lend_roles_of_another_agency(act, users, other_agency):
    models.Role.objects.create(user=users["clerk"], name="clerk", agency=other_agency)
    with pytest.raises(NotAllowed, match="其他機關也有角色"):
        name(act("plan_manager"), users["clerk"], users["supervisor"])


def test_a_plan_manager_does_not_take_the_place_of_another(act, users):
    with pytest.raises(Refused, match="您自己"):
        name(act("plan_manager"), users["supervisor"], users["plan_manager"])


def test_a_role_of_the_city_needs_no_deputy(act, users):
    with pytest.raises(NotAllowed, match="機關裡的角色"):
        name(act("reviewer"), users["reviewer"], users["clerk"])


def test_the_deputy_is_an_active_colleague(act, users, make_user, other_agency):
    stranger = make_user("clerk", other_agency, name="stranger")
    for deputy in (stranger, users["reviewer"]):
        with pytest.raises(Refused, match="同機關"):
            name(act("clerk"), users["clerk"], deputy)
    models.User.objects.filter(pk=users["supervisor"].pk).update(is_active=False)
    with pytest.raises(Refused, match="使用中"):
        name(act("clerk"), users["clerk"], users["supervisor"])


def test_nobody_is_their_own_deputy(act, users):
    with pytest.raises(Refused, match="另一個人"):
        name(act("clerk"), users["clerk"], users["clerk"])


@pytest.mark.parametrize(
    ("first", "last", "field"), [(-1, 3, "first_day"), (3, 2, "last_day"), (-9, -8, "first_day")]
)
def test_days_lie_ahead_and_in_order(first, last, field, act, users):
    with pytest.raises(Refused) as refused:
        name(act("clerk"), users["clerk"], users["supervisor"], first, last)
    assert refused.value.field == field


@pytest.mark.parametrize(("first", "last"), [(0, 2), (7, 9), (2, 3), (0, 30)])
def test_the_same_pair_does_not_overlap(first, last, act, users):
    stored(users["clerk"], users["supervisor"], 2, 7)
    with pytest.raises(Refused, match="已經有代理"):
        name(act("clerk"), users["clerk"], users["supervisor"], first, last)


def test_another_deputy_or_the_next_day_is_no_overlap(act, users):
    stored(users["clerk"], users["supervisor"], 2, 7)
    name(act("clerk"), users["clerk"], users["supervisor"], 8, 9)
    name(act("clerk"), users["clerk"], users["plan_manager"], 2, 7)
    assert models.Deputyship.objects.count() == 3


def test_a_deputy_s_deputy_has_no_rights(users, make_user, secretariat):
    third = make_user("clerk", secretariat.agency, name="third")
    stored(users["supervisor"], users["clerk"])
    stored(users["clerk"], third)
    names = {post.name for post in actor_of(third, TODAY).posts}
    assert names == {"clerk"}


def test_ending_makes_today_the_last_day(act, users):
    row = stored(users["clerk"], users["supervisor"], -3, 7)
    end(act("clerk"), row)
    assert only().last_day == TODAY
    event = models.AuditEvent.objects.get(object_kind="deputyship")
    assert event.action == "end"
    assert event.content()["before"] == {"last_day": day(7).isoformat()}
    assert event.content()["after"] == {"last_day": TODAY.isoformat()}


def test_what_has_not_begun_goes_but_stays_on_record(act, users):
    row = stored(users["clerk"], users["supervisor"], 1, 7)
    end(act("clerk"), row)
    assert not models.Deputyship.objects.exists()
    event = models.AuditEvent.objects.get(object_kind="deputyship")
    assert (event.action, event.content()["before"]["deputy"]) == ("cancel", "test-supervisor")


@pytest.mark.parametrize("last", [-1, 0])
def test_what_is_over_is_not_ended_again(last, act, users):
    row = stored(users["clerk"], users["supervisor"], -3, last)
    with pytest.raises(Refused, match="已經結束"):
        end(act("clerk"), row)


def test_who_may_end_it(act, users, make_user, secretariat, other_agency):
    row = stored(users["clerk"], users["supervisor"])
    with pytest.raises(NotAllowed):
        end(act("supervisor"), row)  # the deputy sees it, and ends nothing
    bystander = make_user("clerk", secretariat.agency, name="bystander")
    foreign = make_user("plan_manager", other_agency, name="foreign")
    for person in (bystander, foreign, users["administrator"]):
        with pytest.raises(Missing):
            end(actor_of(person, TODAY), row)
    end(act("plan_manager"), row)


# Pages -------------------------------------------------------------------------------------------


def post(client, **values):
    days = {"first_day": roc(day(0)), "last_day": roc(day(7))}
    return client.post("/deputies/", days | values)


def test_a_person_names_a_deputy_on_the_page(users, sign_in):
    client = sign_in(users["clerk"])
    assert post(client, deputy=users["supervisor"].pk).status_code == 302
    page = text(client.get("/deputies/"))
    assert "代理已設定" in page
    assert "測試者 代理 測試者" in page
    assert "代理中" in page
    assert client.post(f"/deputies/{only().pk}/end/").status_code == 302
    assert only().last_day == TODAY


def test_the_field_of_the_absent_is_only_a_plan_manager_s(users, sign_in):
    client = sign_in(users["clerk"])
    assert b'name="absent"' not in client.get("/deputies/").content
    post(client, absent=users["supervisor"].pk, deputy=users["plan_manager"].pk)
    assert only().absent == users["clerk"]


def test_a_plan_manager_names_for_another_on_the_page(users, sign_in):
    client = sign_in(users["plan_manager"])
    post(client, absent=users["clerk"].pk, deputy=users["supervisor"].pk)
    assert only().absent == users["clerk"]
    assert "結束" in text(client.get("/deputies/"))


def test_the_deputy_sees_for_whom_and_has_no_button(users, sign_in):
    stored(users["clerk"], users["supervisor"])
    page = sign_in(users["supervisor"]).get("/deputies/")
    assert "測試者 代理 測試者" in text(page)
    assert b"/end/" not in page.content


def test_a_deputy_who_is_away_too_is_hinted_at(users, sign_in):
    stored(users["clerk"], users["supervisor"], 0, 7)
    client = sign_in(users["clerk"])
    assert "也請了代理人" not in text(client.get("/deputies/"))
    stored(users["supervisor"], users["plan_manager"], 5, 9)
    assert "這段期間也請了代理人；代理不會再轉給別人" in text(client.get("/deputies/"))


def test_a_disabled_deputy_is_hinted_at(users, sign_in):
    stored(users["clerk"], users["supervisor"])
    models.User.objects.filter(pk=users["supervisor"].pk).update(is_active=False)
    assert "帳號已停用，請改請別人代理" in text(sign_in(users["clerk"]).get("/deputies/"))


def test_people_of_the_city_are_told_that_they_need_none(users, sign_in):
    page = sign_in(users["administrator"]).get("/deputies/")
    assert "您不需要代理人" in text(page)
    assert b'name="deputy"' not in page.content


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"deputy": ""}, "請選擇代理人"),
        ({"deputy": "999999"}, "這個選項已經不在"),
        ({"first_day": ""}, "請填寫第一天"),
        ({"last_day": ""}, "請填寫最後一天"),
        ({"last_day": "明天"}, "請用民國年月日填寫"),
        ({"last_day": "108/2/30"}, "沒有「108/2/30」這一天"),
        ({"first_day": "108/1/5"}, "過去的日期"),
        ({"last_day": "108/1/5"}, "不能早於第一天"),
    ],
)
def test_bad_input_gets_a_sentence(values, sentence, users, sign_in):
    wanted = {"deputy": users["supervisor"].pk} | values
    response = post(sign_in(users["clerk"]), **wanted)
    assert text(response).count(sentence) >= 2
    assert not models.Deputyship.objects.exists()


def test_strangers_can_t_be_chosen(users, sign_in, make_user, other_agency):
    stranger = make_user("clerk", other_agency, name="stranger")
    client = sign_in(users["plan_manager"])
    for values in ({"absent": stranger.pk, "deputy": users["clerk"].pk}, {"deputy": stranger.pk}):
        assert "這個選項已經不在" in text(post(client, **values))
    assert not models.Deputyship.objects.exists()


def test_ending_somebody_else_s_is_a_404(users, sign_in, make_user, other_agency):
    row = stored(users["clerk"], users["supervisor"])
    client = sign_in(make_user("plan_manager", other_agency, name="foreign"))
    assert client.post(f"/deputies/{row.pk}/end/").status_code == 404
    assert client.post("/deputies/999999/end/").status_code == 404
    assert only().last_day == day(7)


def counted(client, path):
    client.get(path)  # the session's first page takes more
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_page_takes_the_same_queries_for_more_deputies(users, sign_in, make_user, secretariat):
    client = sign_in(users["plan_manager"])
    stored(users["clerk"], users["supervisor"])
    first = counted(client, "/deputies/")
    for number in range(3):
        person = make_user("clerk", secretariat.agency, name=f"more-{number}")
        stored(person, users["supervisor"])
        stored(users["plan_manager"], person)
    assert counted(client, "/deputies/") == first


def test_a_deputy_acts_only_in_agencies_of_their_own(users, make_user, secretariat, other_agency):
    absent = users["supervisor"]
    models.Role.objects.create(user=absent, name="plan_manager", agency=other_agency)
    deputy = make_user("clerk", secretariat.agency, name="stand-in")
    stored(absent, deputy)
    lent = [post for post in actor_of(deputy, TODAY).posts if post.of]
    assert [(post.name, post.agency_id) for post in lent] == [("supervisor", secretariat.agency_id)]
    deputy.roles.all().delete()
    assert actor_of(deputy, TODAY).posts == ()
