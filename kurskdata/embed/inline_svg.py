"""The drawing of a chart as it stands in a page: a small SVG whose colours follow the page.

Vega wraps every mark in groups and repeats the font on every text. Here the same marks stand in one list,
each at its own place, and every colour of the palette is a custom property, so that one drawing serves light,
dark, print and forced colours. Titles are left to the page. What a tooltip says becomes the description of its mark,
which Vega does write, and then a native title, which needs no script.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from kurskdata.charts.style import theme
from kurskdata.drawing.svg import Spec, changed, render_svg, without_tooltips
from kurskdata.errors import BuildError

Point = tuple[int, int]
"""A corner in tenths of a pixel."""

MARK = "\N{INVISIBLE SEPARATOR}"
"""Stands before a description that came from a tooltip."""

LONGEST = 90
"""Values of tooltips with more characters stand in the table below the chart only."""

_POINTS = ("point", "circle", "square", "rect", "bar", "rule", "tick")
"""Marks that stand for one row each; a text leaves its values to the mark below it."""

COLOURS = {name: pair for name, pair in theme.COLOURS.items() if name != "on_accent"}
"""The colours that a page defines as custom properties: name to light and dark form. What stands on an accent has the
colours of the background."""

_PROPERTIES = {colour: f"var(--{name})" for name in reversed(COLOURS) for colour in COLOURS[name]} | {
    "transparent": "none"
}

_DEFAULTS = {
    "fill": "", "stroke": "none", "stroke-width": "1", "stroke-dasharray": "", "stroke-opacity": "1",
    "fill-opacity": "1", "opacity": "1", "text-anchor": "start", "font-size": "12", "font-weight": "normal",
    "font-style": "normal", "paint-order": "normal",
}  # fmt: skip
"""The attributes that say how a mark looks, each with the value that goes without saying."""

_MOVE = re.compile(r"translate\(([-\d.e]+)[, ]+([-\d.e]+)\)(?:\s*rotate\(([-\d.e]+)\))?")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_ROUNDED = re.compile(r"M[^MLC]+(?:L[^MLC]+C[^MLC]+){4}Z")
_CIRCLE = re.compile(r"M([\d.]+),0A([\d.]+),\2,0,1,1,-\1,0A\2,\2,0,1,1,\1,0")


@dataclasses.dataclass(frozen=True)
class Drawing:
    """An SVG without its outer element, and its size in pixels."""

    width: int
    height: int
    body: str

    def svg(self, label: str) -> str:
        """The whole SVG, with its description for screen readers."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" role="img" aria-label="{escape(label)}">'
            f"{self.body}</svg>"
        )


def bare(spec: Spec) -> Spec:
    """The specification without titles, source line and margins: what is left to draw inside a page."""
    untitled = [{k: v for k, v in part.items() if k != "title"} for part in spec.get("vconcat", ())]
    left = {k: v for k, v in spec.items() if k not in ("title", "usermeta")}
    config = {**spec.get("config", {}), "padding": 0}
    return {**left, "config": config, **({"vconcat": untitled} if untitled else {})}


def drawing(spec: Spec) -> Drawing:
    """The drawing of a specification. Raises BuildError where it has clipped marks or gradients.

    They would need ids, which could clash with those of the page around the chart.
    """
    rendered = render_svg(without_tooltips(changed(bare(spec), with_tip)))
    if "url(#" in rendered:
        raise BuildError(
            "the page of a chart can hold neither clipped marks nor gradients; draw without them"
        )
    root = ElementTree.fromstring(rendered)
    marks = _halos_merged(list(_marks(root, 0.0, 0.0)))
    width, height = (round(float(root.attrib[name])) for name in ("width", "height"))
    body = "".join(ElementTree.tostring(part, "unicode").replace(" />", "/>") for part in _grouped(marks))
    return Drawing(width, height, body)


