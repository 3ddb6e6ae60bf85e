"""The report's own font: what it covers, and the subset made for each report.

TW-Kai (全字庫正楷體) covers plane 0, TW-Kai-Ext-B plane 2. Embedding them whole would cost
seconds and megabytes, so every report carries just the characters it prints. Neither Django
nor WeasyPrint is imported here: plan documents are checked with this module too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import uharfbuzz as hb

DEFAULT_FONT_DIR = "/usr/share/fonts/truetype/cns11643"
INSTALL_SENTENCE = (
    "找不到報告字型（全字庫正楷體 TW-Kai）。請安裝套件 fonts-cns11643-kai，"
    "或以環境變數 REPORT_FONT_DIR 指定字型所在的資料夾。"
)
# The families are our own names, so that neither Pango nor a browser takes an installed
# 36 MB TW-Kai in place of the subset.
SOURCES = (
    ("Report Kai", "TW-Kai-98_1.ttf"),
    ("Report Kai Ext", "TW-Kai-Ext-B-98_1.ttf"),
)
# A fallback font without these would draw a following space as .notdef.
BASIC = frozenset(range(0x20, 0x7F))
FIRST_PRINTABLE = 0x20  # a font may claim to hold control characters
IGNORED = frozenset(map(ord, "\n\r\t"))
# No vertical text, no substitutions, no kerning: advances alone place the glyphs.
DROPPED_TABLES = (b"GDEF", b"GPOS", b"GSUB", b"vhea", b"vmtx", b"BASE", b"DSIG")


class FontsUnavailable(Exception):
    """The report's fonts are not installed; the message says how to install them."""


class MissingCharacters(Exception):
    """Characters that no font of the report holds; the message names each of them."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(characters)
        named = "、".join(f"{char}（U+{ord(char):04X}）" for char in self.characters)
        super().__init__(f"報告字型缺少這些字：{named}。請改用其他字，或以文字說明。")


@dataclass(frozen=True, slots=True)
class FontFace:
    """A font made for one report: the family of its style sheet and its TrueType data.

    `glyphs` holds for each character its glyph and its advance in thousandths of an em.
    """

    family: str
    data: bytes
    glyphs: Mapping[str, tuple[int, float]] = field(repr=False)


def missing_characters(text: str) -> tuple[str, ...]:
    """The characters of `text` that the report's fonts lack, sorted, each once."""
    wanted = _code_points(text)
    for _, file_name in SOURCES:
        if not wanted:
            break
        wanted -= _coverage(_font_path(file_name))
    return tuple(map(chr, sorted(wanted)))


def check_characters(text: str) -> None:
    """Raise MissingCharacters when `text` cannot be printed whole."""
    if missing := missing_characters(text):
        raise MissingCharacters(missing)


def subset(text: str) -> list[FontFace]:
    """The fonts that print `text`: equal characters give equal bytes."""
    return list(_subset(frozenset(_code_points(text))))


@lru_cache(maxsize=8)
def _subset(wanted: frozenset[int]) -> tuple[FontFace, ...]:
    faces: list[FontFace] = []
    left = set(wanted | BASIC)
    for family, file_name in SOURCES:
        path = _font_path(file_name)
        held = left & _coverage(path)
        left -= held
        if held - BASIC or not faces:
            faces.append(_face_of(family, _cut(path, held | BASIC)))
    return tuple(faces)


def _face_of(family: str, data: bytes) -> FontFace:
    face = hb.Face(data)
    font = hb.Font(face)
    glyphs = {}
    for code_point in face.unicodes:
        glyph = font.get_nominal_glyph(code_point)
        advance = font.get_glyph_h_advance(glyph) * 1000 / face.upem
        glyphs[chr(code_point)] = (glyph, advance)
    return FontFace(family, data, glyphs)


def _code_points(text: str) -> set[int]:
    return {ord(char) for char in set(text)} - IGNORED


def _font_path(file_name: str) -> str:
    path = Path(os.environ.get("REPORT_FONT_DIR") or DEFAULT_FONT_DIR) / file_name
    if not path.is_file():
        raise FontsUnavailable(INSTALL_SENTENCE)
    return str(path)


@lru_cache(maxsize=4)
def _face(path: str) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(path))


@lru_cache(maxsize=4)
def _coverage(path: str) -> frozenset[int]:
    return frozenset(code for code in _face(path).unicodes if code >= FIRST_PRINTABLE)


def _cut(path: str, code_points: Iterable[int]) -> bytes:
    wanted = hb.SubsetInput()
    wanted.unicode_set.set(code_points)
    wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in DROPPED_TABLES)
    wanted.flags = hb.SubsetFlags.NO_HINTING
    return bytes(hb.subset(_face(path), wanted).blob.data)
