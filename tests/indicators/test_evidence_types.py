"""What a file is by its content, and what is refused with which words."""

from __future__ import annotations

import io
import zipfile

import pytest

from indicators.evidence import EvidenceRefused, clean_name, clean_number, content_type_of, office
from tests.indicators import evidence_files as made


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.pdf", made.PDF, "application/pdf"),
        ("a.PDF", made.PDF, "application/pdf"),
        ("a.odt", made.odf(office.ODT), office.ODT),
        ("a.ods", made.odf(office.ODS), office.ODS),
        ("a.odp", made.odf(office.ODP), office.ODP),
        ("a.docx", made.ooxml(office.DOCX), office.DOCX),
        ("a.xlsx", made.ooxml(office.XLSX), office.XLSX),
        ("a.pptx", made.ooxml(office.PPTX), office.PPTX),
        ("a.png", made.png(), "image/png"),
        ("a.jpg", made.JPEG, "image/jpeg"),
        ("a.jpeg", made.JPEG, "image/jpeg"),
        ("a.tif", made.TIFF, "image/tiff"),
        ("a.webp", made.WEBP, "image/webp"),
        ("a.csv", made.CSV, "text/csv; charset=utf-8"),
        ("a.csv", b"\xef\xbb\xbf" + made.CSV, "text/csv; charset=utf-8"),
        ("a.csv", made.BIG5, "text/csv; charset=big5"),
    ],
)
def test_content_decides_what_a_file_is(name, content, expected):
    assert content_type_of(io.BytesIO(content), name) == expected


def big(size: int) -> bytes:
    """A member that says it has `size` bytes; all zeros, so the archive is small."""
    return made.ooxml(more={"xl/media/image1.png": b"\0" * size})


def twice() -> bytes:
    file = io.BytesIO(made.ooxml())
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", b"<y/>")
    return file.getvalue()


def oddly_packed() -> bytes:
    """By a method that no office program uses, and damaged where it is."""
    content = bytearray(made.zipped({"mimetype": office.ODS.encode() * 50}, zipfile.ZIP_LZMA))
    for place in range(47, 52):
        content[place] ^= 0xFF
    return bytes(content)


