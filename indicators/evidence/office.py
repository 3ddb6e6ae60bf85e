"""Documents that are zip archives: ODF and OOXML, looked into within bounds, nothing unpacked."""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from indicators.evidence.refusal import EvidenceRefused

_ODF, _OOXML = "application/vnd.oasis.opendocument", "application/vnd.openxmlformats-officedocument"
ODT, ODS, ODP = f"{_ODF}.text", f"{_ODF}.spreadsheet", f"{_ODF}.presentation"
DOCX = f"{_OOXML}.wordprocessingml.document"
XLSX = f"{_OOXML}.spreadsheetml.sheet"
PPTX = f"{_OOXML}.presentationml.presentation"

END = b"PK\x05\x06"  # the end of a zip, 22 bytes with an empty comment
MEMBERS = 5000
DIRECTORY = 2_000_000  # bytes that the list of members may have: some 20,000 names
UNPACKED = 1 << 30  # bytes that all members may say they have
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that ODF and OOXML know
LISTING = 1 << 20  # bytes of a member that is read here
TYPES, MANIFEST = "[Content_Types].xml", "META-INF/manifest.xml"
PROGRAMS = {
    ".exe", ".dll", ".com", ".bat", ".cmd", ".msi", ".scr", ".pif", ".cpl", ".js", ".jse", ".vbs",
    ".vbe", ".wsf", ".hta", ".ps1", ".jar", ".class", ".lnk", ".sh", ".html", ".htm", ".svgz",
}  # fmt: skip
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")
MACRO_FOLDERS = ("basic/", "scripts/", "xl/macrosheets/", "word/activex/", "xl/activex/")
MACRO_WORDS = (b"macroenabled", b"vbaproject", b"macrosheet")
FAULTS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError)


def content_type_of(file: BinaryIO) -> str:
    """Raises `EvidenceRefused` for any other zip, and for macros, passwords and programs."""
    _check_end(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _looked_into(archive)
    except (*FAULTS, EOFError) as error:
        raise EvidenceRefused(_("檔案已損壞，打不開；請重新匯出後上傳。")) from error


def _check_end(file: BinaryIO) -> None:
    """The zip ends where the file ends, and its list of members is small enough to be read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 22))
    tail = file.read(22)
    if not tail.startswith(END):
        raise EvidenceRefused(_("檔案不完整或後面夾帶了別的內容；請重新匯出後上傳。"))
    if int.from_bytes(tail[12:16], "little") > DIRECTORY:
        raise EvidenceRefused(_too_much())


def _looked_into(archive: zipfile.ZipFile) -> str:
    members = archive.infolist()
    _check_bounds(members)
    _check_members(archive, members)
    names = {member.filename for member in members}
    found = _odf(archive, names) if "mimetype" in names else _ooxml(archive, names)
    if found is None:
        raise EvidenceRefused(_("壓縮檔不能作為佐證資料；請解壓縮後，把裡面的檔案分別上傳。"))
    return found


def _check_bounds(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MEMBERS or unpacked > UNPACKED:
        raise EvidenceRefused(_too_much())
    is_whole = bool(members) and min(member.header_offset for member in members) == 0
    if not is_whole or len({member.filename for member in members}) < len(members):
        raise zipfile.BadZipFile


def _check_members(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        name = member.filename.lower()
        if member.compress_type not in PACKED:
            raise zipfile.BadZipFile
        if member.flag_bits & 1:
            raise EvidenceRefused(_locked())
        if name.startswith(MACRO_FOLDERS) or "vbaproject" in name:
            raise EvidenceRefused(_macros())
        if PurePosixPath(name).suffix in PROGRAMS or _starts_like_a_program(archive, member):
            raise EvidenceRefused(_("檔案裡夾帶了程式或網頁；請移除後重新存檔再上傳。"))


def _starts_like_a_program(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    with archive.open(member) as content:
        return content.read(4).startswith(PROGRAM_STARTS)


def _odf(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    found = _start_of(archive, "mimetype").decode("ascii", "replace").strip()
    if found not in (ODT, ODS, ODP) or MANIFEST not in names:
        return None
    if b"encryption-data" in _start_of(archive, MANIFEST):
        raise EvidenceRefused(_locked())
    return found


def _ooxml(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if TYPES not in names:
        return None
    types = _start_of(archive, TYPES)
    if any(word in types.lower() for word in MACRO_WORDS):
        raise EvidenceRefused(_macros())
    mains = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml", PPTX: "ppt/presentation.xml"}
    found = [kind for kind in mains if f"{kind}.main+xml".encode() in types]
    return found[0] if len(found) == 1 and mains[found[0]] in names else None


def _start_of(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as content:
        start = content.read(LISTING + 1)
    if len(start) > LISTING:
        raise EvidenceRefused(_too_much())
    return start


def _locked() -> str:
    return _("檔案有密碼保護，日後無法查核；請移除密碼後上傳。")


def _macros() -> str:
    return _("檔案含有巨集或控制項；請另存為不含巨集的檔案（或 PDF）後上傳。")


def _too_much() -> str:
    return _("檔案解開後過大，無法檢查；請另存為 PDF 後上傳。")
