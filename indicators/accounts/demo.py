"""The accounts for trying the portal out. Their passwords are made at the first run.

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
MAIL_DOMAIN = "demo.invalid"  # a name that never exists: nothing can reach anybody


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """`tries`: what there is to do with it, in a line."""

    username: str
    name: str
    role: models.Role.Name
    tries: str
    unit: str = ""
    is_city: bool = False

    @property
    def place(self) -> str:
        """The role, and the unit where it has one."""
        return f"{self.role.label}（{self.unit}）" if self.unit else str(self.role.label)


Name = models.Role.Name
ACCOUNTS = (
    DemoAccount(
        "clerk",
        "示範承辦",
        Name.CLERK,
        "更正退回的流廢標下降率，填完三天內到期與逾期的指標後送出",
        unit="採購管理科",
    ),
    DemoAccount(
        "clerk2",
        "示範人事",
        Name.CLERK,
        "更正退回的足額進用人數；正代理示範承辦與示範主管，可試同時修改，自己送出的不能核定",
        unit="人事室",
    ),
    DemoAccount(
        "supervisor", "示範主管", Name.SUPERVISOR, "審核已送出的三項指標：核定，或寫明原因退回"
    ),
    DemoAccount(
        "manager",
        "示範計畫",
        Name.PLAN_MANAGER,
        "看全處進度與逾期，調整負責單位與期限，全部核定後關帳",
    ),
    DemoAccount(
        "reviewer",
        "示範研考",
        Name.REVIEWER,
        "複核範例圖書館的計畫，公告範例地政事務所的計畫",
        is_city=True,
    ),
    DemoAccount(
        "admin", "示範管理", Name.ADMINISTRATOR, "管理機關、科室、人員與角色", is_city=True
    ),
    DemoAccount("auditor", "示範稽核", Name.AUDITOR, "查閱各計畫的歷程，不能更改", is_city=True),
)


@transaction.atomic
def ensure_accounts(known: Mapping[str, str], *, agency: models.Agency) -> dict[str, str]:
    """Create the accounts that are absent; the passwords that open them, `-` for changed ones.

    `known` are the passwords of earlier runs. An account whose password nobody knows gets a
    new one; one of the same username with another name is somebody's own and stays as it is.
    """
    return {account.username: _ensure(account, known, agency) for account in ACCOUNTS}


def _ensure(account: DemoAccount, known: Mapping[str, str], agency: models.Agency) -> str:
    user, is_new = models.User.objects.get_or_create(
        username=account.username,
        defaults={"first_name": account.name, "email": f"{account.username}@{MAIL_DOMAIN}"},
    )
    if user.first_name != account.name:
        return CHANGED
    if is_new:  # a role that was taken since stays taken
        own = None if account.is_city else agency
        _give_role(user, account.role, own, account.unit)
    password = known.get(account.username, "")
    if not is_new and password:
        return password if password != CHANGED and user.check_password(password) else CHANGED
    if not password or password == CHANGED:
        password = new_password()
    user.set_password(password)
    user.save(update_fields=["password", "former_passwords"])
    return password


def _give_role(user: models.User, role: str, agency: models.Agency | None, unit: str) -> None:
    found = None
    if agency and unit:
        found, _ = models.Unit.objects.get_or_create(agency=agency, name=unit)
    models.Role.objects.create(user=user, name=role, agency=agency, unit=found)


def ensure_colleague(
    username: str, name: str, role: str, *, agency: models.Agency, unit: str = ""
) -> models.User:
    """Somebody who has a part in the samples and an account that nothing opens."""
    user, is_new = models.User.objects.get_or_create(
        username=username, defaults={"first_name": name}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        _give_role(user, role, agency, unit)
    return user


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
