"""Publication: the files that are kept, the database that keeps them, versions, anchors."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.urls import reverse

from indicators import actions, history, models
from indicators.guards import KEPT
from indicators.guards.rules import SENTENCES, WRITTEN_ONCE
from indicators.permissions import NotAllowed, actor_of
from reports.fonts import MissingCharacters
from reports.models import FILES, PublishedReport
from reports.publish import body_of, publish
from tests.conftest import NOW
from tests.indicators.conftest import command  # noqa: F401  a fixture
from tests.indicators.frozen import insert, row_of, sql, table
from tests.indicators.test_steps import TODAY, record, submit
from tests.shared_rows import shared_rows

CITY = "臺中市政府"
WHEN = datetime(2019, 1, 15, 16, 30, tzinfo=UTC)  # 16 January in Taipei
PAGE = "/tc-secretariat/107"


@shared_rows
def published(reviewed, users):
    reviewer = actor_of(users["reviewer"], TODAY)
    return publish(plan_id=reviewed.pk, city=CITY, actor=reviewer, now=WHEN)


@shared_rows
def corrected(published, users):
    """A correction under way: version 2, one indicator returned."""
    row = models.Indicator.objects.get(plan=published.plan_id, lineage="failed-tender-rate")
    return actions.correct(
        plan_id=published.plan_id,
        reason="列管件數有誤",
        indicator_ids=[row.pk],
        actor=actor_of(users["plan_manager"], TODAY),
        now=NOW,
    )


def downloaded(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content


# What is kept -------------------------------------------------------------------------------------


def test_publication_keeps_the_files_with_their_hashes_and_the_head(published, reviewed):
    (head,) = history.heads(reviewed.pk)
    assert (published.chain, published.sequence, published.chain_hash) == (
        head.chain,
        head.sequence,
        head.hash,
    )
    event = models.AuditEvent.objects.get(action="publish")
    assert event.hash == published.chain_hash
    assert (published.version, published.reason, published.published_at) == (1, "", WHEN)
    for field in FILES.values():
        content = bytes(getattr(published, field))
        assert hashlib.sha256(content).hexdigest() == getattr(published, f"{field}_sha256")
    assert bytes(published.pdf).startswith(b"%PDF-")
    assert json.loads(bytes(published.plan_json))["format"] == "kpi-plan/1"


def test_the_report_states_version_date_and_anchor(published):
    body = body_of(bytes(published.html))
    assert "第1版" in body
    assert "108年1月16日" in body
    assert f"{published.chain}，第{published.sequence}筆" in body
    assert published.chain_hash in body


def test_a_report_that_is_not_published_states_no_version(reviewed, users, sign_in):
    page = sign_in(users["clerk"]).get(f"{PAGE}/report/").content.decode()
    assert "版本與公告" not in page


def test_addresses_of_the_plan_serve_the_kept_bytes(published, users, sign_in):
    client = sign_in(users["clerk"])
    for name, field in FILES.items():
        if name != "report.html":
            assert downloaded(client, f"{PAGE}/{name}") == bytes(getattr(published, field))


def test_the_report_page_shows_the_kept_report(published, users, sign_in):
    page = sign_in(users["clerk"]).get(f"{PAGE}/report/").content.decode()
    assert body_of(bytes(published.html)) in page


def test_the_command_writes_the_kept_bytes(published, command, tmp_path):  # noqa: F811
    target = tmp_path / "report"
    for form in ("pdf", "html"):
        arguments = ("tc-secretariat", "107", "--format", form, "-o", str(target))
        assert command("render_report", *arguments).code == 0
        assert target.read_bytes() == bytes(getattr(published, form))


# All or nothing -----------------------------------------------------------------------------------


def nothing_happened(plan):
    events = models.AuditEvent.objects.filter(action="publish").exists()
    steps = models.Step.objects.filter(name="publish").exists()
    status = models.Plan.objects.get(pk=plan.pk).status
    return (events, steps, status, PublishedReport.objects.exists()) == (
        False,
        False,
        "reviewed",
        False,
    )


def test_what_the_fonts_lack_stops_publication_and_nothing_is_half_done(
    reviewed, act, users, sign_in
):
    models.Measurement.objects.filter(indicator__plan=reviewed).update(analysis="達成\U0001f600")
    with pytest.raises(MissingCharacters):
        publish(plan_id=reviewed.pk, city=CITY, actor=act("reviewer"), now=WHEN)
    assert nothing_happened(reviewed)
    seen = models.Step.objects.filter(plan=reviewed, indicator=None).latest("pk").pk
    answer = sign_in(users["reviewer"]).post(f"{PAGE}/sign-off/publish/", {"seen": seen})
    assert answer.status_code == 422
    assert "U+1F600" in answer.content.decode()
    assert nothing_happened(reviewed)


def test_without_fonts_nothing_is_published(reviewed, users, sign_in, monkeypatch, tmp_path):
    from reports import fonts

    monkeypatch.setenv("REPORT_FONT_DIR", str(tmp_path))
    for cached in (fonts._face, fonts._coverage, fonts._subset):
        cached.cache_clear()
    seen = models.Step.objects.filter(plan=reviewed, indicator=None).latest("pk").pk
    try:
        answer = sign_in(users["reviewer"]).post(f"{PAGE}/sign-off/publish/", {"seen": seen})
    finally:
        for cached in (fonts._face, fonts._coverage, fonts._subset):
            cached.cache_clear()
    assert answer.status_code == 503
    assert nothing_happened(reviewed)


@pytest.mark.parametrize("role", ["clerk", "supervisor", "plan_manager", "administrator"])
def test_only_the_city_publishes(reviewed, act, role):
    with pytest.raises(NotAllowed):
        publish(plan_id=reviewed.pk, city=CITY, actor=act(role), now=WHEN)
    assert nothing_happened(reviewed)


def test_a_plan_that_is_not_reviewed_is_not_published(closed, act):
    with pytest.raises(NotAllowed, match="送研考會"):
        publish(plan_id=closed.pk, city=CITY, actor=act("reviewer"), now=WHEN)


def test_a_change_between_printing_and_publishing_stops_publication(reviewed, act, monkeypatch):
    """Somebody with the database's own tools changes a text while the PDF is made."""
    from reports import publish as publishing

    def slow(*arguments, then=publishing._print):
        files = then(*arguments)
        models.Measurement.objects.filter(indicator__plan=reviewed).update(analysis="改")
        return files

    monkeypatch.setattr(publishing, "_print", slow)
    with pytest.raises(NotAllowed, match="又有變動"):
        publish(plan_id=reviewed.pk, city=CITY, actor=act("reviewer"), now=WHEN)
    assert nothing_happened(reviewed)


