"""The letters of the charts' font as outlines, so that a picture looks the same whatever fonts a machine has.

Texts that ask for another font are set in this one, the only one that comes with the package.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from kurskdata.drawing.fonts import file

_ATTRIBUTES = r'((?:\s+[\w:-]+="[^"]*")*)\s*'
_TEXT = re.compile(rf"<text{_ATTRIBUTES}(?:/>|>(.*?)</text>)", re.DOTALL)
_SPAN = re.compile(rf"<tspan{_ATTRIBUTES}>(.*?)</tspan>", re.DOTALL)
_NAMED = re.compile(r'([\w:-]+)="([^"]*)"')
_LEAN = 0.2126
"""How far italics lean, as browsers make them of a font that has none: the tangent of 12 degrees."""

_KEPT = ("transform", "fill", "fill-opacity", "stroke", "stroke-opacity", "opacity")


@functools.cache
def widths(*, bold: bool) -> dict[str, float]:
    """The width of every letter of the font, in parts of its size."""
    face, font = _font(bold)
    found = {chr(code): font.get_nominal_glyph(code) for code in face.unicodes}
    return {letter: font.get_glyph_h_advance(glyph) / face.upem for letter, glyph in found.items()}


def outlined(svg: str) -> str:
    """An SVG of the renderer with its texts as outlines; a letter that the font lacks is an empty box."""
    # A converter takes any opacity, also that of one, as a picture of its own.
    return _TEXT.sub(_drawn, svg.replace(' opacity="1"', ""))


def _drawn(found: re.Match[str]) -> str:
    if not found[2]:
        return ""
    own = dict(_NAMED.findall(found[1]))
    face, font = _font(own.get("font-weight", "normal") in ("bold", "600", "700", "800", "900"))
    scale = float(own.get("font-size", "12").removesuffix("px")) / face.upem
    edge = (
        f' stroke-width="{_pixels(own.get("stroke-width", "1")) / scale:g}" stroke-linejoin="round"'
        if "stroke" in own
        else ""
    )
    lean = _LEAN * scale if own.get("font-style") == "italic" else 0.0
    lines = []
    for x, y, text in _lines(found[2], own):
        long, letters = _shaped(font, text)
        start = {"middle": long / 2, "end": long}.get(own.get("text-anchor", ""), 0.0)
        place = f"{scale:.7f} 0 {lean:.7f} {-scale:.7f} {x - start * scale:.3f} {y:.3f}"
        lines.append(f'<g transform="matrix({place})"{edge}>{letters}</g>')
    look = "".join(f' {name}="{own[name]}"' for name in _KEPT if name in own)
    return f"<g{look}>{''.join(lines)}</g>"


def _lines(content: str, own: dict[str, str]) -> Iterator[tuple[float, float, str]]:
    """The lines of a text with the place of each."""
    x, y = _pixels(own.get("x", "0")), _pixels(own.get("y", "0"))
    spans = _SPAN.findall(content)
    for attributes, text in spans or [("", content)]:
        moved = dict(_NAMED.findall(attributes))
        x, y = _pixels(moved.get("x", str(x))), y + _pixels(moved.get("dy", "0"))
        # A space that does not break is as wide as one that does, but the font kerns only the latter.
        yield x, y, re.sub(r"[ \t\r\n]+", " ", unescape(text)).strip(" ").replace("\xa0", " ")


def _pixels(value: str) -> float:
    return float(value.removesuffix("px"))


@functools.cache
def _font(bold: bool) -> tuple[Any, Any]:
    """Face and font, in units of the font."""
    import uharfbuzz as hb

    face = hb.Face(hb.Blob.from_file_path(str(file(bold=bold))))
    return face, hb.Font(face)


@functools.lru_cache(maxsize=256)
def _shaped(font: Any, text: str) -> tuple[float, str]:
    """Width of a line and outlines of its letters in units of the font, kerned.

    Every letter is a path of its own: filling one as long as a line takes five times as long.
    """
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    x, letters = 0, []
    for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if outline := _outline(font, glyph.codepoint):
            letters.append(f'<path d="M{x + place.x_offset} {place.y_offset}{outline}"/>')
        x += place.x_advance
    return float(x), "".join(letters)


@functools.lru_cache(maxsize=4096)
def _outline(font: Any, glyph: int) -> str:
    """The outline of a glyph as the steps of an SVG path, each relative to the last and the first to its origin."""
    import uharfbuzz as hb

    steps: list[str] = []
    start, at = [0, 0], [0, 0]

    def to(command: str, *points: float) -> None:
        steps.append(command + " ".join(str(round(value) - at[i % 2]) for i, value in enumerate(points)))
        at[:] = (round(value) for value in points[-2:])

    def move(x: float, y: float, _data: Any) -> None:
        at[:] = start  # closing a contour leads back to its start
        to("m", x, y)
        start[:] = at

    draw = hb.DrawFuncs()
    draw.set_move_to_func(move)
    draw.set_line_to_func(lambda x, y, _data: to("l", x, y))
    draw.set_quadratic_to_func(lambda cx, cy, x, y, _data: to("q", cx, cy, x, y))
    draw.set_cubic_to_func(lambda ax, ay, bx, by, x, y, _data: to("c", ax, ay, bx, by, x, y))
    draw.set_close_path_func(lambda _data: steps.append("z"))
    font.draw_glyph(glyph, draw, None)
    return "".join(steps)
