"""The font of the charts: its files, its sizes, and how wide its texts are."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageFont

FAMILY = "Liberation Sans"
FONT = f"{FAMILY}, Arial, Helvetica, sans-serif"
"""The font of the charts, whose files lie in FONTS, and what a browser takes where it is not installed."""

FONTS = Path(__file__).parents[1] / "fonts"

TITLE, SUBTITLE, BODY, SMALL = 20, 14, 13, 12
"""Sizes of text in pixels; nothing is smaller than SMALL."""


_MEASURED = re.compile(
    r"(?<=\d) (?=%|sq\b|k?m[²i]|km\b|км|кв\.|qkm)|(?<=\d)(?<!\d{4}) (?=\d{3}(?!\d))|(?<=\bsq) (?=[km])|(?<=\bкв\.) (?=[км])"
)
"""Spaces between a number and its unit, and inside of either."""

_COUNTED = re.compile(r"(?<=\d)(?<!\d{4}) (?=[^\W\d])")
"""Spaces between a number, years apart, and the word after it."""


def file(*, bold: bool) -> Path:
    """The file of the font."""
    return FONTS / f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf"


@functools.lru_cache(maxsize=16)
def face(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font of the charts at a size in pixels."""
    from PIL import ImageFont  # pages are made without it

    return ImageFont.truetype(str(file(bold=bold)), size, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=4096)
def text_width(text: str, size: int = BODY, *, bold: bool = False) -> float:
    """The width of a line of text in pixels, in the font of the charts."""
    return float(face(size, bold=bold).getlength(text))


def tied(text: str) -> str:
    """Text with spaces that do not break between a number and its unit, and inside of either."""
    return _MEASURED.sub("\N{NO-BREAK SPACE}", text)


def wrap(text: str, width: float, size: int = BODY, *, bold: bool = False, taken: float = 0.0) -> list[str]:
    """Text in lines that fit a width in pixels, parted at spaces; ``taken`` are pixels of the first line, which may be
    left empty.

    Never between a number and its unit, and between a number and what it counts only where that saves a line.
    """
    texts = tied(text), _COUNTED.sub("\N{NO-BREAK SPACE}", tied(text))
    loose, close = (_lines(one, width, size, bold, taken) for one in texts)
    fits = all(text_width(line, size, bold=bold) <= width for line in close)
    return close if fits and len(close) <= len(loose) else loose


def _lines(text: str, width: float, size: int, bold: bool, taken: float) -> list[str]:
    lines = [""] if taken else list[str]()
    for word in text.split(" "):
        longer, room = f"{lines[-1]} {word}".lstrip(" ") if lines else "", width - taken * (len(lines) == 1)
        if lines and text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