ENCRYPTED_ODF = made.odf(manifest="<manifest:encryption-data/>")
MACRO_TYPES = '<Override ContentType="application/vnd.ms-office.vbaProject"/>'


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.html", b"<!doctype html><script>1</script>", "這種檔案不能上傳"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "這種檔案不能上傳"),
        ("a.exe", made.PROGRAM, "這種檔案不能上傳"),
        ("a.gif", b"GIF89a\x01\x00", "這種檔案不能上傳"),
        ("a", made.PROGRAM, "這種檔案不能上傳"),
        ("a.pdf", made.PROGRAM, "檔名是 .pdf，內容卻不是"),
        ("a.pdf", b"<html>" + made.PDF, "檔名是 .pdf，內容卻不是"),
        ("a.pdf", b"\n" + made.PDF, "檔名是 .pdf，內容卻不是"),
        ("a.pdf", made.PDF[:-7], "PDF 檔不完整"),
        ("a.pdf", made.PDF + made.zipped({"a.exe": made.PROGRAM}), "後面夾帶了壓縮檔"),
        ("a.png", made.png() + made.zipped({"a": b"x"}), "後面夾帶了壓縮檔"),
        ("a.docx", made.PDF, "檔名是 .docx，內容卻是 .pdf"),
        ("a.exe", made.PDF, "檔名是 .exe，內容卻是 .pdf"),
        ("a.pdf.exe", made.PDF, "檔名是 .exe，內容卻是 .pdf"),
        ("a", made.PDF, "檔名沒有副檔名；這個檔案的內容是 .pdf"),
        ("a.docx", made.ooxml(office.XLSX), "檔名是 .docx，內容卻是 .xlsx"),
        ("a.docm", made.ooxml(office.DOCX), "檔名是 .docm，內容卻是 .docx"),
        ("a.zip", made.zipped({"a.txt": b"x"}), "壓縮檔不能作為佐證資料"),
        ("a.xlsx", made.zipped({"a.txt": b"x"}), "壓縮檔不能作為佐證資料"),
        ("a.xlsx", made.zipped({"[Content_Types].xml": b"<Types/>"}), "壓縮檔不能作為佐證資料"),
        ("a.odg", made.odf("application/vnd.oasis.opendocument.graphics"), "壓縮檔不能"),
        ("a.xlsx", made.zipped({"setup.exe": made.PROGRAM}), "夾帶了程式"),
        ("a.xlsx", made.ooxml(more={"xl/media/image1.png": made.PROGRAM}), "夾帶了程式"),
        ("a.ods", made.odf(more={"run.sh": b"echo"}), "夾帶了程式"),
        ("a.xlsx", made.ooxml(more={"xl/vbaProject.bin": b"x"}), "含有巨集"),
        ("a.xlsx", made.ooxml(types=MACRO_TYPES), "含有巨集"),
        ("a.xlsx", made.ooxml(more={"xl/macrosheets/sheet1.xml": b"<x/>"}), "含有巨集"),
        ("a.ods", made.odf(more={"Basic/Standard/Module1.xml": b"<x/>"}), "含有巨集"),
        ("a.ods", ENCRYPTED_ODF, "有密碼保護"),
        ("a.xlsx", made.encrypted_flag(made.ooxml()), "有密碼保護"),
        ("a.docx", made.OLE, "舊版 Office 檔或有密碼保護"),
        ("a.doc", made.OLE, "舊版 Office 檔或有密碼保護"),
        ("a.xlsx", made.ooxml()[:-10], "不完整或後面夾帶了別的內容"),
        ("a.xlsx", made.ooxml() + b"<script>", "不完整或後面夾帶了別的內容"),
        ("a.xlsx", b"PK\x03\x04" + made.ooxml(), "檔案已損壞"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 50 + b"PK\x05\x06" + b"\0" * 18, "檔案已損壞"),
        ("a.xlsx", twice(), "檔案已損壞"),
        ("a.ods", oddly_packed(), "檔案已損壞"),
        ("a.csv", b"a,b\x00c", "文字以外的內容"),
        ("a.csv", "期別".encode("utf-16"), "文字以外的內容"),
        ("a.csv", b"\xff\xff\xff", "文字讀不出來"),
        ("a.csv", b"\xef\xbb\xbf <html>", "內容卻是網頁或程式"),
        ("a.csv", b"#!/bin/sh\n", "內容卻是網頁或程式"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(name, content, sentence):
    with pytest.raises(EvidenceRefused, match=sentence):
        content_type_of(io.BytesIO(content), name)


def test_a_zip_that_unpacks_to_more_than_it_may_is_refused(monkeypatch):
    monkeypatch.setattr(office, "UNPACKED", 1_000_000)
    with pytest.raises(EvidenceRefused, match="解開後過大"):
        content_type_of(io.BytesIO(big(1_000_000)), "a.xlsx")
    monkeypatch.setattr(office, "LISTING", 100)
    with pytest.raises(EvidenceRefused, match="解開後過大"):
        content_type_of(io.BytesIO(made.ooxml()), "a.xlsx")


def test_a_zip_with_more_members_than_it_may_have_is_refused():
    many = {f"xl/{number}.xml": b"" for number in range(office.MEMBERS + 1)}
    with pytest.raises(EvidenceRefused, match="解開後過大"):
        content_type_of(io.BytesIO(made.ooxml(more=many)), "a.xlsx")


def test_any_damage_to_an_office_file_is_refused_or_read_but_never_a_crash():
    whole = made.ooxml()
    for place in range(len(whole)):
        harmed = bytearray(whole)
        harmed[place] ^= 0xFF
        try:
            assert content_type_of(io.BytesIO(bytes(harmed)), "a.xlsx") == office.XLSX
        except EvidenceRefused as refused:
            assert str(refused).endswith("。")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("107年基礎班證照清冊.ods", "107年基礎班證照清冊.ods"),
        ("C:\\文件\\清冊.pdf", "清冊.pdf"),
        ("../../etc/清冊.pdf", "清冊.pdf"),
        ("清\x00冊\u202efdp\u200b.pdf", "清冊fdp.pdf"),
        ("  清冊\r\n（一）.pdf ", "清冊 （一）.pdf"),
        ("..pdf", "pdf"),
        ("字" * 250 + ".pdf", "字" * 196 + ".pdf"),
        ("a." + "x" * 250, "a." + "x" * 198),
        ("", ""),
    ],
)
def test_a_name_is_cleaned_and_stays_readable(given, expected):
    assert clean_name(given) == expected


def test_a_document_number_is_one_visible_line():
    assert clean_number(" 中市秘採字\n第1080000123號\u200b ") == "中市秘採字 第1080000123號"
    for typed, sentence in (("\u200b \n", "請填寫文號"), ("字" * 201, "最多 200 個字")):
        with pytest.raises(EvidenceRefused, match=sentence):
            clean_number(typed)
