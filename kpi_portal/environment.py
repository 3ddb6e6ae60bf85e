"""Settings from the environment. A value that can't be used stops the start with a sentence."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

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
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true", "yes"}


def items(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(name: str, default_file: Path) -> dict[str, object]:
    """Django's settings for `sqlite:////abs/path` or `postgres://user:pass@host:port/name`."""
    url = text(name)
    if not url:
        default_file.parent.mkdir(parents=True, exist_ok=True)
        return sqlite(str(default_file))
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and len(parts.path) > 1:
        return sqlite(unquote(parts.path[1:]))
    if parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1:
        return postgres(parts)
    raise ImproperlyConfigured(
        f"{name} must be sqlite:////absolute/path or postgres://user:password@host:port/name."
    )


def sqlite(path: str) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": SQLITE_OPTIONS,
        "CONN_MAX_AGE": 0,
    }


def postgres(parts) -> dict[str, object]:
    try:
        port = str(parts.port or "")
    except ValueError as error:
        raise ImproperlyConfigured(f"The database port is not a number: {error}.") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": port,
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
        return path.read_text().strip()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        return _write_once(path, secrets.token_urlsafe(64))


def _write_once(path: Path, value: str) -> str:
    """Whole or not at all: a second process that starts at the same time reads the first's."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(value)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
