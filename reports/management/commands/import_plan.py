from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from indicators import actions
from indicators.interchange.json_tree import DocumentError, read_file, shown
from indicators.interchange.plan_reading import read_plan
from indicators.interchange.plan_warnings import warnings
from indicators.interchange.plan_writing import plan_tree, texts
from indicators.interim_documents import Lost, TakenOver
from indicators.management.base import PortalCommand
from indicators.permissions import NotAllowed
from indicators.records import PlanRecord
from indicators.scorecards.document import scorecard_text
from indicators.scorecards.scored import ScoredPlan, score_plan
from reports.assembly import build_with_problems
from reports.fonts import FontsUnavailable, missing_characters


class Command(PortalCommand):
    help = "Read a plan document: create that agency's plan of that year, or replace its draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument(
            "--discard-work",
            action="store_true",
            help="replace a draft although people have worked on it in the portal; it is lost, "
            "but for interim values of which the document says nothing",
        )

    def handle(self, *, file: str, dry_run: bool, discard_work: bool, **options: object) -> None:
        try:
            document = read_file(file)
            record = read_plan(document)
            plan = score_plan(record)
            doubts = [*map(str, warnings(plan)), *_references(plan), *_characters(record)]
            with transaction.atomic():
                taken = actions.check_replace_plan(record, discard_work=discard_work)
                if not dry_run:
                    actions.replace_plan(
                        record,
                        by=None,
                        now=timezone.now(),
                        document_sha256=hashlib.sha256(document).hexdigest(),
                        discard_work=discard_work,
                    )
        except DocumentError as error:
            self.fail(map(str, error.faults))
        except NotAllowed as error:
            self.fail([str(error)])
        self.warn(f"注意 {doubt}" for doubt in [*doubts, *map(_loss, taken.lost)])
        self.stdout.write(scorecard_text(plan))
        if sentence := _interims(taken):
            self.stdout.write(sentence)
        self.stdout.write("檢查完成，未寫入。" if dry_run else "已匯入。")


def _interims(taken: TakenOver) -> str:
    """What becomes of the interim values; empty where there are none, before or after."""
    total = taken.added + taken.changed + taken.same
    if not (total or taken.gone):
        return ""
    return (
        f"期中數值 {total} 筆：新增 {taken.added}、變更 {taken.changed}、"
        f"不變 {taken.same}；移除 {taken.gone} 筆"
    )


def _loss(lost: Lost) -> str:
    """An indicator or input that is no longer there, or no longer means the same."""
    title, part = shown(lost.title), f"「{shown(lost.symbol)}」" if lost.symbol else ""
    what = f" {lost.values} 筆期中數值" if lost.values else "期中設定"
    return f"「{title}」：{part}原有的{what}不能保留，因為文件沒有同一個項目或單位不同。"


def _references(plan: ScoredPlan) -> Iterator[str]:
    """The `{{ … }}` that refer to nothing; what exists and is not entered is no mistake."""
    _, problems = build_with_problems(plan, city=settings.CITY_NAME)
    for found in problems:
        if not found.problem.is_empty:
            name = shown(found.problem.reference)
            yield f"「{shown(found.place)}」：{{{{ {name} }}}} 沒有對應的資料，報告會原樣印出。"


def _characters(record: PlanRecord) -> Iterator[str]:
    """The texts that the report could not print."""
    found = list(texts(plan_tree(record)))
    try:
        lacking = set(missing_characters("".join({c for _, text in found for c in set(text)})))
    except FontsUnavailable as error:
        yield str(error)
        return
    for place, text in found if lacking else ():
        for character in sorted(lacking.intersection(text)):
            code = f"U+{ord(character):04X}"
            yield f"{place}：報告字型缺少「{shown(character)}」（{code}），請改用其他字。"
