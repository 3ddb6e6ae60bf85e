"""Our own lines inside WeasyPrint 70: it breaks and justifies Chinese badly, and slowly.

WeasyPrint shapes each line with Pango, several times, and widens nothing but spaces. The
report's fonts have no ligatures and no kerning, so advances alone tell where a line breaks
(reports.chinese_lines) and where its glyphs stand. Text that is not that simple (letter-spaced,
right-to-left, combining, preformatted) goes the ordinary way.

Replaces split_first_line (in layout.inline and layout.preferred), layout.inline.justify_line
and draw.text.draw_first_line; a Line stands where a TextBox holds its Pango layout.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, preferred
from weasyprint.text.ffi import ffi
from weasyprint.text.line_break import create_layout, split_first_line

from reports.chinese_lines import line_end, may_stretch, stretches
from reports.fonts import FontFace

# A line is spread by at most this share of the font size a gap; else it stays ragged.
WIDEST_GAP = 0.25
SIMPLE_STYLE = (
    ("white_space", "normal"),
    ("letter_spacing", "normal"),
    ("text_decoration_line", "none"),
    ("font_style", "normal"),
    ("font_weight", 400),
    ("direction", "ltr"),
)
NOT_SIMPLE = frozenset(("Mn", "Mc", "Me", "Cc", "Cf"))
RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))

_draw_first_line = drawing.draw_first_line


class Glyphs:
    """What the faces of one document say about its characters."""

    def __init__(self, faces: Sequence[FontFace]) -> None:
        self.families = {face.family for face in faces}
        self.by_char: dict[str, tuple[int, int, float]] = {}
        self._advances: dict[tuple[float, float], dict[str, float]] = {}
        self.metrics: dict[float, tuple[float, float]] = {}
        self.fonts: dict[int, Any] = {}
        for index, face in reversed(list(enumerate(faces))):  # the first face wins
            for char, (glyph, advance) in face.glyphs.items():
                if _is_simple(char):
                    self.by_char[char] = (index, glyph, advance)

    def advances(self, style: Any) -> dict[str, float]:
        """Each character's advance in pixels."""
        size, word_spacing = style["font_size"], style["word_spacing"]
        found = self._advances.get((size, word_spacing))
        if found is None:
            found = {char: advance * size / 1000 for char, (_, _, advance) in self.by_char.items()}
            found[" "] += word_spacing
            self._advances[size, word_spacing] = found
        return found


def _is_simple(char: str) -> bool:
    return (
        unicodedata.category(char) not in NOT_SIMPLE
        and unicodedata.bidirectional(char) not in RIGHT_TO_LEFT
    )


class Line:
    """A line as WeasyPrint's boxes hold it, in the place of a Pango layout."""

    first_line_direction = 0

    def __init__(self, text: str, glyphs: Glyphs) -> None:
        self.text = text
        self.glyphs = glyphs
        self.gap = 0.0  # pixels added between characters that may be spread

    def reactivate(self, style: Any) -> None:
        """Pango's layouts are made anew for drawing; nothing to do here."""

    def deactivate(self) -> None:
        """Pango's layouts are dropped after use; nothing to do here."""


def use(font_config: Any, faces: Sequence[FontFace]) -> None:
    """Set the lines of the documents laid out with `font_config` from these faces."""
    font_config.report_glyphs = Glyphs(faces)


def install() -> None:
    """Put the replacements in place; a second call changes nothing."""
    inline.split_first_line = preferred.split_first_line = _split_first_line
    inline.justify_line = _justify_line
    drawing.draw_first_line = _draw_line


# Breaking -------------------------------------------------------------------------------------


def _split_first_line(  # type: ignore[no-untyped-def]
    text, style, context, max_width, justification_spacing, is_line_start=True, minimum=False
):
    glyphs = getattr(style.font_config, "report_glyphs", None)
    narrowest = minimum and max_width is not None  # the width of the longest word
    if glyphs is None or narrowest or not is_line_start or not _ours(text, style, glyphs):
        return split_first_line(
            text, style, context, max_width, justification_spacing, is_line_start, minimum
        )
    advances = glyphs.advances(style)
    end = len(text) if max_width is None else line_end(text, advances, max_width)
    resume_at = None if end == len(text) else len(text[:end].encode())
    kept = text if resume_at is None else text[:end].rstrip(" ")
    width = sum(map(advances.__getitem__, kept))
    height, baseline = _line_metrics(style, glyphs)
    return Line(kept, glyphs), len(kept.encode()), resume_at, width, height, baseline