def test_who_looked_at_an_earlier_state_does_not_publish(reviewed, act):
    seen = models.Step.objects.filter(plan=reviewed, name="close").get().pk
    with pytest.raises(NotAllowed, match="再看一次"):
        publish(plan_id=reviewed.pk, city=CITY, actor=act("reviewer"), now=WHEN, seen=seen)


# The database -------------------------------------------------------------------------------------


def kept():
    return pytest.raises(IntegrityError, match=f"{KEPT}: {SENTENCES[KEPT]}")


def test_a_published_report_is_neither_changed_nor_deleted(published):
    with kept():
        sql(f"UPDATE {table(PublishedReport)} SET reason = '改' WHERE id = %s", published.pk)
    with kept():
        sql(f"DELETE FROM {table(PublishedReport)} WHERE id = %s", published.pk)
    assert PublishedReport.objects.get(pk=published.pk).reason == ""


def test_no_report_is_kept_of_a_plan_that_is_not_published(published, corrected):
    row = row_of(PublishedReport, published.pk) | {"id": 10_000_000, "plan_id": corrected.pk}
    with kept():
        insert(PublishedReport, row)


@pytest.mark.sqlite  # PostgreSQL has no such statement
def test_no_published_report_is_displaced(published):
    row = row_of(PublishedReport, published.pk)
    with kept():
        insert(PublishedReport, row, "INSERT OR REPLACE")
    with kept():
        insert(PublishedReport, row | {"id": 10_000_000}, "INSERT OR REPLACE")


