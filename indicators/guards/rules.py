"""What the database refuses. One table of facts, and rules that both databases get.

`broken` is SQL that both understand; what differs is in `Dialect`.
"""

# ruff: noqa: S608  all names are the models' own

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.db import models

from indicators.models import (
    AuditEvent,
    Chain,
    Comment,
    Draft,
    Evidence,
    Figure,
    FollowUp,
    Goal,
    Indicator,
    Input,
    InputRow,
    InterimValue,
    Measurement,
    Mention,
    Milestone,
    MissedTargetReview,
    Perspective,
    Plan,
    Reminder,
    ReportSection,
    Step,
)
from indicators.models.audit import GENESIS

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
    ForeignKey = models.ForeignKey[Any, Any]

PREFIX = "guard_"
FROZEN = "KPI-FROZEN"
HISTORY = "KPI-HISTORY"
KEPT = "KPI-KEPT"
SAID = "KPI-SAID"
FOLLOWED = "KPI-FOLLOWED"
SENTENCES = {
    FROZEN: "計畫已公告，內容不能再變更；更正請另立新版本並說明理由。",
    HISTORY: "歷程只能依序新增，不能變更或刪除。",
    KEPT: "公告的報告只在公告時寫入一次，不能變更或刪除。",
    SAID: "意見發表後不能變更或刪除，只能回覆或標為已解決。",
    FOLLOWED: "追蹤結果只能新增，不能變更或刪除。",
}
Model = type[models.Model]

# Written once, for a plan (field `plan`) that is published. The apps above register theirs with
# `keep` when they are ready: nothing here may import them.
WRITTEN_ONCE: list[Model] = []

# How to get from a row to its plan: the foreign keys that lead there. All of them are watched for
# the row itself; from its parents on the first is followed.
OWNED: dict[Model, tuple[str, ...]] = {
    Perspective: ("plan",),
    Goal: ("perspective",),
    Indicator: ("plan", "goal"),
    Input: ("indicator",),
    InputRow: ("input",),
    InterimValue: ("indicator",),
    Milestone: ("indicator",),
    Measurement: ("indicator",),
    MissedTargetReview: ("indicator",),
    Evidence: ("indicator",),
    Draft: ("indicator",),
    Step: ("plan", "indicator"),
    Reminder: ("plan", "indicator"),
    Figure: ("plan",),
    ReportSection: ("plan",),
}


def keep(model: Model) -> None:
    if model not in WRITTEN_ONCE:
        WRITTEN_ONCE.append(model)


@dataclass(frozen=True, slots=True)
class Rule:
    """`operation` on `model` is refused where `broken` holds."""

    model: Model
    operation: str
    broken: str
    marker: str

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.table}_{self.operation.lower()}"

    @property
    def message(self) -> str:
        return f"{self.marker}: {SENTENCES[self.marker]}"


class Dialect(Protocol):
    """Where the databases differ."""

    replaces: bool  # has INSERT OR REPLACE, which deletes rows without firing DELETE triggers
    truncates: bool

    def table(self, model: Model) -> str: ...

    def published(self, keys: list[str]) -> str:
        """SQL for: one of the plans with these keys is published, or is being published."""


def rules(dialect: Dialect) -> Iterator[Rule]:
    yield from _history_rules(dialect)
    yield from _plan_rules(dialect)
    for owned in OWNED:
        yield from _owned_rules(owned, dialect)
    for model in WRITTEN_ONCE:
        yield from _written_once_rules(model, dialect)
    yield from _comment_rules(dialect)
    yield from _follow_up_rules(dialect)
    if dialect.truncates:
        history: list[Model] = [AuditEvent, Chain]
        plans: list[Model] = [Plan, *OWNED]
        yield from (Rule(model, "TRUNCATE", "TRUE", HISTORY) for model in history)
        yield from (Rule(model, "TRUNCATE", "TRUE", FROZEN) for model in plans)
        yield from (Rule(model, "TRUNCATE", "TRUE", KEPT) for model in WRITTEN_ONCE)
        yield from (Rule(model, "TRUNCATE", "TRUE", SAID) for model in (Comment, Mention))
        yield Rule(FollowUp, "TRUNCATE", "TRUE", FOLLOWED)


