"""The drawing of a chart as it stands in a page: a small SVG whose colours follow the page.

Vega writes a group and three attributes for every mark and repeats the font on every text. Here the same
marks stand in one list, coordinates have one decimal, neighbours that look alike share their attributes, and
every colour of the palette is a custom property, so that one drawing serves light, dark, print and forced
colours. Titles are left to the page. Nothing is drawn that the renderer did not draw.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any
from xml.etree import ElementTree

from kurskdata.charts.style.theme import DARK, LIGHT, Palette
from kurskdata.drawing.svg import render_svg, without_tooltips
from kurskdata.embed import svg_paths
from kurskdata.embed.tooltips import MARK, with_tips
from kurskdata.errors import BuildError

Spec = dict[str, Any]
Style = tuple[tuple[str, str], ...]


def _named() -> dict[str, tuple[str, str]]:
    """The colours of the palette with their light and dark form; a colour of two names has the first."""
    found: dict[tuple[str, str], str] = {}
    for field in dataclasses.fields(Palette):
        found.setdefault((getattr(LIGHT, field.name), getattr(DARK, field.name)), field.name)
    return {name: pair for pair, name in found.items()}


COLOURS = _named()
"""The colours that a page defines."""

_STYLE = (
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "fill-opacity", "opacity",
    "text-anchor", "font-size", "font-weight", "font-style",
)  # fmt: skip
_DEFAULTS = {
    "opacity": "1", "font-size": "12", "font-weight": "normal", "font-style": "normal", "stroke": "none",
    "text-anchor": "start", "stroke-width": "1",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Drawing:
    """An SVG without its outer element, its size, and the SVG that the renderer drew."""

    width: int
    height: int
    body: str
    rendered: str

    def svg(self, label: str) -> str:
        """The whole SVG, with its description for screen readers."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" role="img" aria-label="{escape(label)}">'
            f"{self.body}</svg>"
        )


@dataclasses.dataclass
class _Mark:
    """One mark: its tag, geometry, text or path data, and the values to show on hover."""

    tag: str
    style: Style
    geometry: str = ""
    content: str = ""
    tip: str = ""


def bare(spec: Spec) -> Spec:
    """The specification without titles, source line and margins: what is left to draw inside a page."""
    left = {k: v for k, v in spec.items() if k not in ("title", "usermeta", "datasets")}
    plain: Spec = json.loads(json.dumps(left))
    if "datasets" in spec:
        plain["datasets"] = spec["datasets"]
    for part in plain.get("vconcat", []):
        part.pop("title", None)
    plain["config"] = {**plain.get("config", {}), "padding": 0}
    return plain


def drawing(spec: Spec) -> Drawing:
    """The drawing of a specification."""
    text = render_svg(without_tooltips(with_tips(bare(spec))))
    if "url(#" in text:
        raise BuildError(
            "the page of a chart can hold neither clipped marks nor gradients; draw without them"
        )
    root = ElementTree.fromstring(text)
    marks = _halved(list(_marks(root, 0.0, 0.0, {}, "")))
    width, height = (round(float(root.attrib[name])) for name in ("width", "height"))
    return Drawing(width, height, _written(marks), text)


def _marks(
    element: ElementTree.Element, x: float, y: float, inherited: dict[str, str], kind: str
) -> Iterator[_Mark]:
    """All visible marks of an element, with their place in the drawing."""
    tag = element.tag.rpartition("}")[2]
    own = element.attrib
    look = inherited | {name: own[name] for name in _STYLE if name in own}
    if own.get("display") == "none" or float(own.get("opacity", 1)) == 0 or own.get("class") == "background":
        return
    dx, dy, turn = svg_paths.moved(own.get("transform", ""))
    x, y = x + dx, y + dy
    if tag in ("svg", "g"):
        kind = next((name[5:] for name in own.get("class", "").split() if name.startswith("mark-")), kind)
        for child in element:
            yield from _marks(child, x, y, look, kind)
    elif tag == "text":
        yield _text(element, x, y, look, turn)
    elif tag in ("path", "line"):
        if look.get("fill", "none") == "none" and look.get("stroke", "none") == "none":
            return
        shape = svg_paths.shape(kind if tag == "path" else "line", own, x, y)
        if shape:
            yield _Mark(shape[0], _style(look, text=False), shape[1], "", _tip(own))


