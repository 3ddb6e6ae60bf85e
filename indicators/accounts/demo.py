"""The four accounts for trying the portal out. Their passwords are made at the first run.

A password that its owner has changed stays theirs: the list then says only that it was changed.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from indicators import models

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is easily misread
CHANGED = "-"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    name: str
    role: models.Role.Name
    unit: str = ""
    is_city: bool = False


ACCOUNTS = (
    DemoAccount("clerk", "示範承辦", models.Role.Name.CLERK, unit="採購管理科"),
    DemoAccount("supervisor", "示範主管", models.Role.Name.SUPERVISOR),
    DemoAccount("reviewer", "示範研考", models.Role.Name.REVIEWER, is_city=True),
    DemoAccount("admin", "示範管理", models.Role.Name.ADMINISTRATOR, is_city=True),
)


@transaction.atomic
def ensure_accounts(known: Mapping[str, str], *, agency: models.Agency) -> dict[str, str]:
    """Create the accounts that are absent; the passwords that open them, `-` for changed ones.

    `known` are the passwords of earlier runs. An account whose password nobody knows gets a
    new one.
    """
    return {account.username: _ensure(account, known, agency) for account in ACCOUNTS}


def _ensure(account: DemoAccount, known: Mapping[str, str], agency: models.Agency) -> str:
    user, is_new = models.User.objects.get_or_create(
        username=account.username, defaults={"first_name": account.name}
    )
    _ensure_role(user, account, agency)
    password = known.get(account.username, "")
    if not is_new and password:
        return password if password != CHANGED and user.check_password(password) else CHANGED
    if not password or password == CHANGED:
        password = new_password()
    user.set_password(password)
    user.save(update_fields=["password", "former_passwords"])
    return password


def _ensure_role(user: models.User, account: DemoAccount, agency: models.Agency) -> None:
    if user.roles.exists():
        return
    unit = None
    if account.unit:
        unit, _ = models.Unit.objects.get_or_create(agency=agency, name=account.unit)
    own = None if account.is_city else agency
    models.Role.objects.create(user=user, name=account.role, agency=own, unit=unit)


def new_password() -> str:
    """Four groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def read_passwords(path: Path) -> dict[str, str]:
    """The list as it was written; empty where there is none."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def write_passwords(path: Path, passwords: Mapping[str, str]) -> None:
    """Only for the eyes of the person who runs the portal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{username} {password}\n" for username, password in passwords.items())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
