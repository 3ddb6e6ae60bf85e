"""What WeasyPrint 70 does not offer in public: each use of a private name, with its reason.

Every function here has a test in tests/reports/test_pdf.py that fails when a new version of
WeasyPrint or pydyf changes what it relies on.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime, time
from functools import lru_cache, partial
from io import BytesIO
from typing import Any

import pydyf
import weasyprint
from weasyprint.pdf import VARIANTS, pdfa
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

from reports import weasyprint_lines
from reports.fonts import FontFace
from reports.pdf import Attachment, ForbiddenFetch

VARIANT = "pdf/a-3a+ua-1"
# Level 9, which pydyf hard-codes, costs four times level 6 for one percent of the size.
COMPRESSION_LEVEL = 6
BODY_PAGES = "rp-body"


class _Refused(FatalURLFetchingError):
    """Stops the rendering: any other exception would only be logged."""


class Fetcher:
    """Serves the fonts of one report, by address, and nothing else."""

    def __init__(self, served: dict[str, bytes]) -> None:
        self._served = served

    def __call__(self, url: str) -> URLFetcherResponse:
        if url not in self._served:
            raise _Refused(url)
        return URLFetcherResponse(url, self._served[url], {"Content-Type": "font/ttf"})


def write(
    html: str, *, styles: str, faces: Sequence[FontFace], files: Sequence[weasyprint.Attachment]
) -> bytes:
    """Lay `html` out with our own lines and write it."""
    fetcher = Fetcher({_font_url(index): face.data for index, face in enumerate(faces)})
    font_config = FontConfiguration()
    weasyprint_lines.use(font_config, faces)
    font_rules = weasyprint.CSS(
        string=_font_rules(faces), font_config=font_config, url_fetcher=fetcher
    )
    try:
        document = weasyprint.HTML(string=html, url_fetcher=fetcher).render(
            font_config=font_config,
            stylesheets=[font_rules, _style_sheet(styles)],
            pdf_variant=VARIANT,
        )
        data: bytes = document.write_pdf(pdf_variant=VARIANT, attachments=list(files))
    except _Refused as refused:
        raise ForbiddenFetch(f"報告不得載入外部資源：{refused}") from refused
    return data


def _font_url(index: int) -> str:
    return f"report-font:{index}"


def _font_rules(faces: Sequence[FontFace]) -> str:
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; src: url("{_font_url(index)}") }}'
        for index, face in enumerate(faces)
    )


@lru_cache(maxsize=4)
def _style_sheet(rules: str) -> weasyprint.CSS:
    return weasyprint.CSS(string=rules, url_fetcher=Fetcher({}))


# PDF/A-3a and PDF/UA-1 at once ----------------------------------------------------------------

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
UA = (
    f'<rdf:Description {RDF} xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">'
    "<pdfuaid:part>1</pdfuaid:part></rdf:Description>"
)
# PDF/A wants every foreign XMP schema described.
EXTENSION = f"""<rdf:Description {RDF} rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""


def _archive_and_accessible(pdf, document, page_streams, attachments, compress):  # type: ignore[no-untyped-def]
    """WeasyPrint knows either conformance; both need the same XMP packet, uncompressed."""
    metadata = document.metadata
    metadata.generate_rdf_metadata = partial(_rdf_with_ua, metadata.generate_rdf_metadata)
    try:
        pdfa.pdfa(pdf, document, page_streams, attachments, compress=False, version=3, variant="A")
    finally:
        del metadata.generate_rdf_metadata
    if "AF" in pdf.catalog:  # pdfa() lists each attachment twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    pdf.catalog["PageLabels"] = _page_labels(document)


def _rdf_with_ua(original, variant, version, conformance):  # type: ignore[no-untyped-def]
    xmp, end = original(variant, version, conformance), b"</rdf:RDF>"
    if not xmp.endswith(end):
        raise AssertionError("WeasyPrint writes its XMP metadata differently")
    return xmp[: -len(end)] + UA.encode() + EXTENSION.encode() + end


def _page_labels(document: weasyprint.Document) -> pydyf.Dictionary:
    """Front pages i, ii …, the body 1, 2 …: a reader's page box says what the page says."""
    names = [page._page_box.page_type.name for page in document.pages]
    front = names.index(BODY_PAGES) if BODY_PAGES in names else 0
    labels = [0, pydyf.Dictionary({"S": "/r"})] if front else []
    labels += [front, pydyf.Dictionary({"S": "/D"})]
    return pydyf.Dictionary({"Nums": pydyf.Array(labels)})


def embedded(file: Attachment, dated: date) -> weasyprint.Attachment:
    """`file` for WeasyPrint: with its own mime type instead of a guess from its name."""
    noon = datetime.combine(dated, time(12), UTC)
    attachment = weasyprint.Attachment(
        string=b"",
        name=file.name,
        description=file.description,
        created=noon,
        modified=noon,
        relationship=file.relationship,
        url_fetcher=Fetcher({}),
    )
    attachment.source = nullcontext((BytesIO(file.content), None, None, file.mime))
    return attachment


# Speed ----------------------------------------------------------------------------------------


def _stream_data(stream: pydyf.Stream) -> bytes:
    """A stream's bytes, made once. pydyf makes them again for the file's identifier."""
    cached: bytes | None = stream.__dict__.get("_data")
    if cached is None:
        content = b"\n".join(map(pydyf._to_bytes, stream.stream))
        extra = pydyf.Dictionary(dict(stream.extra))
        if stream.compress:
            extra["Filter"] = "/FlateDecode"
            content = zlib.compress(content, COMPRESSION_LEVEL)
        extra["Length"] = len(content)
        cached = b"\n".join((extra.data, b"stream", content, b"endstream"))
        stream.__dict__["_data"] = cached
    return cached


def _page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    """pydyf builds this tuple anew for every structure element; pages are only appended."""
    count = pdf.pages["Count"]
    cached: tuple[int, tuple[bytes, ...]] | None = pdf.__dict__.get("_page_references")
    if cached is None or cached[0] != count:
        kids = pdf.pages["Kids"][::3]
        cached = (count, tuple(f"{number} 0 R".encode("ascii") for number in kids))
        pdf.__dict__["_page_references"] = cached
    return cached[1]


def install() -> None:
    """Put the patches in place; a second call changes nothing."""
    VARIANTS[VARIANT] = (
        _archive_and_accessible,
        {"pdf_version": "1.7", "pdf_tags": True, "pdf_identifier": True, "output_intent": "srgb"},
    )
    pydyf.Stream.data = property(_stream_data)
    weasyprint_lines.install()
    pydyf.PDF.page_references = property(_page_references)