@pytest.mark.postgresql  # SQLite has no TRUNCATE
def test_published_reports_are_not_truncated(db):
    with kept():
        sql(f"TRUNCATE {table(PublishedReport)} CASCADE")


def test_every_row_of_reports_is_written_once():
    """A new model belongs to `keep` in apps.py, or here with a reason."""
    assert list(apps.get_app_config("reports").get_models()) == WRITTEN_ONCE


def test_the_guards_of_published_reports_are_missed(db):
    from indicators import guards

    name = "guard_reports_publishedreport_delete"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION {name} CASCADE")
        else:
            cursor.execute(f"DROP TRIGGER {name}")
    assert guards.missing(connection) == [name]
    guards.install(connection)
    assert guards.missing(connection) == []


# Versions -----------------------------------------------------------------------------------------


def test_versions_stay_readable_while_a_correction_is_under_way(
    corrected, published, users, sign_in
):
    client = sign_in(users["clerk"])
    page = client.get(f"{PAGE}/versions/").content.decode()
    assert "第 1 版" in page
    assert published.pdf_sha256 in page
    assert "第 2 版正在更正" in page
    for name, field in FILES.items():
        kept_bytes = bytes(getattr(published, field))
        assert downloaded(client, f"{PAGE}/versions/1/{name}") == kept_bytes
    for path in ("", "report/"):
        assert f"{PAGE}/versions/" in client.get(f"{PAGE}/{path}").content.decode()


OF_INDICATOR = ["indicator", "trend", "interim", "comments", "indicator_history", "entry_sent"]


def of_indicator(name, pk):
    return reverse(name, args=["tc-secretariat", 107, pk])


@pytest.mark.parametrize("name", OF_INDICATOR)
def test_an_address_of_the_published_version_leads_to_the_indicator_as_it_is_now(
    name, corrected, row, users, sign_in
):
    now = corrected.indicators.get(lineage=row.lineage).pk
    client = sign_in(users["clerk"])
    response = client.get(of_indicator(name, row.pk) + "?x=%3D")
    assert (response.status_code, response["Location"]) == (302, of_indicator(name, now) + "?x=%3D")
    page = client.get(of_indicator("indicator", now))
    assert "這個網址是第 1 版的，以下是第 2 版。" in page.content.decode()


def test_every_indicator_leads_to_its_own_successor(corrected, published, users, sign_in):
    client = sign_in(users["auditor"])
    titles = dict(corrected.indicators.values_list("pk", "title"))
    for pk, title in published.plan.indicators.order_by("pk").values_list("pk", "title"):
        target = client.get(of_indicator("indicator", pk))["Location"]
        assert titles.pop(int(target.rstrip("/").rpartition("/")[2])) == title
    assert titles == {}


def test_an_indicator_without_lineage_is_found_by_its_place(reviewed, act, row, users, sign_in):
    models.Indicator.objects.update(lineage="")
    publish(plan_id=reviewed.pk, city=CITY, actor=act("reviewer"), now=WHEN)
    new = actions.correct(
        plan_id=reviewed.pk, reason="更正", indicator_ids=[row.pk], actor=act("reviewer"), now=WHEN
    )
    now = new.indicators.get(title=row.title).pk
    response = sign_in(users["clerk"]).get(of_indicator("indicator", row.pk))
    assert response["Location"] == of_indicator("indicator", now)


def test_an_old_address_says_nothing_to_who_may_not_see_the_plan(
    corrected, row, other_agency, make_user, sign_in
):
    client = sign_in(make_user("clerk", other_agency, name="elsewhere"))
    assert client.get(of_indicator("indicator", row.pk)).status_code == 404


