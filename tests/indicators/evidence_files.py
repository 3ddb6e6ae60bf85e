"""Small real files of every kind, made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from indicators.evidence import office

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
TIFF = b"II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"
WEBP = b"RIFF\x0c\x00\x00\x00WEBPVP8 \x00\x00\x00\x00"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
CSV = "期別,受訓人數\n第1期,70\n".encode()
BIG5 = "期別,受訓人數\n第1期,70\n".encode("big5")
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00"
MAINS = {
    office.DOCX: "word/document.xml",
    office.XLSX: "xl/workbook.xml",
    office.PPTX: "ppt/presentation.xml",
}


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x00")
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def zipped(members: dict[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packed) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def ooxml(kind: str = office.XLSX, more: dict[str, bytes] | None = None, types: str = "") -> bytes:
    main = MAINS[kind]
    listing = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/{main}" ContentType="{kind}.main+xml"/>'
        f"{types}</Types>"
    )
    return zipped({"[Content_Types].xml": listing.encode(), main: b"<x/>"} | (more or {}))


def odf(kind: str = office.ODS, more: dict[str, bytes] | None = None, manifest: str = "") -> bytes:
    members = {
        "mimetype": kind.encode(),
        "content.xml": b"<office:document-content/>",
        "META-INF/manifest.xml": f"<manifest:manifest>{manifest}</manifest:manifest>".encode(),
    }
    return zipped(members | (more or {}))


def encrypted_flag(archive: bytes) -> bytes:
    """The bit that says that a member has a password, in both places."""
    changed = bytearray(archive)
    changed[6] |= 1
    directory = archive.index(b"PK\x01\x02")
    changed[directory + 8] |= 1
    return bytes(changed)