def _tip(own: dict[str, str]) -> str:
    label = own.get("aria-label", "")
    return label[len(MARK) :].strip() if label.startswith(MARK) else ""


def _text(element: ElementTree.Element, x: float, y: float, look: dict[str, str], turn: str) -> _Mark:
    place = f'x="{svg_paths.number(x)}" y="{svg_paths.number(y)}"'
    if turn:
        place += f' transform="rotate({turn} {svg_paths.number(x)} {svg_paths.number(y)})"'
    lines = [(float(span.get("dy", 0)), span.text or "") for span in element if span.tag.endswith("tspan")]
    if not lines:
        return _Mark("text", _style(look, text=True), place, escape(element.text or ""))
    spans = [
        f'<tspan x="{svg_paths.number(x)}"'
        + (f' dy="{svg_paths.number(dy)}"' if dy else "")
        + f">{escape(line)}</tspan>"
        for dy, line in lines
    ]
    return _Mark("text", _style(look, text=True), place, "".join(spans))


def _style(look: dict[str, str], *, text: bool) -> Style:
    """The look of a mark as attributes, without what is the default."""
    found = []
    for name in _STYLE:
        value = look.get(name)
        if value is None or (not text and name.startswith(("font", "text"))):
            continue
        value = _colour(value).removesuffix("px").replace("transparent", "none")
        if value != _DEFAULTS.get(name) and (name != "stroke-width" or "stroke" in look):
            found.append((name, value))
    return tuple(found)


@functools.lru_cache(maxsize=256)
def _colour(value: str) -> str:
    """A colour of either palette as its custom property."""
    for name, pair in COLOURS.items():
        if value in pair:
            return f"var(--{name})"
    return value


def _halved(marks: list[_Mark]) -> list[_Mark]:
    """The marks, with a text and the halo that is drawn below it as one text."""
    halos = {(m.geometry, m.content): m for m in marks if m.tag == "text" and "stroke" in dict(m.style)}
    worn = set()
    for mark in marks:
        halo = halos.get((mark.geometry, mark.content))
        if mark.tag == "text" and halo and halo is not mark:
            edge = [(k, v) for k, v in halo.style if k.startswith("stroke")]
            mark.style = (*mark.style, *edge, ("paint-order", "stroke"))
            worn.add(id(halo))
    return [mark for mark in marks if id(mark) not in worn]


def _written(marks: list[_Mark]) -> str:
    """The marks as SVG text; neighbours that look alike share a group, plain lines among them one path."""
    out = []
    start = 0
    while start < len(marks):
        end = start
        while end < len(marks) and marks[end].style == marks[start].style:
            end += 1
        out.append(_group(marks[start].style, marks[start:end]))
        start = end
    return "".join(out)


def _group(style: Style, marks: list[_Mark]) -> str:
    look = "".join(f' {name}="{escape(value)}"' for name, value in style)
    # One path may hold several lines, but not several see-through ones: where they cross they would not add up.
    plain = "opacity" not in dict(style) and all(m.tag == "path" and not m.tip for m in marks)
    if plain and len(marks) > 1:
        return f'<path{look} d="{"".join(_data(m) for m in marks)}"/>'
    if len(marks) == 1:
        return _one(marks[0], look)
    if "opacity" in dict(style):
        return "".join(_one(mark, look) for mark in marks)
    return f"<g{look}>" + "".join(_one(mark, "") for mark in marks) + "</g>"


def _data(mark: _Mark) -> str:
    found = re.fullmatch(r'd="(.*)"', mark.geometry)
    return found[1] if found else ""


def _one(mark: _Mark, look: str) -> str:
    inner = mark.content + (f"<title>{escape(mark.tip)}</title>" if mark.tip else "")
    end = f">{inner}</{mark.tag}>" if inner else "/>"
    return f"<{mark.tag}{look} {mark.geometry}{end}"