def _history_rules(dialect: Dialect) -> Iterator[Rule]:
    event, chain = dialect.table(AuditEvent), dialect.table(Chain)
    continues = f"""EXISTS (
        SELECT 1 FROM {chain} c WHERE c.id = NEW.chain_id AND (
            NEW.sequence = c.sequence + 1 AND NEW.previous_hash = c.hash
            OR NEW.sequence > c.sequence + 1 AND EXISTS (
                SELECT 1 FROM {event} e WHERE e.chain_id = NEW.chain_id
                AND e.sequence = NEW.sequence - 1 AND e.hash = NEW.previous_hash)))"""
    taken = f"""EXISTS (SELECT 1 FROM {event} e WHERE e.id = NEW.id
        OR e.chain_id = NEW.chain_id AND e.sequence = NEW.sequence)"""
    known = f"EXISTS (SELECT 1 FROM {chain} c WHERE c.id = NEW.id OR c.name = NEW.name)"
    if not dialect.replaces:
        taken = known = "FALSE"
    yield Rule(AuditEvent, "INSERT", f"NOT {continues} OR {taken}", HISTORY)
    yield Rule(AuditEvent, "UPDATE", "TRUE", HISTORY)
    yield Rule(AuditEvent, "DELETE", "TRUE", HISTORY)
    fresh = f"NEW.sequence = 0 AND NEW.hash = '{GENESIS}'"
    yield Rule(Chain, "INSERT", f"NOT ({fresh}) OR {known}", HISTORY)
    forward = f"""NEW.id = OLD.id AND NEW.name = OLD.name
        AND COALESCE(NEW.plan_id, 0) = COALESCE(OLD.plan_id, 0) AND NEW.sequence > OLD.sequence
        AND EXISTS (SELECT 1 FROM {event} e WHERE e.chain_id = OLD.id
            AND e.sequence = NEW.sequence AND e.hash = NEW.hash)
        AND NOT EXISTS (SELECT 1 FROM {event} e WHERE e.chain_id = OLD.id
            AND e.sequence > NEW.sequence)"""
    yield Rule(Chain, "UPDATE", f"NOT COALESCE({forward}, FALSE)", HISTORY)
    yield Rule(Chain, "DELETE", "TRUE", HISTORY)


def _plan_rules(dialect: Dialect) -> Iterator[Rule]:
    """The step to published itself is an UPDATE of a plan that isn't yet."""
    displaced = _displaced(Plan, dialect)
    yield Rule(Plan, "INSERT", f"NEW.status = 'published' OR {displaced}", FROZEN)
    yield Rule(Plan, "UPDATE", f"OLD.status = 'published' OR {displaced}", FROZEN)
    yield Rule(Plan, "DELETE", "OLD.status = 'published'", FROZEN)


def _owned_rules(model: Model, dialect: Dialect) -> Iterator[Rule]:
    old, new = _plan_keys(model, "OLD", dialect), _plan_keys(model, "NEW", dialect)
    displaced = _displaced(model, dialect)
    yield Rule(model, "INSERT", f"{dialect.published(new)} OR {displaced}", FROZEN)
    yield Rule(model, "UPDATE", f"{dialect.published([*old, *new])} OR {displaced}", FROZEN)
    yield Rule(model, "DELETE", dialect.published(old), FROZEN)


def _written_once_rules(model: Model, dialect: Dialect) -> Iterator[Rule]:
    plan = cast("ForeignKey", model._meta.get_field("plan")).column
    broken = f"NOT {dialect.published([f'NEW.{plan}'])} OR {_taken(model, dialect)}"
    yield Rule(model, "INSERT", broken, KEPT)
    yield Rule(model, "UPDATE", "TRUE", KEPT)
    yield Rule(model, "DELETE", "TRUE", KEPT)


