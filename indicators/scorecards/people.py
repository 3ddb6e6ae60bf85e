"""Accounts and their roles, as the administrator's pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from indicators.models import Agency, AuditEvent, Role, User
from indicators.scorecards.words import Tag

PAGE_SIZE = 50
NOTHING = "—"
NEWEST = 10  # events beside an account
DUTIES = {
    Role.Name.CLERK: gettext_lazy("填報所屬科室的指標與業務數據，附佐證資料，送出給主管。"),
    Role.Name.SUPERVISOR: gettext_lazy("審核承辦人送出的指標，核定或退回補正。"),
    Role.Name.PLAN_MANAGER: gettext_lazy(
        "指派負責單位與代理人，訂定期限，全部核定後關帳送研考會。"
    ),
    Role.Name.REVIEWER: gettext_lazy("複核各機關關帳的計畫，退回或公告。"),
    Role.Name.ADMINISTRATOR: gettext_lazy("管理機關、科室、帳號與角色，不能更改任何計畫的內容。"),
    Role.Name.AUDITOR: gettext_lazy("檢視全市的計畫與歷程，不能更改任何資料。"),
}
EVENTS = {
    ("account", "create"): pgettext_lazy("history", "建立帳號"),
    ("account", "rename"): pgettext_lazy("history", "更改姓名"),
    ("account", "address"): pgettext_lazy("history", "更改電子郵件"),
    ("account", "disable"): pgettext_lazy("history", "停用帳號"),
    ("account", "enable"): pgettext_lazy("history", "啟用帳號"),
    ("account", "reset-issue"): pgettext_lazy("history", "產生密碼連結"),
    ("account", "mfa-remove"): pgettext_lazy("history", "移除第二道驗證"),
    ("account", "sign-on-remove"): pgettext_lazy("history", "解除單一簽入"),
    ("role", "give"): pgettext_lazy("history", "新增角色"),
    ("role", "take"): gettext_lazy("收回角色"),
}


@dataclass(frozen=True, slots=True)
class RoleLine:
    pk: int
    word: str
    place: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One person as a list shows them."""

    pk: int
    name: str
    username: str
    tag: Tag
    is_active: bool
    last_login: datetime | None
    roles: tuple[RoleLine, ...]


@dataclass(frozen=True, slots=True)
class AccountList:
    """One page of the accounts that were looked for."""

    lines: tuple[AccountLine, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class AccountEvent:
    word: str
    detail: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountPage:
    line: AccountLine
    email: str
    has_password: bool
    has_factor: bool  # besides the password
    is_linked: bool  # to the city's sign-on
    events: tuple[AccountEvent, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """What a role may do, in one line."""

    word: str
    sentence: str


def duties() -> tuple[Duty, ...]:
    return tuple(Duty(str(Role.Name(name).label), str(DUTIES[name])) for name in DUTIES)


def account_list(
    *, words: str = "", agency_id: int | None = None, page: str | None = None
) -> AccountList:
    """Those in use first, then by account. 3 queries."""
    found = _looked_for(words, agency_id).order_by("-is_active", "username")
    shown = Paginator(_with_roles(found), PAGE_SIZE).get_page(page)
    return AccountList(
        lines=tuple(_line(user) for user in shown.object_list),
        total=shown.paginator.count,
        number=shown.number,
        pages=shown.paginator.num_pages,
    )


def account_page(pk: int) -> AccountPage | None:
    """None where there is no such account. 6 queries."""
    user = _with_roles(User.objects.filter(pk=pk)).first()
    if user is None:
        return None
    return AccountPage(
        line=_line(user),
        email=user.email,
        has_password=user.has_usable_password(),
        has_factor=Authenticator.objects.filter(user=user).exists(),
        is_linked=SocialAccount.objects.filter(user=user).exists(),
        events=_events(pk),
    )


def _looked_for(words: str, agency_id: int | None) -> QuerySet[User]:
    found = User.objects.all()
    for word in words.split():
        found = found.filter(Q(username__icontains=word) | Q(first_name__icontains=word))
    if agency_id is not None:
        found = found.filter(Exists(Role.objects.filter(user=OuterRef("pk"), agency=agency_id)))
    return found


def _with_roles(users: QuerySet[User]) -> QuerySet[User]:
    roles = Role.objects.select_related("agency", "unit").order_by("pk")
    return users.prefetch_related(Prefetch("roles", queryset=roles))


def _line(user: User) -> AccountLine:
    active, disabled = Tag("ok", gettext("使用中")), Tag("none", gettext("已停用"))
    return AccountLine(
        pk=user.pk,
        name=str(user),
        username=user.username,
        tag=active if user.is_active else disabled,
        is_active=user.is_active,
        last_login=user.last_login and timezone.localtime(user.last_login),
        roles=tuple(
            RoleLine(role.pk, str(role.get_name_display()), place(role.agency, role.unit))
            for role in user.roles.all()
        ),
    )


def place(agency: object | None, unit: object | None) -> str:
    if agency is None:
        return gettext("全市")
    return f"{agency}　{unit}" if unit else str(agency)


def _events(pk: int) -> tuple[AccountEvent, ...]:
    """What was done with the account and its roles lately; logins are no news here."""
    kinds = Q(object_kind="account", action__in=_actions("account")) | Q(object_kind="role")
    found = AuditEvent.objects.filter(kinds, object_id=pk).newest_first()[:NEWEST]
    contents = [event.content() for event in found]
    codes = {(of["before"] or of["after"]).get("agency", "") for of in contents} | {""}
    agencies = dict(Agency.objects.filter(code__in=codes).values_list("code", "name"))
    return tuple(
        AccountEvent(
            word=str(EVENTS.get((event.object_kind, event.action), event.action)),
            detail=_detail(content, agencies),
            by=str(event.actor or ""),
            at=timezone.localtime(event.at),
        )
        for event, content in zip(found, contents, strict=True)
    )


def _actions(kind: str) -> list[str]:
    return [action for of, action in EVENTS if of == kind]


def _detail(content: dict[str, dict[str, str]], agencies: dict[str, str]) -> str:
    before, after = content["before"], content["after"]
    for field in {"name", "email"} & before.keys():
        return f"{before[field] or NOTHING}→{after[field] or NOTHING}"
    values = before or after
    if "role" not in values:
        return ""
    agency = agencies.get(values["agency"], values["agency"]) or None
    word = Role.Name(values["role"]).label
    return f"{word}　{place(agency, values['unit'])}"
