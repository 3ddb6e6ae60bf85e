"""Publication: a plan's last step and the files that go with it, in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from indicators import actions, guards, history
from indicators.history.canonical import utc
from indicators.interchange.plan_writing import write_plan
from indicators.interim_queries import load_document
from indicators.locking import retry
from indicators.permissions import Actor, NotAllowed
from indicators.records import PlanRecord
from indicators.scorecards.document import scorecard_json
from indicators.scorecards.scored import score_plan
from reports.annual import Publication
from reports.assembly import build, roc_date
from reports.attachments import attachments
from reports.models import PublishedReport
from reports.rendering import html_document, pdf_document


@dataclass(frozen=True, slots=True)
class AsPublished:
    """What publication makes of a plan: all that its files print."""

    record: PlanRecord
    reason: str
    head: history.Head


@dataclass(frozen=True, slots=True)
class Files:
    html: bytes
    pdf: bytes
    plan_json: bytes
    scorecard_json: bytes


def publish(
    *, plan_id: int, city: str, actor: Actor, now: datetime, seen: int | None = None
) -> PublishedReport:
    """Publish the plan and keep its files. Raises `NotAllowed`.

    `seen` is the plan's last step that was looked at; None: whichever it is.

    The files print the hash of the event that publishes them, so publication is rehearsed first
    and rolled back; what takes a second, the printing, then holds no lock. Publication itself is
    refused unless it comes out as rehearsed. Raises MissingCharacters and FontsUnavailable, with
    nothing done, where the report can't be printed.
    """
    with guards.spoken():
        rehearsed = _rehearse(plan_id, actor, now, seen)
        files = _print(rehearsed, city, now)
        return _store(rehearsed, files, plan_id, actor, now)


@retry
def _rehearse(plan_id: int, actor: Actor, now: datetime, seen: int | None) -> AsPublished:
    with transaction.atomic():
        found = _publish(plan_id, actor, now, seen)
        transaction.set_rollback(True)
    return found


@retry
@transaction.atomic
def _store(
    rehearsed: AsPublished, files: Files, plan_id: int, actor: Actor, now: datetime
) -> PublishedReport:
    if _publish(plan_id, actor, now) != rehearsed:
        raise NotAllowed(_("公告前計畫又有變動，沒有公告；請重新檢視後再公告。"))
    head = rehearsed.head
    contents = {field.name: getattr(files, field.name) for field in fields(files)}
    return PublishedReport.objects.create(
        plan_id=plan_id,
        version=rehearsed.record.version,
        published_at=now,
        published_by=actor.user,
        reason=rehearsed.reason,
        chain=head.chain,
        sequence=head.sequence,
        chain_hash=head.hash,
        **contents,
        **{f"{name}_sha256": _sha256(content) for name, content in contents.items()},
    )


def _publish(plan_id: int, actor: Actor, now: datetime, seen: int | None = None) -> AsPublished:
    plan = actions.publish(plan_id=plan_id, actor=actor, now=now, seen=seen)
    (head,) = history.heads(plan.pk)
    return AsPublished(load_document(plan), plan.correction_reason, head)


def _print(plan: AsPublished, city: str, now: datetime) -> Files:
    scored = score_plan(plan.record)
    report = build(scored, city=city, publication=_publication(plan, now))
    return Files(
        html=html_document(report).encode(),
        pdf=pdf_document(report, attachments(scored)),
        plan_json=write_plan(plan.record).encode(),
        scorecard_json=scorecard_json(scored).encode(),
    )


def _publication(plan: AsPublished, now: datetime) -> Publication:
    return Publication(
        version=plan.record.version,
        published_on=roc_date(timezone.localdate(now)),
        reason=plan.reason,
        chain=plan.head.chain,
        sequence=plan.head.sequence,
        hash=plan.head.hash,
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def anchor(row: PublishedReport, agency: str, year: int) -> dict[str, Any]:
    """What `manage.py verify_history --anchor` reads, and what it was taken from."""
    return {
        "agency": agency,
        "year": year,
        "version": row.version,
        "published_at": utc(row.published_at),
        "heads": [history.Head(row.chain, row.sequence, row.chain_hash).as_json()],
        "files": row.hashes(),
    }


def body_of(html: bytes) -> str:
    """What a published file prints, to stand inside a page. Staff text in it is escaped."""
    text = html.decode()
    start, end = text.index("<body>") + len("<body>"), text.rindex("</body>")
    return mark_safe(text[start:end])  # noqa: S308  our own template's, as it was published
