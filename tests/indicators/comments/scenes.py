"""Who talks about which indicator, for the tests of comments."""

from __future__ import annotations

from datetime import datetime, timedelta

from indicators import models
from indicators.actions import comments as actions
from tests.conftest import NOW
from tests.indicators.work_scenes import acting

PATH = "/tc-secretariat/107/indicators/{}/comments/"


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def say(
    row: models.Indicator,
    by: models.User,
    text: str = "請說明分母。",
    *told: models.User,
    thread: models.Comment | None = None,
    minute: int = 0,
) -> models.Comment:
    return actions.say(
        indicator_id=row.pk,
        text=text,
        told=[user.pk for user in told],
        thread_id=thread.pk if thread else None,
        actor=acting(by),
        now=later(minute),
    )


def resolve(row: models.Indicator, thread: models.Comment, by: models.User, minute: int = 5):
    return actions.resolve(
        indicator_id=row.pk, thread_id=thread.pk, actor=acting(by), now=later(minute)
    )


def reopen(row: models.Indicator, thread: models.Comment, by: models.User, minute: int = 9):
    return actions.reopen_thread(
        indicator_id=row.pk, thread_id=thread.pk, actor=acting(by), now=later(minute)
    )
