"""Every URL, every role, every status, against one table of what each is answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from indicators import actions, models
from indicators.evidence import storage
from indicators.permissions import actor_of
from reports import publish
from tests.conftest import CITY_ROLES, NOW
from tests.indicators.test_steps import TODAY, prove

# Who asks. `elsewhere` has all three roles of an agency, in another one; `other_unit` is a clerk
# of the agency whose unit owns another indicator.
PEOPLE = (
    "anonymous",
    "elsewhere",
    "nobody",
    "clerk",
    "other_unit",
    "supervisor",
    "plan_manager",
    "reviewer",
    "administrator",
    "auditor",
)
# How far the plan has come: its indicator's status while it is open, then its own.
STATES = ("draft", "submitted", "returned", "approved", "closed", "reviewed", "published")

Answers = tuple[int, ...]  # one for each of PEOPLE


def row(anonymous: int, outside: int, inside: int, **single: int) -> Answers:
    """`outside`: those who may not see the plan; `inside`: the others, but for those named."""
    usual = (anonymous, outside, outside, *[inside] * 7)
    return tuple(single.get(who, code) for who, code in zip(PEOPLE, usual, strict=True))


PUBLIC = row(200, 200, 200)
SIGNED_IN = row(302, 200, 200)
OWN = row(302, 404, 200)
POST_PUBLIC = row(405, 405, 405)
POST_ONLY = row(302, 405, 405)
HOME = row(302, 302, 302)
NOTHING = row(302, 404, 404)
CONFIRM = row(302, 302, 302)  # to the log-in page, or to the question for the password
ADMINISTRATOR = row(302, 403, 403, administrator=200)
KEEPERS = row(302, 403, 403, administrator=200, auditor=200)
ELSEWHERE = row(302, 404, 302)  # to the page that says how it stands
CLERK = row(302, 404, 302, clerk=200)
CHECK = row(302, 404, 403, clerk=302)  # back to what is missing
REVIEW = row(302, 404, 302, supervisor=200, plan_manager=200)
MANAGER = row(302, 404, 403, plan_manager=200)

EXPECTED: dict[str, Answers] = {
    "login": row(200, 302, 302),
    "account_login": row(200, 302, 302),
    "logout": POST_PUBLIC,
    "account_logout": POST_PUBLIC,
    "mfa_authenticate": HOME,  # to the log-in page, or home
    "mfa_login_webauthn": HOME,
    "openid_connect_login": row(404, 404, 404),  # not set up
    "openid_connect_callback": row(404, 404, 404),
    "password_reset_link": HOME,
    "password_reset": row(410, 410, 410),  # only behind a link
    "account": SIGNED_IN,
    "mail_settings": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "end_sessions": POST_ONLY,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate": CONFIRM,
    "mfa_reauthenticate_webauthn": CONFIRM,
    "mfa_activate_totp": CONFIRM,
    "mfa_deactivate_totp": NOTHING,
    "mfa_add_webauthn": CONFIRM,
    "mfa_edit_webauthn": CONFIRM,
    "mfa_remove_webauthn": CONFIRM,
    "mfa_view_recovery_codes": NOTHING,
    "mfa_generate_recovery_codes": CONFIRM,
    "mfa_download_recovery_codes": NOTHING,
    "home": HOME,
    "my_work": SIGNED_IN,
    "mention_seen": POST_ONLY,
    "plans": SIGNED_IN,
    "language": HOME,  # back to where one came from
    "accessibility": PUBLIC,
    "contact": PUBLIC,
    "healthz": PUBLIC,
    "people": ADMINISTRATOR,
    "person_new": ADMINISTRATOR,
    "person": ADMINISTRATOR,
    "person_name": ADMINISTRATOR,
    "person_address": ADMINISTRATOR,
    "person_active": POST_ONLY,
    "role_take": POST_ONLY,
    "person_link": POST_ONLY,
    "person_unbind": POST_ONLY,
    "agencies": ADMINISTRATOR,
    "agency": ADMINISTRATOR,
    "agency_name": ADMINISTRATOR,
    "unit": ADMINISTRATOR,
    "unit_remove": POST_ONLY,
    "deputies": SIGNED_IN,
    "deputy_end": POST_ONLY,
    "assign": MANAGER,
    "board": OWN,
    "board_remind": POST_ONLY,
    "board_remind_unit": POST_ONLY,
    "board_due": MANAGER,
    "board_owner": MANAGER,
    "board_deputy": MANAGER,
    "calendar": OWN,
    "calendar_remove": POST_ONLY,
    "scorecard": OWN,
    "dashboard": OWN,
    "evidence_file": OWN,
    "export": OWN,
    "figures": OWN,
    "glance": OWN,
    "glance_pdf": OWN,
    "history": OWN,
    "history_csv": OWN,
    "indicator_history": OWN,
    "interim": OWN,
    "interim_settings": MANAGER,
    "trend": OWN,
    "what_if": OWN,
    "comments": OWN,
    "comment_thread": POST_ONLY,
    "accounts_history": KEEPERS,
    "accounts_history_csv": KEEPERS,
    "indicator": OWN,
    "entry": CLERK,
    "entry_draft": POST_ONLY,
    "entry_check": CHECK,
    "entry_sent": ELSEWHERE,
    "report": OWN,
    "report_pdf": OWN,
    "plan_json": OWN,
    "scorecard_json": OWN,
    "review_queue": OWN,
    "review_clean": ELSEWHERE,  # to the queue, where nothing can be approved at once
    "review_done": OWN,
    "review_indicator": ELSEWHERE,
    "reviews": SIGNED_IN,
    "plan_steps": OWN,
    "publish": ELSEWHERE,
    "versions": OWN,
    "version_file": NOTHING,
    "version_anchor": NOTHING,
}
# Printing takes a second and asks nothing that the pages do not: once, in the first state. What
# stands neither below a plan nor lists what to do with it is asked in the first and last state.
PRINTED = {"report_pdf", "glance_pdf"}
LISTS = {"home", "my_work", "plans", "reviews", "deputies"}
CLOSED_TO_MANAGER = dict.fromkeys(
    ("assign", "board_due", "board_owner", "board_deputy"), row(302, 404, 403)
)
LOCKED = {
    "entry": ELSEWHERE,
    "entry_check": row(302, 404, 403),
    "interim_settings": row(302, 404, 403),
}
CHANGES: dict[str, dict[str, Answers]] = {
    "draft": {},
    "submitted": LOCKED
    | {
        "entry_sent": OWN,
        "review_indicator": REVIEW,
        "review_clean": row(302, 404, 302, supervisor=200),
    },
    "returned": {"entry_check": row(302, 404, 403, clerk=200)},
    "approved": LOCKED | {"review_indicator": REVIEW},
    "closed": LOCKED | CLOSED_TO_MANAGER,
    "reviewed": LOCKED | CLOSED_TO_MANAGER | {"publish": row(302, 404, 302, reviewer=200)},
    "published": LOCKED | CLOSED_TO_MANAGER | {"version_file": OWN, "version_anchor": OWN},
}
# Who may write by POST at all; for anybody else it is 403, 404 or 405, whatever is sent.
OF_ADMINISTRATOR = (
    "person_new",
    "person",
    "person_name",
    "person_address",
    "person_active",
    "role_take",
    "person_link",
    "person_unbind",
    "agencies",
    "agency",
    "agency_name",
    "unit",
    "unit_remove",
)
WHO_COMMENT = {"clerk", "supervisor", "plan_manager", "reviewer"}
# What is sent where, and who may: for anybody else it is 403, 404 or 405, and nothing is written.
WRITES: tuple[tuple[str, dict[str, str], set[str]], ...] = (
    ("entry", {"op": "save"}, {"clerk"}),
    ("entry_draft", {}, {"clerk"}),
    ("entry_check", {"revision": "0"}, {"clerk"}),
    ("figures", {}, {"clerk", "plan_manager"}),
    ("trend", {"outcome": "kept", "note": "因"}, {"supervisor", "plan_manager"}),
    ("assign", {}, {"plan_manager"}),
    ("board_remind", {}, {"supervisor", "plan_manager"}),
    ("board_remind_unit", {}, {"supervisor", "plan_manager"}),
    ("board_due", {"due": "999/1/1", "reason": "因"}, {"plan_manager"}),
    ("board_owner", {"owner": "1", "reason": "因"}, {"plan_manager"}),
    ("board_deputy", {}, {"plan_manager"}),
    ("calendar", {"day": "107/7/11", "kind": "off", "note": "颱風停班"}, {"plan_manager"}),
    ("calendar_remove", {}, {"plan_manager"}),
    ("interim", {}, {"clerk"}),
    ("interim_settings", {"period": "month", "path": "even"}, {"plan_manager"}),
    ("review_queue", {"item": "PK:0"}, {"supervisor"}),
    ("review_indicator", {"decision": "approve", "revision": "0"}, {"supervisor"}),
    (
        "review_indicator",
        {"decision": "return", "revision": "0", "reason": "因"},
        {"supervisor", "plan_manager"},
    ),
    ("comments", {"text": "請說明"}, WHO_COMMENT),
    ("comments", {}, WHO_COMMENT),
    ("comments", {"text": "請說明", "thread": "THREAD"}, WHO_COMMENT),
    ("comment_thread", {"op": "resolve"}, WHO_COMMENT),
    ("comment_thread", {"op": "reopen"}, WHO_COMMENT),
    ("mention_seen", {}, set()),  # somebody else's
    ("plan_steps", {"step": "close"}, {"plan_manager"}),
    ("plan_steps", {"step": "review"}, {"reviewer"}),
    ("plan_steps", {"step": "ask_back"}, {"reviewer"}),
    ("plan_steps", {"step": "correct"}, {"plan_manager", "reviewer"}),
    ("publish", {}, {"reviewer"}),
    *((name, {}, {"administrator"}) for name in OF_ADMINISTRATOR),
)
CLOSED = [  # allauth's own addresses that the portal doesn't have
    "signup/",
    "signup/passkey/",
    "inactive/",
    "email/",
    "confirm-email/",
    "confirm-email/x/",
    "password/set/",
    "password/change/",
    "password/reset/",
    "password/reset/key/1-x/",
    "login/code/confirm/",
    "reauthenticate/",
    "2fa/",
    "2fa/authenticate/",
    "3rdparty/",
    "3rdparty/signup/",
    "social/connections/",
    "oidc/city/login/",
    "sessions/",
    "accounts/login/",
    "admin/",
]


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def names() -> list[str]:
    return [pattern.name or str(pattern.pattern) for pattern in patterns(get_resolver())]


OF_NO_PLAN = {
    entry.name for entry in patterns(get_resolver()) if "year" not in entry.pattern.converters
} - LISTS


@pytest.fixture
def plan(secretariat, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    return secretariat


@pytest.fixture
def indicator(plan):
    return plan.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def clients(plan, indicator, other_agency, make_user):
    """A browser for each of PEOPLE."""
    agency = plan.agency
    found = {"anonymous": None, "nobody": models.User.objects.create(username="nobody")}
    for role in models.Role.Name.values:
        found[role] = make_user(role, None if role in CITY_ROLES else agency)
    found["elsewhere"] = make_user("clerk", other_agency, name="elsewhere")
    for role in ("supervisor", "plan_manager"):
        models.Role.objects.create(user=found["elsewhere"], name=role, agency=other_agency)
    found["other_unit"] = models.User.objects.create(username="other-unit")
    unit = agency.units.exclude(pk=indicator.owner_id).order_by("pk")[0]
    models.Role.objects.create(user=found["other_unit"], name="clerk", agency=agency, unit=unit)
    return {who: client_of(found[who]) for who in PEOPLE}


def client_of(user: models.User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def address(plan, indicator, django_user_model):
    """address("entry"): its path, with keys of things that are there."""
    values = {"agency": "tc-secretariat", "year": 107, "token": "x", "version": 1}
    values |= {"name": "report.pdf", "pk": indicator.pk, "unit": indicator.owner_id}
    person = django_user_model.objects.create(username="looked-at")
    away = django_user_model.objects.create(username="away")
    unit = plan.agency.units.order_by("pk")[0].pk
    keys = dict.fromkeys(
        [
            "person",
            "person_name",
            "person_address",
            "person_active",
            "person_link",
            "person_unbind",
        ],
        person.pk,
    )
    keys |= {"agency": plan.agency_id, "agency_name": plan.agency_id, "unit": unit}
    keys |= {"evidence_file": a_file(indicator, person).pk, "role_take": person.pk}
    days = {"first_day": TODAY, "last_day": TODAY}
    deputyship = models.Deputyship.objects.create(absent=person, deputy=away, **days)
    keys |= {"deputy_end": deputyship.pk, "unit_remove": unit}
    mention = a_mention(indicator, person)
    keys |= {"mention_seen": mention.pk}
    values |= {"thread": mention.comment_id}
    others = {"export": {"name": "scorecard", "format": "csv"}}
    typhoon = models.CalendarDay.objects.create(
        agency=plan.agency, day="2018-07-10", is_workday=False, note="颱風停班"
    )
    keys |= {"calendar_remove": typhoon.pk}
    wanted = {entry.name: entry.pattern.converters for entry in patterns(get_resolver())}

    def of(name: str) -> str:
        own = values | ({"pk": keys[name]} if name in keys else {}) | others.get(name, {})
        return reverse(name, kwargs={key: own[key] for key in wanted[name]})

    return of


def a_file(indicator: models.Indicator, by: models.User) -> models.Evidence:
    stored = storage.write([b"%PDF-1.7 %%EOF"])
    return models.Evidence.objects.create(
        indicator=indicator,
        kind="file",
        name="清冊.pdf",
        stored_as=stored.name,
        sha256=stored.sha256,
        content_type="application/pdf",
        added_at=NOW,
        added_by=by,
    )


def a_mention(indicator: models.Indicator, of: models.User) -> models.Mention:
    said = models.Comment.objects.create(
        indicator=indicator, by=of, role="clerk", at=NOW, text="請說明"
    )
    return models.Mention.objects.create(comment=said, user=of)


@pytest.fixture
def reach(plan, indicator, clients):
    """reach("closed"): the plan, or while it is open its indicator, is in that status."""
    person = {role: models.User.objects.get(username=f"test-{role}") for role in STEPPERS}

    def act(role: str, minute: int) -> dict[str, object]:
        return {"actor": actor_of(person[role], TODAY), "now": NOW + timedelta(minutes=minute)}

    def to(state: str) -> None:
        rows = list(plan.indicators.order_by("pk"))
        wanted = STATES.index(state)
        for one in [] if state == "draft" else [indicator] if wanted < 4 else rows:
            prove(one, person["clerk"])
            actions.submit(indicator_id=one.pk, revision=0, **act("clerk", 0))
        if state == "returned":
            actions.return_for_correction(
                indicator_id=indicator.pk, reason="請核對", **act("supervisor", 1)
            )
        elif wanted >= STATES.index("approved"):
            some = {one.pk: 0 for one in (rows if wanted > 3 else [indicator])}
            actions.approve(revisions=some, **act("supervisor", 1))
        if wanted >= STATES.index("closed"):
            actions.close(plan_id=plan.pk, **act("plan_manager", 2))
        if wanted >= STATES.index("reviewed"):
            actions.review(plan_id=plan.pk, **act("reviewer", 3))
        if state == "published":
            publish.publish(plan_id=plan.pk, city="臺中市政府", **act("reviewer", 4))

    return to


STEPPERS = ("clerk", "supervisor", "plan_manager", "reviewer")


def answer(client: Client, method: str, url: str, body: dict[str, str] | None = None) -> int:
    response = getattr(client, method)(url, body)
    for _piece in response.streaming_content if response.streaming else ():
        pass  # a file is closed at its end
    return response.status_code


def test_table_names_every_url_once():
    assert sorted(names()) == sorted(EXPECTED)


@pytest.mark.parametrize("state", STATES)
def test_everybody_gets_what_the_table_says(state, clients, address, reach):
    reach(state)
    table = EXPECTED | CHANGES[state]
    left_out = {"draft": set(), "published": PRINTED}.get(state, PRINTED | OF_NO_PLAN)
    table = {name: codes for name, codes in table.items() if name not in left_out}
    paths = {name: address(name) for name in table}
    wrong = {
        (name, who): (found, expected)
        for name, codes in table.items()
        for who, expected in zip(PEOPLE, codes, strict=True)
        if (found := answer(clients[who], "get", paths[name])) != expected
    }
    assert wrong == {}


def sent(typical: dict[str, str], indicator: models.Indicator) -> dict[str, str]:
    keys = {"PK": indicator.pk, "THREAD": indicator.comments.order_by("pk")[0].pk}
    body = dict(typical)
    for word, key in keys.items():
        body = {name: value.replace(word, str(key)) for name, value in body.items()}
    return body


def test_who_is_mentioned_answers_in_that_thread_and_writes_nothing_else(
    clients, address, indicator
):
    addresses = {name: address(name) for name, _body, _who in WRITES}
    mentioned = models.User.objects.get(username="other-unit")
    thread = indicator.comments.order_by("pk")[0]
    models.Mention.objects.create(comment=thread, user=mentioned)
    codes = {
        (name, *typical): answer(
            clients["other_unit"], "post", addresses[name], sent(typical, indicator)
        )
        for name, typical, _writers in WRITES
        if name not in ("figures", "mention_seen")  # a unit has figures of its own
    }
    assert codes.pop(("comments", "text", "thread")) == 302
    assert set(codes.values()) <= {403, 404, 405}


@pytest.mark.parametrize("state", ["draft", "submitted", "reviewed", "published"])
def test_nobody_writes_who_may_not(state, clients, address, indicator, reach):
    reach(state)
    events = models.AuditEvent.objects.count()
    got_in = {}
    for name, typical, writers in WRITES:
        body = sent(typical, indicator)
        for who in set(PEOPLE) - writers:
            code = answer(clients[who], "post", address(name), body)
            if code not in ((302,) if who == "anonymous" else (403, 404, 405)):
                got_in[name, who, typical.get("step", "")] = code
    assert got_in == {}
    assert models.AuditEvent.objects.count() == events


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_the_library_would_open_is_closed(method, path, client, users, sign_in):
    assert getattr(client, method)(f"/{path}").status_code == 404
    assert getattr(sign_in(users["administrator"]), method)(f"/{path}").status_code == 404