def _comment_rules(dialect: Dialect) -> Iterator[Rule]:
    """What was said stays; it moves only to another version of its plan."""
    comment, indicator, plan = map(dialect.table, (Comment, Indicator, Plan))
    begun = f"""EXISTS (SELECT 1 FROM {comment} c WHERE c.id = NEW.parent_id
        AND c.parent_id IS NULL AND c.indicator_id = NEW.indicator_id)"""
    broken = f"NEW.parent_id IS NOT NULL AND NOT {begun}"
    yield Rule(Comment, "INSERT", f"{broken} OR {_taken(Comment, dialect)}", SAID)
    same_year = f"""EXISTS (SELECT 1 FROM {indicator} i, {plan} p, {indicator} j, {plan} q
        WHERE i.id = OLD.indicator_id AND p.id = i.plan_id
        AND j.id = NEW.indicator_id AND q.id = j.plan_id
        AND p.agency_id = q.agency_id AND p.year = q.year)"""
    stays = _same(Comment, "id", "parent", "by", "acting_for", "role", "at", "text")
    moves = f"(NEW.indicator_id = OLD.indicator_id OR {same_year})"
    yield Rule(Comment, "UPDATE", f"NOT ({stays} AND {moves})", SAID)
    ends = ("id", "comment", "user")
    yield Rule(Mention, "INSERT", _taken(Mention, dialect), SAID)
    yield Rule(Mention, "UPDATE", f"NOT ({_same(Mention, *ends)})", SAID)
    yield Rule(Comment, "DELETE", "TRUE", SAID)
    yield Rule(Mention, "DELETE", "TRUE", SAID)


def _follow_up_rules(dialect: Dialect) -> Iterator[Rule]:
    """What was found afterwards is only added to, also where the plan is published."""
    yield Rule(FollowUp, "INSERT", _taken(FollowUp, dialect), FOLLOWED)
    yield Rule(FollowUp, "UPDATE", "TRUE", FOLLOWED)
    yield Rule(FollowUp, "DELETE", "TRUE", FOLLOWED)


def _same(model: Model, *names: str) -> str:
    """SQL for: these columns stay. Only keys may be empty among them."""
    fields = [cast("Field", model._meta.get_field(name)) for name in names]
    pairs = [(f'NEW."{f.column}"', f'OLD."{f.column}"', f.null) for f in fields]
    return " AND ".join(
        f"COALESCE({new}, 0) = COALESCE({old}, 0)" if null else f"{new} = {old}"
        for new, old, null in pairs
    )


def _taken(model: Model, dialect: Dialect) -> str:
    """Whether OR REPLACE would delete a row, which fires no DELETE trigger."""
    if not dialect.replaces:
        return "FALSE"
    hits = [
        " AND ".join(f"r.{field.column} = NEW.{field.column}" for field in fields)
        for fields in _unique_keys(model)
    ]
    return f"EXISTS (SELECT 1 FROM {dialect.table(model)} r WHERE {' OR '.join(hits)})"


def _plan_keys(model: Model, row: str, dialect: Dialect) -> list[str]:
    """SQL for the primary keys of the plans that a row (NEW, OLD or an alias) leads to."""
    if model is Plan:
        return [f"{row}.id"]
    ways = [_way(model, name) for name in OWNED[model]]
    return [_climb(way.related_model, f"{row}.{way.column}", dialect) for way in ways]


def _climb(model: Model, key: str, dialect: Dialect) -> str:
    if model is Plan:
        return key
    way = _way(model, OWNED[model][0])
    up = f"(SELECT {way.column} FROM {dialect.table(model)} WHERE id = {key})"
    return _climb(way.related_model, up, dialect)


def _way(model: Model, name: str) -> ForeignKey:
    return cast("ForeignKey", model._meta.get_field(name))


def _displaced(model: Model, dialect: Dialect) -> str:
    """Whether OR REPLACE would delete a published plan's row, which fires no DELETE trigger.

    Only by a unique key that doesn't name the way to the plan: with that in it the row would be
    the same plan's, and refused already.
    """
    if not dialect.replaces:
        return "FALSE"
    ways = set(OWNED.get(model, ()))
    hits = [
        " AND ".join(f"r.{field.column} = NEW.{field.column}" for field in fields)
        for fields in _unique_keys(model)
        if not ways & {field.name for field in fields}
    ]
    published = dialect.published(_plan_keys(model, "r", dialect))
    return (
        f"EXISTS (SELECT 1 FROM {dialect.table(model)} r"
        f" WHERE ({' OR '.join(f'({hit})' for hit in hits)}) AND {published})"
    )


def _unique_keys(model: Model) -> Iterator[list[Field]]:
    meta = model._meta
    yield from ([field] for field in meta.concrete_fields if field.unique)
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield [cast("Field", meta.get_field(name)) for name in constraint.fields]
