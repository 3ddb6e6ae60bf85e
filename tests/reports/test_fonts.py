"""The report's fonts: coverage, the sentence for what is missing, the subset."""

import io

import pytest
from fontTools.ttLib import TTFont

from reports import fonts


def test_missing_characters_are_sorted_and_named_once():
    assert fonts.missing_characters("甲𫝀乙😀𫝀") == ("😀", "𫝀")


@pytest.mark.parametrize("text", ["", "堃喆峯𡘙𠮷", "a\tb\r\nc", "≤×÷—％℃"])
def test_missing_characters_finds_nothing_in_what_the_fonts_hold(text):
    assert fonts.missing_characters(text) == ()


def test_control_characters_are_missing():
    assert fonts.missing_characters("a\0\x0b\x1fb") == ("\0", "\x0b", "\x1f")


def test_check_characters_names_the_character_and_its_code_point():
    with pytest.raises(fonts.MissingCharacters) as caught:
        fonts.check_characters("市長𫝀")
    assert str(caught.value) == ("報告字型缺少這些字：𫝀（U+2B740）。請改用其他字，或以文字說明。")


def test_fonts_that_are_not_installed_are_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("REPORT_FONT_DIR", str(tmp_path))
    with pytest.raises(fonts.FontsUnavailable, match="fonts-cns11643-kai"):
        fonts.missing_characters("市")


def test_subset_holds_the_characters_asked_for_and_ascii():
    (face,) = fonts.subset("施政績效")
    held = set(TTFont(io.BytesIO(face.data)).getBestCmap())
    assert held == set(map(ord, "施政績效")) | set(range(0x20, 0x7F))


def test_subset_adds_a_second_font_for_plane_two_only():
    assert [face.family for face in fonts.subset("施𡘙")] == ["Report Kai", "Report Kai Ext"]
    assert [face.family for face in fonts.subset("施")] == ["Report Kai"]


def test_subset_of_the_same_characters_is_the_same_bytes():
    first = fonts.subset("績效施政")
    fonts._subset.cache_clear()
    assert [face.data for face in fonts.subset("施政績效績效")] == [face.data for face in first]


def test_subset_has_no_table_that_moves_or_replaces_glyphs():
    (face,) = fonts.subset("施")
    assert not {"GSUB", "GPOS", "GDEF", "vhea", "vmtx"} & set(TTFont(io.BytesIO(face.data)).keys())


def test_subset_knows_each_advance_in_thousandths_of_an_em():
    (face,) = fonts.subset("施")
    assert face.glyphs["施"][1] == 1000
    assert face.glyphs["1"][1] == 500