def with_tip(part: Spec) -> Spec:
    """A part of a specification with what its tooltip says as a description of every mark."""
    encoding, mark = part.get("encoding", {}), part.get("mark")
    mark = mark if isinstance(mark, dict) else {"type": mark}
    tooltip = encoding.get("tooltip")
    if not tooltip or mark["type"] not in _POINTS:
        return part
    fields = tooltip if isinstance(tooltip, list) else [tooltip]
    # A value that a row lacks takes its line with it.
    values = "+".join([json.dumps(MARK), *(_line(field) for field in fields if "field" in field)])
    return {
        **part,
        "transform": [*part.get("transform", []), {"calculate": values, "as": "tip"}],
        "encoding": {**encoding, "description": {"field": "tip", "type": "nominal"}},
        "mark": {**mark, "aria": True},
    }


def _line(field: Spec) -> str:
    """An expression for one line of a tooltip: name and value, formatted as the tooltip would."""
    value = text = f"datum[{json.dumps(field['field'])}]"
    if "format" in field:
        pattern = json.dumps(field["format"])
        is_day = field.get("type") == "temporal"
        text = f"utcFormat(toDate({value}),{pattern})" if is_day else f"format({value},{pattern})"
    name = str(field.get("title") or "").strip()
    start = json.dumps(f"\n{name}: " if name else "\n")
    fits = f"isValid({value})&&{value}!==''&&length(toString({value}))<={LONGEST}"
    return f"({fits}?{start}+{text}:'')"


def _marks(element: Element, x: float, y: float) -> Iterator[Element]:
    """All visible marks inside an element of the renderer, each at its place in the drawing."""
    own = element.attrib
    if own.get("display") == "none" or own.get("opacity") == "0" or own.get("class") == "background":
        return
    tag = element.tag.rpartition("}")[2]
    move = _MOVE.fullmatch(own.get("transform", ""))
    if move:
        x, y = x + float(move[1]), y + float(move[2])
    if tag in ("svg", "g"):
        for child in element:
            yield from _marks(child, x, y)
    elif tag == "text":
        yield _text(element, x, y, move[3] if move else None)
    elif tag in ("path", "line") and ("fill" in own or "stroke" in own):
        data = own.get("d", "") if tag == "path" else f"M0,0L{own.get('x2', 0)},{own.get('y2', 0)}"
        if shape := _shape(data, x, y):
            mark = Element(shape[0], _style(own) | shape[1])
            label = own.get("aria-label", "")
            if label.startswith(MARK) and (tip := label.removeprefix(MARK).strip()):
                SubElement(mark, "title").text = tip
            yield mark


def _text(element: Element, x: float, y: float, angle: str | None) -> Element:
    place = {"x": number(x), "y": number(y)}
    if angle:
        place["transform"] = f"rotate({angle} {number(x)} {number(y)})"
    mark = Element("text", _style(element.attrib) | place)
    mark.text = element.text
    for line in element:
        down = float(line.get("dy", 0))
        span = SubElement(mark, "tspan", {"x": number(x)} | ({"dy": number(down)} if down else {}))
        span.text = line.text
    return mark


def _style(own: Mapping[str, str]) -> dict[str, str]:
    """How a mark looks, without what goes without saying."""
    values = {"fill": "none"} | {name: own[name].removesuffix("px") for name in _DEFAULTS if name in own}
    style = {name: _PROPERTIES.get(value, value) for name, value in values.items()}
    if "stroke" not in own:
        style.pop("stroke-width", None)
    return {name: value for name, value in style.items() if value != _DEFAULTS[name]}


def _halos_merged(marks: list[Element]) -> list[Element]:
    """The marks, with a text and the outline that is drawn below it as one text."""
    halos: dict[tuple[str | None, ...], Element] = {}
    merged = []
    for mark in (mark for mark in marks if mark.tag == "text"):
        key = (mark.get("x"), mark.get("y"), mark.get("transform"), *mark.itertext())
        if "stroke" in mark.attrib:
            halos[key] = mark
        elif key in halos:
            edge = {name: value for name, value in halos[key].items() if name.startswith("stroke")}
            mark.attrib |= {**edge, "paint-order": "stroke"}
            merged.append(halos[key])
    return [mark for mark in marks if mark not in merged]


