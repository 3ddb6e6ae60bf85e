"""What a file is by its own bytes: neither its name nor the browser's word decides.

Written by hand: the eight kinds that are taken begin with a few fixed bytes, and what matters
beyond these (see `office`) is in no library of magic numbers.
"""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from indicators.evidence import office
from indicators.evidence.refusal import EvidenceRefused

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
TIFF, WEBP, CSV = "image/tiff", "image/webp", "text/csv"
SUFFIXES: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    office.ODT: (".odt",),
    office.ODS: (".ods",),
    office.ODP: (".odp",),
    office.DOCX: (".docx",),
    office.XLSX: (".xlsx",),
    office.PPTX: (".pptx",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    TIFF: (".tif", ".tiff"),
    WEBP: (".webp",),
    CSV: (".csv",),
}
BEGINNINGS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TAIL = 2048  # a PDF's %%EOF stands within the last kilobyte or so
ZIP_TAIL = 66_000  # the end of a zip with the longest comment
BLOCK = 1 << 16
CHARSETS = ("utf-8", "cp950")  # cp950 is Big5 as Windows writes it
NOT_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f")) + b"\x7f"


def content_type_of(file: BinaryIO, name: str) -> str:
    """The content type that the bytes have and the name fits. Raises `EvidenceRefused`."""
    suffix = PurePosixPath(name).suffix.lower()
    found = _recognised(file, suffix)
    if suffix not in SUFFIXES[found.partition(";")[0]]:
        raise EvidenceRefused(_misnamed(suffix, SUFFIXES[found.partition(";")[0]][0]))
    return found


def _recognised(file: BinaryIO, suffix: str) -> str:
    head = _read(file, 0, 16)
    if head.startswith(b"PK\x03\x04"):
        return office.content_type_of(file)
    if head.startswith(OLE):
        raise EvidenceRefused(
            _("這是舊版 Office 檔或有密碼保護的檔案；請移除密碼，另存為 ODF、docx 或 xlsx 後上傳。")
        )
    found = next((kind for start, kind in BEGINNINGS if head.startswith(start)), None)
    if found is None and head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        found = WEBP
    if found is not None:
        _check_end(file, found)
        return found
    if suffix == ".csv":
        return f"{CSV}; charset={_charset(file)}"
    raise EvidenceRefused(_unknown(suffix))


def _check_end(file: BinaryIO, found: str) -> None:
    """A PDF is whole, and nothing has a zip hung on: that would be two files in one."""
    size = file.seek(0, os.SEEK_END)
    if found == PDF and b"%%EOF" not in _read(file, max(0, size - TAIL), TAIL):
        raise EvidenceRefused(_("PDF 檔不完整，請重新匯出後上傳。"))
    tail = _read(file, max(0, size - ZIP_TAIL), ZIP_TAIL)
    end = tail.rfind(office.END)
    if end >= 0 and end + 22 + int.from_bytes(tail[end + 20 : end + 22], "little") == len(tail):
        raise EvidenceRefused(_("檔案後面夾帶了壓縮檔；請重新匯出，或把夾帶的檔案分開上傳。"))


def _charset(file: BinaryIO) -> str:
    """utf-8 or big5. Reads all of it, within the limit of a file's size."""
    file.seek(0)
    content = file.read()
    if any(byte in NOT_TEXT for byte in set(content)):
        raise EvidenceRefused(_("CSV 檔裡有文字以外的內容；請用試算表另存為「CSV UTF-8」後上傳。"))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"#!", b"%!", b"{\\rtf")):
        raise EvidenceRefused(
            _("檔名是 .csv，內容卻是網頁或程式；請用試算表另存為「CSV UTF-8」後上傳。")
        )
    charset = next((name for name in CHARSETS if _decodes(content, name)), None)
    if charset is None:
        raise EvidenceRefused(_("CSV 檔的文字讀不出來；請用試算表另存為「CSV UTF-8」後上傳。"))
    return "big5" if charset == "cp950" else charset


def _decodes(content: bytes, charset: str) -> bool:
    try:
        content.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _unknown(suffix: str) -> str:
    if any(suffix in group for group in SUFFIXES.values()):
        named = {"suffix": suffix}
        return _("檔名是 %(suffix)s，內容卻不是；請用原來的程式重新匯出後上傳。") % named
    return _("這種檔案不能上傳；請改用 PDF、ODF、docx、xlsx、pptx、PNG、JPEG、TIFF、WebP 或 CSV。")


def _misnamed(suffix: str, right: str) -> str:
    if not suffix:
        return _("檔名沒有副檔名；這個檔案的內容是 %(right)s，請補上後再上傳。") % {"right": right}
    return _(
        "檔名是 %(suffix)s，內容卻是 %(right)s；請改用 %(right)s 副檔名，或重新匯出後上傳。"
    ) % {"suffix": suffix[:20], "right": right}


def _read(file: BinaryIO, start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)