def _ours(text: str, style: Any, glyphs: Glyphs) -> bool:
    return (
        style["font_family"][0] in glyphs.families
        and all(style[name] == value for name, value in SIMPLE_STYLE)
        and glyphs.by_char.keys() >= set(text)
    )


def _line_metrics(style: Any, glyphs: Glyphs) -> tuple[float, float]:
    """Height and baseline of a line of this size, as Pango gives them."""
    size = style["font_size"]
    if size not in glyphs.metrics:
        _, _, _, _, height, baseline = split_first_line("1", style, None, None, 0)
        glyphs.metrics[size] = (height, baseline)
    return glyphs.metrics[size]


# Justifying -----------------------------------------------------------------------------------


def _justify_line(context, line, extra_width):  # type: ignore[no-untyped-def]
    runs = list(_text_boxes(line))
    gaps = stretches("".join(run.text for run in runs))
    if not gaps or any(not isinstance(run.pango_layout, Line) for run in runs):
        return
    gap = extra_width / gaps
    if gap > WIDEST_GAP * line.style["font_size"]:
        return
    shift = 0.0
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        run.position_x += shift
        run.pango_layout.gap = gap
        added = gap * stretches(run.text + (following.text[0] if following else ""))
        run.width += added
        shift += added


def _text_boxes(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _text_boxes(child)


# Drawing --------------------------------------------------------------------------------------


def _draw_line(stream, textbox, text_overflow, block_ellipsis, matrix):  # type: ignore[no-untyped-def]
    line = textbox.pango_layout
    if not isinstance(line, Line):
        return _draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
    text = textbox.text.strip(" ") and textbox.text
    if text:
        stream.set_text_matrix(*matrix.values)
        _show(stream, textbox, line, text)
    return []


def _show(stream: Any, textbox: Any, line: Line, text: str) -> None:
    """Glyphs in hexadecimal; numbers between them move the next glyph to the left."""
    size, word_spacing = textbox.style["font_size"], textbox.style["word_spacing"]
    closer_space = -word_spacing * 1000 / size
    no_gap = line.gap * 1000 / size  # takes back the character spacing inside a word
    if line.gap:
        stream.stream.append(f"{line.gap:f} Tc")
    face, shown = None, ""
    for char, following in zip(text, [*text[1:], ""], strict=True):
        index, glyph, advance = line.glyphs.by_char[char]
        if index != face:
            if shown:
                stream.show_text(f"<{shown}>")
            face, shown, font = index, "", _font(stream, textbox, index, line.glyphs)
            stream.set_font_size(font.hash, size)
        if glyph not in font.to_unicode:
            font.to_unicode[glyph] = char
            font.widths[glyph] = round(advance)
        shown += f"{glyph:04x}"
        moved = closer_space if char == " " else 0
        if line.gap and following and not may_stretch(char, following):
            moved += no_gap
        if moved:
            shown += f">{moved:.0f}<"
    stream.show_text(f"<{shown}>".removesuffix("<>"))
    if line.gap:
        stream.stream.append("0 Tc")


def _font(stream: Any, textbox: Any, index: int, glyphs: Glyphs) -> Any:
    """WeasyPrint's object for one of our faces, found once through Pango."""
    if index not in glyphs.fonts:
        sample = next(char for char, (face, _, _) in glyphs.by_char.items() if face == index)
        layout = create_layout(sample, textbox.style, None, None, 0)
        line, _ = layout.get_first_line()
        run = line.runs[0]
        if run == ffi.NULL:
            raise AssertionError("Pango sets no glyph for a character of the report's font")
        glyphs.fonts[index], _ = stream.add_font(run.data.item.analysis.font)
    return glyphs.fonts[index]
