"""A decimal that keeps every digit on every database, and the checks that go with text."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

NUMBER_DIGITS = 30
NUMBER = r"^-?[0-9]{1,30}(\.[0-9]{1,30})?$"
POSITIVE = r"^(?=.*[1-9])[0-9]{1,30}(\.[0-9]{1,30})?$"
NOT_NEGATIVE = r"^([0-9]{1,30}(\.[0-9]{1,30})?|-0+(\.0+)?)$"


class ExactDecimalField(models.Field):
    """A Decimal stored as its own text.

    SQLite keeps numbers as binary floats and changes what has more than 15 digits;
    PostgreSQL would keep the value but not how it was written (`18.70`). As text both
    give back what was entered. Add `number_check` for each such field.
    """

    description = "exact decimal"

    def get_internal_type(self) -> str:
        return "CharField"

    def db_type_parameters(self, connection):
        return {"max_length": 2 * NUMBER_DIGITS + 2}

    def __init__(self, *args, **kwargs) -> None:
        kwargs["max_length"] = 2 * NUMBER_DIGITS + 2
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def to_python(self, value):
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(value)
        except (InvalidOperation, TypeError, ValueError) as error:
            raise ValidationError(_("「%(value)s」不是數字。"), params={"value": value}) from error

    def from_db_value(self, value, expression, connection):
        return None if value is None else Decimal(value)

    def get_prep_value(self, value):
        value = self.to_python(super().get_prep_value(value))
        return None if value is None else format(value, "f")


def number_check(model: str, field: str, pattern: str = NUMBER) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_{field}_number",
        condition=models.Q(**{f"{field}__regex": pattern}),
    )


def length_check(model: str, field: str, longest: int) -> models.CheckConstraint:
    """SQLite takes more than a CharField's max_length without a word."""
    return models.CheckConstraint(
        name=f"{model}_{field}_length",
        condition=LessThanOrEqual(Length(field), longest),
    )


def choice_check(
    model: str, field: str, choices: type[models.TextChoices]
) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_{field}_choice",
        condition=models.Q(**{f"{field}__in": choices.values}),
    )


def filled_check(model: str, field: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_{field}_filled", condition=~models.Q(**{field: ""})
    )
