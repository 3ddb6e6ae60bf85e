"""Evidence behind an indicator's inputs: attached, cited, withdrawn; never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import Error, transaction
from django.utils.translation import gettext as _

from indicators import evidence, history, permissions
from indicators.actions.entries import locked
from indicators.entry_queries import EvidenceNotFound
from indicators.evidence import EvidenceRefused, storage
from indicators.locking import retry
from indicators.models import Evidence, Indicator
from indicators.permissions import Actor, Post, Subject
from indicators.scoring.types import Method

MOST = 50  # in force for one indicator
MEGABYTE = 1024 * 1024  # as the setting is meant


def attach_file(
    *, indicator_id: int, about: str, upload: UploadedFile, actor: Actor, now: datetime
) -> Evidence:
    """Keep a file as evidence of the input `about`; empty is the indicator as a whole.

    The same file again is the same evidence: a page may be sent twice. Raises `NotAllowed` and
    `EvidenceRefused`. Must not be called inside another transaction: the file is written before
    the row and removed again unless the row is committed.
    """
    _check_allowed(indicator_id, actor)  # before a large file is read; and again under the lock
    values: dict[str, Any] = {
        "name": evidence.clean_name(upload.name or ""),
        "content_type": _examined(upload),
    }
    stored = storage.write(upload.chunks())
    values |= {"stored_as": stored.name, "size": stored.size, "sha256": stored.sha256}
    try:
        return _attach(indicator_id, about, values, actor, now)
    finally:
        _remove_unless_recorded(stored.name)


def _check_allowed(indicator_id: int, actor: Actor) -> None:
    row = Indicator.objects.select_related("plan").get(pk=indicator_id)
    permissions.check("record", actor, Subject.of(row.plan, row))


def _examined(upload: UploadedFile) -> str:
    """The content type. Raises `EvidenceRefused`."""
    if not upload.size:
        raise EvidenceRefused(_("檔案沒有內容，請選擇別的檔案。"))
    if upload.size > settings.EVIDENCE_MAX_BYTES:
        limit = settings.EVIDENCE_MAX_BYTES // MEGABYTE
        raise EvidenceRefused(
            _("檔案超過 %(limit)s MB，請縮小或分成幾個檔案後上傳。") % {"limit": limit}
        )
    found = evidence.content_type_of(
        cast("BinaryIO", upload), evidence.clean_name(upload.name or "")
    )
    upload.seek(0)
    return found


@retry
@transaction.atomic(durable=True)
def _attach(
    indicator_id: int, about: str, values: Mapping[str, Any], actor: Actor, now: datetime
) -> Evidence:
    row, post = _to_prove(indicator_id, about, actor)
    same = {key: values[key] for key in ("name", "sha256")}
    return _add(row, about, Evidence.Kind.FILE, values, same, actor=actor, post=post, now=now)


@retry
@transaction.atomic
def cite_document(
    *, indicator_id: int, about: str, number: str, dated: date, actor: Actor, now: datetime
) -> Evidence:
    """Name an official document by its number and date. As `attach_file`."""
    values = {"name": evidence.clean_number(number), "dated": dated}
    row, post = _to_prove(indicator_id, about, actor)
    return _add(row, about, Evidence.Kind.DOCUMENT, values, values, actor=actor, post=post, now=now)


@retry
@transaction.atomic
def withdraw_evidence(*, indicator_id: int, evidence_id: int, actor: Actor, now: datetime) -> None:
    """No longer in force, but on record, and its file can still be read. Twice is once.

    Raises `NotAllowed` and `EvidenceNotFound`.
    """
    row = locked(indicator_id)
    post = permissions.check("record", actor, Subject.of(row.plan, row))
    found = Evidence.objects.filter(indicator=row, pk=evidence_id).first()
    if found is None:
        raise EvidenceNotFound
    if found.withdrawn_at is None:
        found.withdrawn_at = now
        found.save(update_fields=["withdrawn_at"])
        _record("withdraw", found, _facts(found), {}, actor=actor, post=post, now=now)


def _to_prove(indicator_id: int, about: str, actor: Actor) -> tuple[Indicator, Post]:
    row = locked(indicator_id)
    post = permissions.check("record", actor, Subject.of(row.plan, row))
    symbols = set(row.inputs.values_list("symbol", flat=True))
    if row.method != Method.FORMULA or not symbols:
        symbols.add("")
    if about not in symbols:
        raise EvidenceRefused(_("找不到這份佐證所屬的基礎資料，請重新整理頁面後再試一次。"))
    return row, post


def _add(
    row: Indicator,
    about: str,
    kind: str,
    values: Mapping[str, Any],
    same: Mapping[str, Any],
    *,
    actor: Actor,
    post: Post,
    now: datetime,
) -> Evidence:
    in_force = Evidence.objects.in_force().filter(indicator=row)
    twin = in_force.filter(kind=kind, about=about, **same).first()
    if twin is not None:
        return twin
    if in_force.count() >= MOST:
        raise EvidenceRefused(
            _("一項指標最多 %(limit)s 件佐證資料；請先撤回不再需要的。") % {"limit": MOST}
        )
    made = Evidence.objects.create(
        indicator=row, about=about, kind=kind, added_at=now, added_by=actor.user, **values
    )
    action = "attach" if kind == Evidence.Kind.FILE else "cite"
    _record(action, made, {}, _facts(made), actor=actor, post=post, now=now)
    return made


def _facts(row: Evidence) -> dict[str, Any]:
    """What the history keeps of it."""
    of_kind: dict[str, Any] = {"dated": row.dated}
    if row.kind == Evidence.Kind.FILE:
        of_kind = {"size": row.size, "sha256": row.sha256}
    return {"indicator": row.indicator.title, "about": row.about, "name": row.name, **of_kind}


def _record(
    action: str,
    row: Evidence,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: Actor,
    post: Post,
    now: datetime,
) -> None:
    history.record(
        plan=row.indicator.plan,
        action=action,
        kind="evidence",
        obj_id=row.pk,
        label=row.name,
        before=before,
        after=after,
        by=actor.user,
        acting_for=post.of,
        now=now,
    )


def _remove_unless_recorded(name: str) -> None:
    """Where the database does not answer, the file stays: one too many harms nobody."""
    try:
        is_recorded = Evidence.objects.filter(stored_as=name).exists()
    except Error:
        return
    if not is_recorded:
        storage.remove(name)
