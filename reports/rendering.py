"""The annual report as one stand-alone HTML file and as PDF, from the same template.

Also the year at a glance as PDF, from the template of its page.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.timezone import localdate

from indicators.scorecards.glance import Glance
from reports import fonts, pdf
from reports.annual import AnnualReport
from reports.fonts import FontFace
from reports.pdf import Attachment

STYLE_SHEET = "reports/report.css"
GLANCE_SHEET = "reports/glance.css"
GLANCE_DRAWINGS = "reports/glance-drawings.css"


def html_document(report: AnnualReport) -> str:
    """The report as a file that needs nothing else: styles, charts and font inside."""
    faces = report_fonts(report)
    rules = [_font_rule(face, _data_url(face)) for face in faces]
    return _document(report, "\n".join([*rules, _style_sheet(STYLE_SHEET)]))


def pdf_document(report: AnnualReport, attachments: Sequence[Attachment] = ()) -> bytes:
    """The report as PDF/A-3a and PDF/UA-1, `attachments` inside."""
    html = _document(report, "")
    styles = _style_sheet(STYLE_SHEET)
    faces = _fonts_for(html, styles)
    return pdf.render(html, styles=styles, faces=faces, dated=report.dated, attachments=attachments)


def glance_pdf(page: Glance) -> bytes:
    """The year at a glance as PDF/A-3a and PDF/UA-1, in the reader's language."""
    html = render_to_string("glance/document.html", {"page": page, "is_paper": True})
    styles = _style_sheet(GLANCE_SHEET)
    return pdf.render(
        html,
        styles=styles,
        faces=_fonts_for(html, styles),
        dated=localdate(page.as_of),
        drawings=_style_sheet(GLANCE_DRAWINGS),
    )


def report_fonts(report: AnnualReport) -> list[FontFace]:
    """The fonts that print this report; MissingCharacters names what none of them holds."""
    return _fonts_for(_document(report, ""), _style_sheet(STYLE_SHEET))


def _fonts_for(html: str, styles: str) -> list[FontFace]:
    text = html + styles
    fonts.check_characters(text)
    return fonts.subset(text)


def _document(report: AnnualReport, styles: str) -> str:
    # The styles are our own file and numbers; nothing that staff typed is in them.
    context = {"report": report, "styles": mark_safe(styles)}  # noqa: S308
    return render_to_string("reports/document.html", context)


@lru_cache(maxsize=4)
def _style_sheet(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(path).read_text(encoding="utf-8")


def _data_url(face: FontFace) -> str:
    return "data:font/ttf;base64," + base64.b64encode(face.data).decode("ascii")


def _font_rule(face: FontFace, url: str) -> str:
    return f'@font-face {{ font-family: "{face.family}"; src: url("{url}") }}'
