"""HTML to PDF/A-3a and PDF/UA-1. The only file, with its patches, that imports WeasyPrint.

WeasyPrint is imported inside the functions: it takes a second, and no other command needs it.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date

from reports import weasyprint_import
from reports.fonts import FontFace

# Neither WeasyPrint's caches nor the collector's switch are made for several threads.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF. `relationship` is PDF/A-3's: Source, Data, Alternative …"""

    name: str
    content: bytes
    mime: str
    description: str
    relationship: str


class ForbiddenFetch(Exception):
    """The document asked for something other than the report's own font."""


def render(
    html: str,
    *,
    styles: str,
    faces: Sequence[FontFace],
    dated: date,
    attachments: Sequence[Attachment] = (),
    drawings: str = "",
) -> bytes:
    """The document as PDF/A-3a and PDF/UA-1. Equal arguments give equal bytes.

    `drawings` are the rules for what is inside an <svg>, which `styles` don't reach. `dated` is
    the attachments' date: content, never the clock. Raises ForbiddenFetch if the document asks
    for anything but the fonts in `faces`.
    """
    with _ONE_AT_A_TIME, _collector_off():
        weasyprint_import.import_weasyprint()
        from reports import weasyprint_patches as patches

        patches.install()
        files = [patches.embedded(dated=dated, **asdict(file)) for file in attachments]
        try:
            return patches.write(html, styles=styles, drawings=drawings, faces=faces, files=files)
        except patches.Refused as refused:
            raise ForbiddenFetch(f"報告不得載入外部資源：{refused}") from refused


@contextmanager
def _collector_off() -> Iterator[None]:
    """A layout makes millions of objects that live until its end: looking for cycles is waste."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
