"""People and what they may do where."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.models.organisation import Agency, Unit

FORMER_PASSWORDS = 3  # that may not be used again


class User(AbstractUser):
    """A person with an account. `first_name` holds the whole name, as Chinese names are written."""

    must_change_password = models.BooleanField(default=False)  # someone else knows it
    former_passwords = models.JSONField(default=list, blank=True, editable=False)  # newest first
    enabled_at = models.DateTimeField(default=timezone.now, editable=False)  # unused since then?

    class Meta:
        verbose_name = _("使用者")

    def __str__(self) -> str:
        return self.first_name or self.username

    def set_password(self, raw_password: str | None) -> None:
        """Keeps the replaced hash. Whoever saves only `password` saves `former_passwords` too."""
        replaced = self.password
        super().set_password(raw_password)
        if replaced and is_password_usable(replaced):
            self.former_passwords = [replaced, *self.former_passwords][:FORMER_PASSWORDS]


class PasswordResetQuerySet(models.QuerySet["PasswordReset"]):
    def good_at(self, now: datetime) -> PasswordResetQuerySet:
        return self.filter(expires_at__gt=now, user__is_active=True)


class PasswordReset(models.Model):
    """A link with which a person may set a new password, once. The token itself isn't stored."""

    user = models.OneToOneField(User, models.CASCADE, related_name="password_reset")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    objects = PasswordResetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_at:%Y-%m-%d %H:%M}"


class Role(models.Model):
    """One person's part in an agency, in one of its units, or (agency None) in the whole city."""

    class Name(models.TextChoices):
        CLERK = "clerk", _("承辦人")
        SUPERVISOR = "supervisor", _("主管")
        PLAN_MANAGER = "plan_manager", _("研考承辦")
        REVIEWER = "reviewer", _("研考會")
        ADMINISTRATOR = "administrator", _("管理員")
        AUDITOR = "auditor", _("稽核")

    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    name = models.CharField(max_length=20, choices=Name)
    agency = models.ForeignKey(Agency, models.CASCADE, null=True, blank=True, related_name="roles")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="roles")

    class Meta:
        constraints = [
            # Nulls differ from each other in a unique constraint: one for each kind of role.
            models.UniqueConstraint(
                name="role_once_in_city",
                fields=["user", "name"],
                condition=models.Q(agency=None),
            ),
            models.UniqueConstraint(
                name="role_once_in_agency",
                fields=["user", "name", "agency"],
                condition=models.Q(unit=None),
            ),
            models.UniqueConstraint(
                name="role_once_in_unit", fields=["user", "name", "agency", "unit"]
            ),
            models.CheckConstraint(
                name="role_city_or_agency",
                condition=(
                    models.Q(name__in=["reviewer", "administrator", "auditor"], agency=None)
                    | models.Q(
                        name__in=["clerk", "supervisor", "plan_manager"],
                        agency__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="role_unit_in_agency",
                condition=models.Q(unit=None) | models.Q(name__in=["clerk", "supervisor"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_name_display())
