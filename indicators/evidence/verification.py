"""Whether every file that the database names is there, and still is what was stored."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.evidence.storage import evidence_root, file_hash
from indicators.models import Evidence


def problems() -> Iterator[str]:
    """A sentence for each file that is missing or changed; withdrawn evidence counts too."""
    rows = Evidence.objects.filter(kind=Evidence.Kind.FILE).order_by("stored_as", "pk")
    seen: set[tuple[str, str]] = set()
    for stored_as, sha256, name in rows.values_list("stored_as", "sha256", "name").iterator():
        if (stored_as, sha256) not in seen:  # versions of a plan share their files
            seen.add((stored_as, sha256))
            yield from _problem(stored_as, sha256, name)


def _problem(stored_as: str, sha256: str, name: str) -> Iterator[str]:
    try:
        actual = file_hash(evidence_root() / stored_as)
    except FileNotFoundError:
        yield f"{stored_as}（{name}）遺失。"
    except OSError as error:
        yield f"{stored_as}（{name}）讀不到（{error.strerror}）。"
    else:
        if actual != sha256:
            yield f"{stored_as}（{name}）遭變更。"