def test_an_indicator_of_another_year_is_still_a_404(corrected, row, seed_record, users, sign_in):
    other = actions.replace_plan(replace(seed_record, year=106), by=None, now=NOW)
    pk = other.indicators.get(lineage=row.lineage).pk
    assert sign_in(users["clerk"]).get(of_indicator("indicator", pk)).status_code == 404


def test_what_is_sent_to_an_old_address_is_not_taken_and_says_why(corrected, row, users, sign_in):
    client, events = sign_in(users["clerk"]), models.AuditEvent.objects.count()
    response = client.post(of_indicator("comments", row.pk), {"text": "請說明"})
    assert response.status_code == 403
    assert "剛才送出的內容沒有儲存" in response.content.decode()
    assert models.AuditEvent.objects.count() == events
    assert not models.Comment.objects.exists()


def test_a_correction_is_published_beside_the_first_version(
    corrected, published, act, users, sign_in
):
    fresh = corrected.indicators.get(lineage="failed-tender-rate")
    record(fresh, act, "151")
    submit(fresh, act("clerk"))
    revision = models.Indicator.objects.get(pk=fresh.pk).revision
    actions.approve(revisions={fresh.pk: revision}, actor=act("supervisor"), now=NOW)
    actions.close(plan_id=corrected.pk, actor=act("plan_manager"), now=NOW)
    actions.review(plan_id=corrected.pk, actor=act("reviewer"), now=NOW)
    second = publish(plan_id=corrected.pk, city=CITY, actor=act("reviewer"), now=WHEN)
    body = body_of(bytes(second.html))
    assert "第2版，取代第1版" in body
    assert "列管件數有誤" in body
    client = sign_in(users["clerk"])
    page = client.get(f"{PAGE}/versions/").content.decode()
    assert page.index("第 2 版") < page.index("第 1 版")
    assert downloaded(client, f"{PAGE}/report.pdf") == bytes(second.pdf)
    assert downloaded(client, f"{PAGE}/versions/1/report.pdf") == bytes(published.pdf)


def test_a_correction_keeps_who_is_responsible_and_who_recorded(reviewed, act, row, users):
    unit = reviewed.agency.units.order_by("pk").first()
    figure = reviewed.figures.order_by("pk").first()
    models.Figure.objects.filter(pk=figure.pk).update(owner=unit)
    models.Measurement.objects.filter(indicator=row).update(recorded_by=users["clerk"])
    before = models.Measurement.objects.get(indicator=row)
    publish(plan_id=reviewed.pk, city=CITY, actor=act("reviewer"), now=WHEN)
    new = actions.correct(
        plan_id=reviewed.pk,
        reason="列管件數有誤",
        indicator_ids=[row.pk],
        actor=act("plan_manager"),
        now=WHEN,
    )
    owners = dict(new.figures.values_list("key", "owner"))
    assert {key for key, owner in owners.items() if owner} == {figure.key}
    after = models.Measurement.objects.get(indicator=new.indicators.get(lineage=row.lineage))
    assert after.recorded_by == users["clerk"]
    assert after.recorded_at == before.recorded_at


def test_the_anchor_file_verifies_the_history(published, users, sign_in, command, tmp_path):  # noqa: F811
    anchor = tmp_path / "anchor.json"
    anchor.write_bytes(downloaded(sign_in(users["clerk"]), f"{PAGE}/versions/1/anchor.json"))
    assert command("verify_history", "--anchor", str(anchor)).code == 0
    document = json.loads(anchor.read_text())
    assert document["files"]["report.pdf"] == published.pdf_sha256
    document["heads"][0]["hash"] = "0" * 64
    anchor.write_text(json.dumps(document))
    ended = command("verify_history", "--anchor", str(anchor))
    assert (ended.code, "與錨點不符" in ended.err) == (1, True)


def test_a_version_or_file_that_is_not_there_is_a_404(published, users, sign_in):
    client = sign_in(users["clerk"])
    for path in ("2/report.pdf", "1/report.txt", "1/html", "2/anchor.json"):
        assert client.get(f"{PAGE}/versions/{path}").status_code == 404


