"""Evidence through its actions, its list, its download and its verification."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators import actions, models
from indicators.actions import EvidenceRefused
from indicators.entry_checks import blocking, check_entry
from indicators.entry_queries import EvidenceNotFound, evidence_of, proven
from indicators.evidence.storage import evidence_root
from indicators.forms.evidence import DocumentForm, FileForm
from indicators.permissions import NotAllowed, actor_of
from indicators.queries import find_indicator, load_indicator
from indicators.records import EvidenceRecord
from tests.conftest import NOW
from tests.indicators import evidence_files as made

TODAY = NOW.date()
FAILED, ALL = "流廢標件數", "招標案件數"


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return settings.EVIDENCE_ROOT


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def act(users):
    return lambda role: actor_of(users[role], TODAY)


@pytest.fixture
def attach(row, act):
    """attach("名稱.pdf", …): the file behind the number of failed tenders."""

    def keep(name="列管表.pdf", content=made.PDF, about=FAILED, role="clerk", of=None, now=NOW):
        return actions.attach_file(
            indicator_id=(of or row).pk,
            about=about,
            upload=SimpleUploadedFile(name, content, "text/html"),  # the browser's word
            actor=act(role),
            now=now,
        )

    return keep


@pytest.fixture
def cite(row, act):
    def keep(number="中市秘採字第1080000123號", about=FAILED, role="clerk"):
        return actions.cite_document(
            indicator_id=row.pk,
            about=about,
            number=number,
            dated=date(2019, 1, 5),
            actor=act(role),
            now=NOW,
        )

    return keep


@pytest.fixture
def withdraw(row, act):
    def take(evidence, role="clerk", of=None):
        actions.withdraw_evidence(
            indicator_id=(of or row).pk, evidence_id=evidence.pk, actor=act(role), now=NOW
        )

    return take


def files(root) -> list[str]:
    return sorted(path.name for path in root.iterdir()) if root.exists() else []


def events() -> list[models.AuditEvent]:
    return list(models.AuditEvent.objects.filter(object_kind="evidence").order_by("pk"))


# Attached -----------------------------------------------------------------------------------------
def test_a_file_is_stored_under_a_random_name_for_its_owner_only(attach, root, row, users):
    kept = attach()
    path = root / kept.stored_as
    assert files(root) == [kept.stored_as]
    assert re.fullmatch("[0-9a-f]{32}", kept.stored_as)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (made.PDF, 0o600)
    assert (kept.indicator_id, kept.about, kept.kind, kept.name) == (
        row.pk,
        FAILED,
        "file",
        "列管表.pdf",
    )
    assert (kept.content_type, kept.size) == ("application/pdf", len(made.PDF))
    assert (kept.sha256, kept.added_by) == (hashlib.sha256(made.PDF).hexdigest(), users["clerk"])
    assert proven(row) == {FAILED}


def test_attaching_is_one_event_and_no_new_revision(attach, row, users):
    kept = attach()
    (event,) = events()
    assert (event.action, event.object_id, event.object_label) == ("attach", kept.pk, "列管表.pdf")
    assert (event.actor, event.plan_id) == (users["clerk"], row.plan_id)
    assert event.content()["before"] == {}
    assert event.content()["after"] == {
        "indicator": row.title,
        "about": FAILED,
        "name": "列管表.pdf",
        "size": len(made.PDF),
        "sha256": kept.sha256,
    }
    assert models.Indicator.objects.get(pk=row.pk).revision == 0


def test_the_same_file_again_is_the_same_evidence(attach, root):
    first = attach()
    assert attach() == first
    assert (files(root), len(events())) == ([first.stored_as], 1)
    assert attach(about=ALL) != first
    assert attach(name="另一份.pdf") != first


def test_names_are_cleaned_before_they_are_kept(attach):
    assert attach(name="清冊\u202efdp\u200b.pdf").name == "清冊fdp.pdf"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "檔案沒有內容"),
        (b"<html>", "內容卻不是"),
        (made.PDF + b" " * 1000, "檔案超過 0 MB"),
    ],
)
def test_a_bad_file_leaves_nothing_behind(attach, settings, root, content, sentence):
    settings.EVIDENCE_MAX_BYTES = 1000
    with pytest.raises(EvidenceRefused, match=sentence):
        attach(content=content)
    assert (files(root), models.Evidence.objects.count(), events()) == ([], 0, [])


def test_a_file_as_large_as_allowed_is_kept(attach, settings):
    settings.EVIDENCE_MAX_BYTES = len(made.PDF)
    assert attach().size == len(made.PDF)


def test_a_transaction_that_fails_leaves_no_file(attach, root):
    """A time without its zone fails late, when the row is being written."""
    with pytest.raises((RuntimeWarning, TypeError)):
        attach(now=datetime(2019, 1, 5))
    assert (files(root), models.Evidence.objects.count(), events()) == ([], 0, [])


def test_evidence_of_no_input_is_refused_and_leaves_no_file(attach, cite, root):
    for about in ("別的", "", FAILED + "\x00"):
        with pytest.raises(EvidenceRefused, match="找不到這份佐證所屬的基礎資料"):
            attach(about=about)
    with pytest.raises(EvidenceRefused, match="找不到這份佐證所屬的基礎資料"):
        cite(about="別的")
    assert files(root) == []


@pytest.mark.parametrize("method", ["direct", "milestones"])
def test_without_a_formula_evidence_is_of_the_whole_indicator(attach, row, method):
    models.Indicator.objects.filter(pk=row.pk).update(method=method, formula="")
    row.inputs.all().delete()
    assert attach(about="").about == ""
    with pytest.raises(EvidenceRefused):
        attach(about=FAILED)


@pytest.mark.parametrize("role", ["supervisor", "plan_manager", "reviewer", "administrator"])
def test_only_a_clerk_attaches_cites_and_withdraws(attach, cite, withdraw, root, role):
    kept = attach()
    for refused in (
        lambda: attach(name="b.pdf", role=role),
        lambda: cite(role=role),
        lambda: withdraw(kept, role),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert files(root) == [kept.stored_as]


def test_nothing_is_attached_or_withdrawn_once_submitted(attach, withdraw, row):
    kept = attach()
    models.Indicator.objects.filter(pk=row.pk).update(status="submitted")
    for refused in (lambda: attach(name="b.pdf"), lambda: withdraw(kept)):
        with pytest.raises(NotAllowed, match="欄位鎖定"):
            refused()


def test_an_indicator_has_at_most_fifty_in_force(cite, withdraw, attach, root):
    kept = [cite(number=f"第{number}號") for number in range(50)]
    with pytest.raises(EvidenceRefused, match="最多 50 件"):
        attach()
    assert files(root) == []
    withdraw(kept[0])
    attach()


# Cited and withdrawn ------------------------------------------------------------------------------
def test_a_document_is_cited_with_its_date(cite, row):
    kept = cite(number=" 中市秘採字第1080000123號\n")
    assert (kept.kind, kept.name, kept.dated) == (
        "document",
        "中市秘採字第1080000123號",
        date(2019, 1, 5),
    )
    assert cite() == kept
    (event,) = events()
    assert (event.action, event.content()["after"]) == (
        "cite",
        {
            "indicator": row.title,
            "about": FAILED,
            "name": "中市秘採字第1080000123號",
            "dated": "2019-01-05",
        },
    )


def test_a_document_without_a_number_is_refused(cite):
    with pytest.raises(EvidenceRefused, match="請填寫文號"):
        cite(number="\u200b ")


def test_both_kinds_together_make_an_entry_ready(attach, cite, row):
    def missing():
        checked = actions.checked(load_indicator(found), found)
        return [finding.field for finding in blocking(check_entry(checked))]

    found = find_indicator(row.plan, row.pk)
    assert missing() == [f"evidence:{FAILED}", f"evidence:{ALL}"]
    attach()
    cite(about=ALL)
    assert missing() == []


def test_withdrawn_evidence_is_out_of_force_and_on_record(attach, withdraw, row, root):
    kept = attach()
    withdraw(kept)
    withdraw(kept)
    assert (evidence_of(row), proven(row), files(root)) == ((), frozenset(), [kept.stored_as])
    _attached, withdrawn = events()
    assert withdrawn.action == "withdraw"
    assert withdrawn.content()["before"]["sha256"] == kept.sha256
    assert withdrawn.content()["after"] == {}
    assert attach() != kept


def test_evidence_of_another_indicator_is_not_withdrawn(attach, withdraw, secretariat, row):
    kept = attach()
    other = secretariat.indicators.exclude(pk=row.pk).order_by("pk")[0]
    with pytest.raises(EvidenceNotFound):
        withdraw(kept, of=other)
    assert proven(row) == {FAILED}


# Listed -------------------------------------------------------------------------------------------
def test_what_is_in_force_is_listed_in_one_query(attach, cite, row):
    file = attach()
    with CaptureQueriesContext(connection) as queries:
        assert evidence_of(row) == (
            EvidenceRecord(
                file.pk, FAILED, "file", "列管表.pdf", None, len(made.PDF), NOW, "測試者"
            ),
        )
    assert len(queries) == 1
    cite()
    cite(about=ALL)
    with CaptureQueriesContext(connection) as queries:
        assert [item.kind for item in evidence_of(row)] == ["file", "document", "document"]
    assert len(queries) == 1


def test_the_list_shows_name_size_or_date_and_who(attach, cite, row):
    file = attach(content=made.PDF + b" " * 48_000 + b"%%EOF")
    cite()
    items = evidence_of(row)
    cite(number="別項的", about=ALL)
    at = timezone.make_aware(datetime(2019, 1, 8, 0, 30))  # the day before in UTC
    models.Evidence.objects.update(added_at=at)
    context = {"evidence": evidence_of(row), "about": FAILED, "agency": "tc-secretariat"}
    html = render_to_string("components/evidence_list.html", context | {"year": 107})
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html))
    assert "列管表.pdf 48 kB 108年1月8日 00:30 由測試者上傳" in text
    assert "中市秘採字第1080000123號 發文日期 108年1月5日 108年1月8日 00:30 由測試者登錄" in text
    url = reverse("evidence_file", args=["tc-secretariat", 107, file.pk])
    assert re.findall('href="([^"]+)"', html) == [url]
    assert "button" not in html
    assert "別項的" not in text
    html = render_to_string(
        "components/evidence_list.html", context | {"year": 107, "can_withdraw": True}
    )
    values = re.findall('name="op" value="withdraw-([0-9]+)"', html)
    assert values == [str(item.pk) for item in items]


# Downloaded ---------------------------------------------------------------------------------------
def url_of(evidence, agency="tc-secretariat", year=107) -> str:
    return reverse("evidence_file", args=[agency, year, evidence.pk])


@pytest.mark.parametrize("role", models.Role.Name.values)
def test_whoever_may_see_the_plan_downloads_the_file_as_it_was(attach, users, sign_in, role):
    kept = attach(name='列管表 "1".pdf')
    answer = sign_in(users[role]).get(url_of(kept))
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, made.PDF)
    expected = {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(made.PDF)),
        "Content-Disposition": "attachment; filename*=utf-8''"
        "%E5%88%97%E7%AE%A1%E8%A1%A8%20%221%22.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    assert {name: answer.headers[name] for name in expected} == expected


def test_strangers_and_the_signed_out_get_no_file(
    attach, client, sign_in, make_user, other_agency, root
):
    kept = attach()
    assert client.get(url_of(kept)).status_code == 302
    stranger = sign_in(make_user("clerk", other_agency, name="stranger"))
    assert stranger.get(url_of(kept)).status_code == 404
    assert stranger.get(url_of(kept, "tc-other")).status_code == 404
    assert files(root) == [kept.stored_as]


def test_an_address_that_is_not_the_files_is_404(attach, cite, users, sign_in):
    kept, document = attach(), cite()
    client = sign_in(users["clerk"])
    assert client.get(url_of(document)).status_code == 404
    assert client.get(url_of(kept, year=108)).status_code == 404
    for pk in (kept.pk + 1000, 10**30):
        assert client.get(f"/tc-secretariat/107/evidence/{pk}/").status_code == 404
    assert client.post(url_of(kept)).status_code == 405


def test_withdrawn_evidence_can_still_be_read(attach, withdraw, users, sign_in):
    kept = attach()
    withdraw(kept)
    answer = sign_in(users["supervisor"]).get(url_of(kept))
    assert b"".join(answer.streaming_content) == made.PDF


def test_evidence_of_both_versions_can_be_read(attach, act, users, sign_in, secretariat):
    old = attach()
    secretariat.indicators.update(status="approved")
    models.Plan.objects.filter(pk=secretariat.pk).update(status="published")
    new = actions.correct(
        plan_id=secretariat.pk,
        reason="更正",
        indicator_ids=[old.indicator_id],
        actor=act("plan_manager"),
        now=NOW,
    )
    copy = models.Evidence.objects.get(indicator__plan=new)
    assert copy.stored_as == old.stored_as
    for kept in (old, copy):
        answer = sign_in(users["clerk"]).get(url_of(kept))
        assert b"".join(answer.streaming_content) == made.PDF


def test_a_file_lost_from_the_disk_is_a_page_that_says_so(attach, users, sign_in, root, caplog):
    kept = attach()
    (root / kept.stored_as).unlink()
    answer = sign_in(users["clerk"]).get(url_of(kept))
    assert answer.status_code == 404
    assert "紀錄裡有「列管表.pdf」，但伺服器上讀不到這個檔案。" in answer.content.decode()
    assert kept.stored_as in caplog.text


@pytest.mark.parametrize("content", [made.CSV, made.BIG5])
def test_a_csv_says_in_which_letters_it_is_written(attach, users, sign_in, content):
    kept = attach(name="清冊.csv", content=content)
    answer = sign_in(users["clerk"]).get(url_of(kept))
    charset = answer.headers["Content-Type"].removeprefix("text/csv; charset=")
    assert b"".join(answer.streaming_content).decode(charset).startswith("期別,受訓人數")


def test_the_portals_own_report_is_a_file_that_it_takes(attach, users, sign_in):
    """A PDF with attachments of its own."""
    report = sign_in(users["clerk"]).get(reverse("report_pdf", args=["tc-secretariat", 107]))
    assert attach(name="報告.pdf", content=report.content).size == len(report.content)


# Typed --------------------------------------------------------------------------------------------
def test_the_document_form_reads_a_roc_date():
    form = DocumentForm({"number": " 中市秘採字第1號 ", "dated": "108/1/5"})
    assert form.is_valid()
    assert form.cleaned_data == {"number": "中市秘採字第1號", "dated": date(2019, 1, 5)}


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {"number": ["請填寫文號。"], "dated": ["請填寫發文日期。"]}),
        ({"number": "\u200b", "dated": "1/5"}, {
            "number": ["請填寫文號，例如「中市秘採字第1080000123號」。"],
            "dated": ["請用民國年月日填寫，例如 108/1/5。"],
        }),
        ({"number": "字" * 201, "dated": "108/2/30"}, {
            "number": ["文號最多 200 個字，請縮短。"],
            "dated": ["沒有「108/2/30」這一天，請核對。"],
        }),
    ],
)  # fmt: skip
def test_the_document_form_says_what_is_wrong(typed, errors):
    assert DocumentForm(typed).errors == errors


def test_the_file_form_says_what_is_wrong():
    assert FileForm({}, {}).errors == {"file": ["請選擇檔案。"]}
    empty = FileForm({}, {"file": SimpleUploadedFile("a.pdf", b"")})
    assert empty.errors == {"file": ["檔案沒有內容，請選擇別的檔案。"]}
    assert 'accept=".pdf,.odt,' in str(FileForm()["file"])


# Verified -----------------------------------------------------------------------------------------
def test_verify_evidence_finds_what_is_missing_and_what_was_changed(
    attach, withdraw, command, root
):
    ended = command("verify_evidence")
    assert (ended.code, ended.out) == (0, "佐證檔案齊全，內容與存入時相同。\n")
    sound, changed, lost = (attach(name=f"{name}.pdf") for name in "甲乙丙")
    withdraw(changed)
    assert command("verify_evidence").code == 0
    (root / changed.stored_as).write_bytes(made.PDF + b" ")
    (root / lost.stored_as).unlink()
    ended = command("verify_evidence")
    assert ended.code == 1
    assert sorted(ended.errors) == sorted(
        [f"{changed.stored_as}（乙.pdf）遭變更。", f"{lost.stored_as}（丙.pdf）遺失。"]
    )
    assert sound.stored_as not in ended.err
    assert evidence_root() == root
