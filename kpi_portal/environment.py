"""Settings from the environment. A value that can't be used stops the start with a sentence."""

import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
POSTGRES_OPTIONS = {
    "connect_timeout": 5,
    "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} 只能是 0 或 1，不能是 {value!r}。")
    return value in {"1", "true", "yes"}


def number(name: str, default: int, least: int = 0) -> int:
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and int(value) >= least):
        raise ImproperlyConfigured(f"{name} 應為不小於 {least} 的整數，不能是 {value!r}。")
    return int(value)


def web_address(name: str) -> str:
    """An https address, or http on this machine; empty when unset."""
    value = text(name)
    parts = urlsplit(value)
    is_local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}
    if value and not (parts.hostname and (parts.scheme == "https" or is_local)):
        raise ImproperlyConfigured(f"{name} 應以 https:// 開頭，不能是 {value!r}。")
    return value.rstrip("/")


def items(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def oidc(server: str, name: str) -> dict[str, object]:
    """allauth's settings of the one provider; none without OIDC_SERVER_URL."""
    if not server:
        return {}
    client, secret_ = text("OIDC_CLIENT_ID"), text("OIDC_CLIENT_SECRET")
    if not (client and secret_):
        raise ImproperlyConfigured(
            "OIDC_SERVER_URL 需要一併設定 OIDC_CLIENT_ID 與 OIDC_CLIENT_SECRET。"
        )
    app = {
        "provider_id": "city",
        "name": name,
        "client_id": client,
        "secret": secret_,
        "settings": {"server_url": server, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


def database(name: str, default_file: Path) -> dict[str, object]:
    """Django's settings for `sqlite:////abs/path` or `postgres://user:pass@host:port/name`."""
    url = text(name)
    if not url:
        _make_folder(default_file.parent)
        return sqlite(str(default_file))
    try:
        parts = urlsplit(url)
        if parts.scheme == "sqlite" and len(parts.path) > 1:
            return sqlite(unquote(parts.path[1:]))
        if parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1:
            return postgres(parts)
    except ValueError as error:  # a port that is no number, a bracket without its other half
        raise ImproperlyConfigured(f"{name} 看不懂（{error}）。") from error
    raise ImproperlyConfigured(
        f"{name} 應為 sqlite:////absolute/path 或 postgres://user:password@host:port/name。"
    )


def sqlite(path: str) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": SQLITE_OPTIONS,
        "CONN_MAX_AGE": 0,
    }


def postgres(parts: SplitResult) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": POSTGRES_OPTIONS | dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def secret(name: str, folder: Path) -> str:
    """The secret key: from the environment, else one made once in `folder` (mode 600)."""
    value = text(name)
    if value:
        return value
    path = folder / "secret_key"
    try:
        return _stored(path) or _write_once(path, secrets.token_urlsafe(64))
    except OSError as error:
        raise ImproperlyConfigured(
            f"沒有設定 {name}，也無法使用「{path}」（{error.strerror}）。"
        ) from error


def _stored(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""


def _write_once(path: Path, value: str) -> str:
    """Whole or not at all: a second process that starts at the same time reads the first's."""
    _make_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mode 600
    draft = Path(name)
    with os.fdopen(handle, "w") as file:
        file.write(value)
    try:
        os.link(draft, path)
    except FileExistsError:
        if not _stored(path):  # an empty file, left behind by a full disk
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return _stored(path)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"無法建立資料夾「{folder}」（{error.strerror}）。") from error