def test_versions_before_the_first_say_why_there_are_none(secretariat, users, sign_in):
    page = sign_in(users["clerk"]).get(f"{PAGE}/versions/").content.decode()
    assert "還沒有公告的版本" in page


def test_versions_of_another_agency_are_a_404(published, other_agency, make_user, sign_in):
    client = sign_in(make_user("clerk", other_agency, name="stranger"))
    for path in ("", "1/report.pdf", "1/anchor.json"):
        assert client.get(f"{PAGE}/versions/{path}").status_code == 404


def test_the_list_of_versions_reads_no_files(
    published, users, sign_in, django_assert_max_num_queries
):
    client = sign_in(users["clerk"])
    with django_assert_max_num_queries(12) as captured:
        client.get(f"{PAGE}/versions/")
    assert not [
        query for query in captured if '"pdf",' in query["sql"] or '"html",' in query["sql"]
    ]


# The pages of the plan's steps --------------------------------------------------------------------


def steps(client, **data):
    return client.post(f"{PAGE}/sign-off/", data, follow=True)


def status(plan):
    return models.Plan.objects.get(pk=plan.pk).status


def test_the_manager_closes(approved, users, sign_in):
    page = steps(sign_in(users["plan_manager"]), step="close").content.decode()
    assert "已關帳" in page
    assert status(approved) == "approved"


def test_what_is_open_is_named_and_keeps_the_plan_from_closing(
    secretariat, hand_in, row, users, sign_in
):
    hand_in(row)
    client = sign_in(users["plan_manager"])
    page = client.get(f"{PAGE}/sign-off/").content.decode()
    assert "還有 11 項指標尚未核定" in page
    assert "採購管理科　主管" in page
    assert "人事室　承辦人" in page
    assert "還有 11 項" in steps(client, step="close").content.decode()
    assert status(secretariat) == "draft"


@pytest.mark.parametrize(
    ("role", "step"),
    [
        ("clerk", "close"),
        ("supervisor", "close"),
        ("reviewer", "close"),
        ("plan_manager", "review"),
        ("plan_manager", "ask_back"),
        ("auditor", "review"),
        ("supervisor", "correct"),
    ],
)
def test_a_step_of_another_role_is_a_403(approved, users, sign_in, role, step):
    answer = sign_in(users[role]).post(f"{PAGE}/sign-off/", {"step": step})
    assert (answer.status_code, status(approved)) == (403, "draft")


def test_an_unknown_step_is_a_400(approved, users, sign_in):
    assert sign_in(users["plan_manager"]).post(f"{PAGE}/sign-off/", {}).status_code == 400


def test_the_city_reviews_what_it_looked_at(closed, users, sign_in):
    client = sign_in(users["reviewer"])
    assert "再看一次" in steps(client, step="review", seen="1").content.decode()
    assert status(closed) == "approved"
    seen = models.Step.objects.filter(plan=closed, indicator=None).latest("pk").pk
    assert "已複核" in steps(client, step="review", seen=seen).content.decode()
    assert status(closed) == "reviewed"


def test_the_city_asks_back_with_reason_and_indicators(closed, row, users, sign_in):
    client = sign_in(users["reviewer"])
    page = steps(client, step="ask_back").content.decode()
    assert "請寫明原因。" in page
    assert "請至少勾選一項要補正的指標。" in page
    data = {"ask_back-reason": "請補列管表", "ask_back-indicators": [row.pk]}
    assert "已退回" in steps(client, step="ask_back", **data).content.decode()
    assert status(closed) == "returned"
    assert models.Indicator.objects.get(pk=row.pk).status == "returned"


@pytest.mark.parametrize("reason", ["字\u0007元", "長" * 2001])
def test_a_reason_that_can_not_be_stored_is_a_sentence(closed, row, users, sign_in, reason):
    data = {"ask_back-reason": reason, "ask_back-indicators": [row.pk]}
    page = steps(sign_in(users["reviewer"]), step="ask_back", **data).content.decode()
    assert "還沒有送出" in page
    assert status(closed) == "approved"


