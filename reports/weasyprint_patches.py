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
from importlib import resources
from io import BytesIO
from xml.etree import ElementTree

import pydyf
import weasyprint
from weasyprint.css import ColorProfile
from weasyprint.pdf import VARIANTS, pdfa
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

from reports import weasyprint_lines
from reports.fonts import FontFace

VARIANT = "pdf/a-3a+ua-1"
# Level 9, which pydyf hard-codes, takes three times as long for four percent of the size.
COMPRESSION_LEVEL = 4
BODY_PAGES = "rp-body"


class Refused(FatalURLFetchingError):
    """An address that is not served. Any other exception WeasyPrint would only log."""


class Fetcher:
    """Serves the fonts of one report, by address, and nothing else."""

    def __init__(self, served: dict[str, bytes]) -> None:
        self._served = served
        self.refused: list[str] = []

    def __call__(self, url: str) -> URLFetcherResponse:
        if url not in self._served:
            self.refused.append(url)
            raise Refused(url)
        return URLFetcherResponse(url, self._served[url], {"Content-Type": "font/ttf"})


def write(
    html: str,
    *,
    styles: str,
    faces: Sequence[FontFace],
    files: Sequence[weasyprint.Attachment],
    drawings: str = "",
) -> bytes:
    """Lay `html` out with our own lines and write it; Refused if it asks for anything else."""
    fetcher = fetcher_of(faces)
    document = laid_out(html, styles=styles, faces=faces, fetcher=fetcher, drawings=drawings)
    document.output_intent = "srgb"
    document.color_profiles["srgb"] = _colour_profile()
    data: bytes = document.write_pdf(pdf_variant=VARIANT, attachments=list(files))
    if fetcher.refused:  # inside an SVG, where WeasyPrint goes on without what it asked for
        raise Refused(fetcher.refused[0])
    return data


def laid_out(
    html: str, *, styles: str, faces: Sequence[FontFace], fetcher: Fetcher, drawings: str = ""
) -> weasyprint.Document:
    """The pages of `html`, in our own lines of the fonts in `faces`."""
    font_config = FontConfiguration()
    weasyprint_lines.use(font_config, faces)
    font_rules = weasyprint.CSS(
        string=_font_rules(faces), font_config=font_config, url_fetcher=fetcher
    )
    return Document(html, fetcher, drawings).render(
        font_config=font_config,
        stylesheets=[font_rules, _style_sheet(styles)],
        pdf_variant=VARIANT,
    )


class Document(weasyprint.HTML):
    """A well-formed document, parsed in a tenth of the time that an HTML parser takes.

    Of a drawing WeasyPrint knows only the rules and the title that stand inside it: `drawings` are
    put there, and what its label says.
    """

    def __init__(self, markup: str, fetcher: Fetcher, drawings: str = "") -> None:
        root = ElementTree.fromstring(markup)  # noqa: S314  our own template, staff text escaped
        for drawing in list(root.iter("svg")):
            if drawings:
                _style(drawing, drawings)
            for element in drawing.iter():
                element.tag = f"{{http://www.w3.org/2000/svg}}{element.tag}"
        self.base_url = None
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = weasyprint.cssselect2.ElementWrapper.from_html_root(
            root, content_language=None
        )
        self.etree_element = self.wrapper_element.etree_element


def _style(drawing: ElementTree.Element, rules: str) -> None:
    style, title = ElementTree.Element("style"), ElementTree.Element("title")
    style.text, title.text = rules, drawing.get("aria-label", "")
    drawing[:0] = [style, title]


def fetcher_of(faces: Sequence[FontFace]) -> Fetcher:
    """Serves these fonts under the addresses that their @font-face rules name."""
    return Fetcher({_font_url(index): face.data for index, face in enumerate(faces)})


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


def _colour_profile() -> ColorProfile:
    """WeasyPrint's sRGB profile; asked for by option, it leaves the profile's file open."""
    content = _colour_profile_data()
    return ColorProfile(
        BytesIO(content), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"])
    )


@lru_cache(maxsize=1)
def _colour_profile_data() -> bytes:
    return (resources.files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


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
    for finished in pdf.objects:  # this is the last step before the file is written
        finished.__dict__["_is_final"] = True


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


def embedded(
    content: bytes, *, name: str, mime: str, description: str, relationship: str, dated: date
) -> weasyprint.Attachment:
    """A file inside the PDF: with its own mime type instead of a guess from its name."""
    noon = datetime.combine(dated, time(12), UTC)
    attachment = weasyprint.Attachment(
        string=b"",
        name=name,
        description=description,
        created=noon,
        modified=noon,
        relationship=relationship,
        url_fetcher=Fetcher({}),
    )
    attachment.source = nullcontext((BytesIO(content), None, None, mime))
    return attachment


# Speed ----------------------------------------------------------------------------------------


def _to_bytes(item: object) -> bytes:
    return item if item.__class__ is bytes else pydyf._to_bytes(item)


def _stream_data(stream: pydyf.Stream) -> bytes:
    """A stream's bytes, made once. pydyf makes them again for the file's identifier."""
    cached: bytes | None = stream.__dict__.get("_data")
    if cached is None:
        content = b"\n".join(map(_to_bytes, stream.stream))
        extra = pydyf.Dictionary(dict(stream.extra))
        if stream.compress:
            extra["Filter"] = "/FlateDecode"
            content = zlib.compress(content, COMPRESSION_LEVEL)
        extra["Length"] = len(content)
        # CR LF: of a stream that ends in CR, a bare LF would seem to take that CR with it.
        cached = b"".join((extra.data, b"\nstream\n", content, b"\r\nendstream"))
        stream.__dict__["_data"] = cached
    return cached


def _dictionary_data(dictionary: pydyf.Dictionary) -> bytes:
    """A dictionary's bytes; once finished, made once. The file's identifier needs them again."""
    cached: bytes | None = dictionary.__dict__.get("_data")
    if cached is None:
        pairs = (
            b"/%b %b" % (_to_bytes(key), _to_bytes(value)) for key, value in dictionary.items()
        )
        cached = b"<<%b>>" % b"".join(pairs)
        if dictionary.__dict__.get("_is_final"):
            dictionary.__dict__["_data"] = cached
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
        {"pdf_version": "1.7", "pdf_tags": True, "pdf_identifier": True},
    )
    pydyf.Stream.data = property(_stream_data)
    pydyf.Dictionary.data = property(_dictionary_data)
    weasyprint_lines.install()
    pydyf.PDF.page_references = property(_page_references)