def _grouped(marks: list[Element]) -> Iterator[Element]:
    """The marks, neighbours that look alike in one group that holds their look.

    See-through marks stay alone: the opacity of a group would not add up where they overlap.
    """
    looks = [{name: value for name, value in mark.items() if name in _DEFAULTS} for mark in marks]
    for style, pairs in itertools.groupby(zip(looks, marks, strict=True), lambda pair: pair[0]):
        alike = [mark for _, mark in pairs]
        if len(alike) == 1 or "opacity" in style:
            yield from alike
            continue
        group = Element("g", style)
        for mark in alike:
            mark.attrib = {name: value for name, value in mark.items() if name not in style}
            group.append(mark)
        yield group


def _shape(data: str, x: float, y: float) -> tuple[str, dict[str, str]] | None:
    """Tag and geometry for path data moved to a place; None where there is nothing to see."""
    if circle := _CIRCLE.fullmatch(data):
        return "circle", {"cx": number(x), "cy": number(y), "r": number(float(circle[1]))}
    if _ROUNDED.fullmatch(data):
        xs, ys = ([float(value) for value in _NUMBER.findall(data)][start::2] for start in (0, 1))
        place = {"x": number(min(xs) + x), "y": number(min(ys) + y)}
        size = {"width": number(max(xs) - min(xs)), "height": number(max(ys) - min(ys))}
        return "rect", {**place, **size, "rx": number(xs[0] - min(xs))}
    if re.search(r"[^MLhvZ\d.,e-]", data):
        # Other curves are rare: they keep their own coordinates.
        rounded = _NUMBER.sub(lambda found: number(float(found[0])), data)
        return "path", {"d": rounded, "transform": f"translate({number(x)} {number(y)})"}
    path = relative(data, x, y)
    return ("path", {"d": path}) if re.search("[hvl]", path) else None


def relative(data: str, x: float, y: float) -> str:
    """Path data of straight lines, moved to a place, as relative steps with one decimal.

    Every corner is rounded before the step to it is taken, so that rounding does not add up along a path.
    Corners on the straight way from the one before to the one after are left out.
    """
    path = []
    for line in re.findall(r"M[^M]*", data):
        at = [0.0, 0.0]
        corners: list[Point] = []
        for command, values in re.findall(r"([MLhv])([^MLhvZ]*)", line):
            numbers = [float(value) for value in _NUMBER.findall(values)]
            if command in "hv":
                at["hv".index(command)] += numbers[0]
            else:
                at = numbers
            corner = round((at[0] + x) * 10), round((at[1] + y) * 10)
            while len(corners) > 1 and _on_the_way([*corners[-2:], corner]):
                corners.pop()
            corners.append(corner)
        steps = [_step(c - a, d - b) for (a, b), (c, d) in itertools.pairwise(corners)]
        path.append("".join([f"M{_pair(*corners[0])}", *steps]) + ("z" if line.endswith("Z") else ""))
    return "".join(path)


def _on_the_way(corners: list[Point]) -> bool:
    """Whether the second of three corners lies straight between the others."""
    (ax, ay), (bx, by) = ((c - a, d - b) for (a, b), (c, d) in itertools.pairwise(corners))
    return ax * by == ay * bx and ax * bx + ay * by >= 0


def _step(x: int, y: int) -> str:
    """A step in tenths of a pixel; empty where it leads nowhere."""
    if x and y:
        return f"l{_pair(x, y)}"
    return f"h{number(x / 10)}" if x else f"v{number(y / 10)}" if y else ""


def _pair(x: int, y: int) -> str:
    """Two numbers in tenths of a pixel; a minus sign parts them as well as a space does."""
    return number(x / 10) + (" " if y >= 0 else "") + number(y / 10)


def number(value: float) -> str:
    """A coordinate with one decimal at most, as short as SVG allows."""
    text = f"{round(value * 10) / 10:.1f}".removesuffix(".0")
    return re.sub(r"^(-?)0\.", r"\1.", text)