def test_indicators_of_another_plan_are_refused(closed, row, users, sign_in, act):
    data = {"ask_back-reason": "補正", "ask_back-indicators": ["99999"]}
    page = steps(sign_in(users["reviewer"]), step="ask_back", **data).content.decode()
    assert "不在這份計畫裡" in page
    with pytest.raises(NotAllowed, match="至少選一項"):
        actions.ask_back(
            plan_id=closed.pk, reason="補正", indicator_ids=[99999], actor=act("reviewer"), now=NOW
        )
    assert status(closed) == "approved"


def test_publication_asks_once_and_names_what_stays(reviewed, users, sign_in):
    client = sign_in(users["reviewer"])
    page = client.get(f"{PAGE}/sign-off/publish/").content.decode()
    assert "公告 107 年度第 1 版？" in page
    assert "基礎資料、實際值與得分" in page
    assert "48 還是 47" in page  # the report's own contradiction, before it is too late
    seen = models.Step.objects.filter(plan=reviewed, indicator=None).latest("pk").pk
    answer = client.post(f"{PAGE}/sign-off/publish/", {"seen": seen}, follow=True)
    assert answer.request["PATH_INFO"] == f"{PAGE}/versions/"
    assert status(reviewed) == "published"
    assert PublishedReport.objects.count() == 1
    again = client.post(f"{PAGE}/sign-off/publish/", {"seen": seen}, follow=True)
    assert "計畫已公告" in again.content.decode()


def test_publishing_in_another_role_is_a_403(reviewed, users, sign_in):
    for role in ("plan_manager", "supervisor", "administrator"):
        answer = sign_in(users[role]).post(f"{PAGE}/sign-off/publish/", {"seen": "1"})
        assert answer.status_code == 403
    assert nothing_happened(reviewed)


def test_a_correction_begins_on_the_page(published, row, users, sign_in):
    data = {"correct-reason": "列管件數有誤", "correct-indicators": [row.pk]}
    page = steps(sign_in(users["plan_manager"]), step="correct", **data).content.decode()
    assert "已另立更正版本" in page
    assert "這是第 2 版" in page
    assert models.Plan.objects.get(version=2).correction_reason == "列管件數有誤"


def test_a_reason_that_the_report_can_not_print_is_refused_while_it_can_be_changed(
    published, row, users, sign_in
):
    data = {"correct-reason": "更正\U0001f600", "correct-indicators": [row.pk]}
    page = steps(sign_in(users["plan_manager"]), step="correct", **data).content.decode()
    assert "U+1F600" in page
    assert not models.Plan.objects.filter(version=2).exists()


@pytest.mark.parametrize("path", ["sign-off/", "sign-off/publish/"])
def test_steps_of_another_agency_are_a_404(approved, other_agency, make_user, sign_in, path):
    client = sign_in(make_user("plan_manager", other_agency, name="stranger"))
    assert client.post(f"{PAGE}/{path}", {"step": "close"}).status_code == 404


def test_the_citys_list_has_what_waits_for_it_first(closed, users, sign_in):
    page = sign_in(users["reviewer"]).get("/sign-off/").content.decode()
    assert "1 份計畫等候研考會" in page
    assert "11／11" in page


def test_the_citys_list_takes_the_same_queries_for_three_plans(
    secretariat, seed_record, users, sign_in, django_assert_num_queries
):
    from dataclasses import replace

    from django.test.utils import CaptureQueriesContext

    client = sign_in(users["reviewer"])
    with CaptureQueriesContext(connection) as one:
        client.get("/sign-off/")
    for year in (108, 109):
        actions.replace_plan(replace(seed_record, year=year), by=None, now=NOW)
    with django_assert_num_queries(len(one)):
        client.get("/sign-off/")


def test_evidence_of_a_correction_is_that_of_the_published_version(corrected, row):
    fresh = corrected.indicators.get(lineage="failed-tender-rate")
    names = list(row.evidence.order_by("pk").values_list("about", "name"))
    assert list(fresh.evidence.order_by("pk").values_list("about", "name")) == names
