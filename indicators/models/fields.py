"""A decimal that keeps every digit on every database, and the checks that go with text."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

NUMBER_DIGITS = 30
# These mean the same to Python, which SQLite calls, and to PostgreSQL. Python's $ would let a
# line break through at the end.
NUMBER = r"\A-?[0-9]{1,30}(\.[0-9]{1,30})?\Z"
POSITIVE = r"\A(?=.*[1-9])[0-9]{1,30}(\.[0-9]{1,30})?\Z"
NOT_NEGATIVE = r"\A([0-9]{1,30}(\.[0-9]{1,30})?|-0+(\.0+)?)\Z"
PERCENT = r"\A(100(\.0+)?|[0-9]{1,2}(\.[0-9]{1,28})?|-0+(\.0+)?)\Z"
CODE = r"\A[a-z0-9-]{2,40}\Z"
KEY = r"\A[a-z0-9_-]{2,40}\Z"
SHA256 = r"\A[0-9a-f]{64}\Z"
CONTROL = r"[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]"
VISIBLE = r"[^\s\u3000\u200B-\u200D\u2060\uFEFF]"
TITLE_LENGTH = 200
TEXT_LENGTH = 100_000


class ExactDecimalField(models.Field):
    """A Decimal stored as its own text.

    SQLite keeps numbers as binary floats and changes what has more than 15 digits;
    PostgreSQL would keep the value but not how it was written (`18.70`). As text both
    give back what was entered. Add `number_check` for each such field.
    """

    description = "exact decimal"

    def get_internal_type(self) -> str:
        return "CharField"

    def db_type_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        return {"max_length": 2 * NUMBER_DIGITS + 2}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 2 * NUMBER_DIGITS + 2
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, list(args), kwargs

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(value)
        except (InvalidOperation, TypeError, ValueError) as error:
            raise ValidationError(_("「%(value)s」不是數字。"), params={"value": value}) from error

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(super().get_prep_value(value))
        return None if value is None else format(value, "f")


def number_check(model: str, field: str, pattern: str = NUMBER) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_{field}_number",
        condition=models.Q(**{f"{field}__regex": pattern}),
    )


def form_check(model: str, field: str, pattern: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_{field}_form", condition=models.Q(**{f"{field}__regex": pattern})
    )


def choice_check(
    model: str, field: str, choices: type[models.TextChoices]
) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_{field}_choice",
        condition=models.Q(**{f"{field}__in": choices.values}),
    )


def title_checks(model: str, field: str) -> list[models.CheckConstraint]:
    return text_checks(model, field, TITLE_LENGTH)


def name_checks(model: str, field: str) -> list[models.CheckConstraint]:
    """A title that can be seen."""
    visible = models.Q(**{f"{field}__regex": VISIBLE})
    return [
        models.CheckConstraint(name=f"{model}_{field}_filled", condition=visible),
        *title_checks(model, field),
    ]


def text_checks(model: str, field: str, longest: int = TEXT_LENGTH) -> list[models.CheckConstraint]:
    """SQLite takes more than a field's max_length, and any control character, without a word."""
    return [
        models.CheckConstraint(
            name=f"{model}_{field}_length", condition=LessThanOrEqual(Length(field), longest)
        ),
        models.CheckConstraint(
            name=f"{model}_{field}_clean", condition=~models.Q(**{f"{field}__regex": CONTROL})
        ),
    ]
