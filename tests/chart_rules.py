"""Rules for charts that a program can decide, each from the page of a chart: its texts, its rows, and both drawings.

A rule is a function that takes a `Page` and yields every decision that it makes: where, and what is wrong there, or
nothing. `RULES` names them with the numbers of the list that they come from; `lint_charts` runs them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from chart_marks import (
    GROUNDS,
    RGB,
    THEMES,
    Box,
    Line,
    Mark,
    Picture,
    Point,
    blend,
    contrast,
    crossing,
    meets,
    picture,
    rgb,
)

from kurskdata.drawing.fonts import text_width, wrap
from kurskdata.embed import page as embed_page
from kurskdata.words.figures import said
from kurskdata.words.language import Words

WIDTHS = range(320, 1201, 40)

PRINT = "print"
"""The drawing of all maps, where a page shows one of them at a time."""

Decision = tuple[str, str]
"""Where a rule was decided, and what is wrong there; empty if nothing is."""

MAPS = ("locator", "control")
ARROWS = ("↑", "↓", "→", "←")

_MONTHS = (
    r"\b(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez"
    r"|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек)"
)


class Seen(NamedTuple):
    """How a page shows itself at a width: the column of texts, and which drawings, each with how much it is scaled."""

    column: float
    scales: dict[str, float]


@dataclasses.dataclass(frozen=True)
class Page:
    """One chart as its page shows it, in one language and as of one day."""

    chart: str
    language: str
    day: dt.date
    title: str
    subtitle: str
    source: str
    alt: str
    heads: list[str]
    cells: list[tuple[list[str], list[Any]]]
    rows: list[dict[str, Any]]
    pictures: dict[str, Picture]
    html: str
    spec: dict[str, Any]
    units: str = "km2"

    @functools.cached_property
    def w(self) -> Words:
        return Words(self.language, self.units)

    @functools.cached_property
    def sizes(self) -> Sizes:
        return Sizes.of(self.html)

    def at(self, width: float) -> Seen:
        """What the styles of the page make of a width of the window."""
        s = self.sizes
        pad = min(max(s.least, width / 2 - s.less), s.most)
        column = min(width - 2 * pad, s.column)
        if "wide" not in self.pictures:  # a page of maps
            drawn, names = min(column, s.map), [name for name in self.pictures if name != PRINT]
        elif width >= s.switch:
            drawn, names = column, ["wide"]
        else:
            drawn, names = min(column, s.phone), ["narrow"]
        return Seen(column, {name: drawn / self.pictures[name].width for name in names})

    @functools.cached_property
    def shown(self) -> dict[str, Picture]:
        """The drawings that readers see at any of the widths, or in print."""
        names = {PRINT, *(name for width in WIDTHS for name in self.at(width).scales)}
        return {name: drawing for name, drawing in self.pictures.items() if name in names}


class Sizes(NamedTuple):
    """The numbers in the styles of a page by which it lays itself out; raises ValueError where they are not found."""

    column: float
    least: float
    less: float
    most: float
    phone: float
    switch: float
    title: float
    map: float

    @classmethod
    @functools.lru_cache(maxsize=8)
    def _read(cls, style: str) -> Sizes:
        number = r"([\d.]+)px"
        wanted = (
            rf"max-width:{number};margin:0 auto;padding:0 clamp\({number},50cqw - {number},{number}\)",
            rf"\.kd-n svg\{{max-width:{number}",
            rf"@container kd \(min-width:{number}\)",
            rf"\.kd h1[^{{]*\{{font-size:{number}",
        )
        if ".kd-d svg" in style:
            wanted += (rf"\.kd-d svg\{{max-width:{number}",)
        found = [re.search(pattern, style) for pattern in wanted]
        if not all(found):
            missing = [pattern for pattern, one in zip(wanted, found, strict=True) if not one]
            raise ValueError(f"the styles of the page have changed; not found: {missing}")
        return cls(*[*(float(value) for one in found if one for value in one.groups()), 0.0][:8])

    @classmethod
    def of(cls, html: str) -> Sizes:
        return cls._read(html[html.index("<style>", html.index("<figure")) : html.index("<figcaption")])


def page_of(spec: dict[str, Any], trail: Any) -> Page:
    """The page of a chart from its specification."""
    described = embed_page.Described(spec, trail)
    meta = spec["usermeta"]["kurskdata"]
    drawings = {"wide": described.wide, "narrow": described.narrow}
    if described.days:
        drawings = {
            PRINT: described.wide,
            **{f"map {n}": day for n, (_, day) in enumerate(described.days, 1)},
        }
    return Page(
        chart=meta["chart"],
        language=meta["language"],
        day=dt.date.fromisoformat(meta["as_of"]),
        title=described.title,
        subtitle=described.subtitle,
        source=described.source,
        alt=described.alt,
        heads=described.table.heads,
        cells=described.table.rows,
        rows=spec["datasets"]["rows"],
        pictures={name: picture(drawing.svg("")) for name, drawing in drawings.items()},
        html=embed_page.html(described),
        spec=spec,
        units=meta.get("units", "km2"),
    )


def place(name: str, mark: Mark | Line) -> str:
    """Where a mark or a line stands, for a reader of a fault."""
    if isinstance(mark, Line):
        return f"{name} “{mark.text}” at {mark.box.left:.0f},{mark.base:.0f}"
    what = f"“{mark.text}”" if mark.is_text else f"{mark.colour} {mark.shape}"
    return f"{name} {what} at {mark.box.left:.0f},{mark.box.top:.0f}"


# Texts of the page.


def title_is_short(page: Page) -> Iterator[Decision]:
    words = [word for word in re.split(r"[ \N{NO-BREAK SPACE}]", page.title) if re.search(r"\w", word)]
    yield "title", f"{len(words)} words: {page.title}" if len(words) > 15 else ""
    first = re.search(r"\w", page.title)
    small = first and first[0].isalpha() and first[0] != first[0].upper()
    yield "title", f"begins with a small letter: {page.title}" if small else ""
    lines = wrap(page.title, page.at(360).column, round(page.sizes.title), bold=True)
    yield "title at 360 px", f"{len(lines)} lines: {page.title}" if len(lines) > 2 else ""
    shouted = re.findall(r"\b[^\W\d_]{6,}\b", page.title)
    yield "title", f"capitals: {page.title}" if any(word.isupper() for word in shouted) else ""


PLACE = re.compile(r"[KК][uу][rр][sс]ь?[kк]", re.IGNORECASE)


def nothing_is_said_twice(page: Page) -> Iterator[Decision]:
    texts = {"title": page.title, "subtitle": page.subtitle, "source": page.source}
    for (one, first), (other, second) in itertools.combinations(texts.items(), 2):
        day = page.w.date(page.day)  # which the source line always names
        twice = _shared_words(first.replace(day, ""), second.replace(day, ""), 7)
        yield f"{one} and {other}", f"both say: {twice}" if twice else ""
    yield "subtitle", "" if page.subtitle.strip() else "is missing"
    head = f"{page.title} {page.subtitle}"
    yield "title and subtitle", "" if re.search(r"\b20\d\d\b", head) else f"name no year: {head}"
    yield "title and subtitle", "" if PLACE.search(head) else f"do not say where: {head}"


def _shared_words(one: str, other: str, length: int) -> str:
    words = [re.findall(r"[\w’%]+", text.lower()) for text in (one, other)]
    runs = [{tuple(w[n : n + length]) for n in range(len(w) - length + 1)} for w in words]
    return " ".join(next(iter(sorted(runs[0] & runs[1])), ()))


_UNITS = r"(?:%|км²|кв\. ?км|кв\. ?мил|sq (?:km|mi)|km²|km\b|км\b|Quadrat\w+|qkm|Orte\b|settlements?\b|насел)"
_PARTED = re.compile(rf"\d (?:{_UNITS})")


def no_line_is_drawn_twice(page: Page) -> Iterator[Decision]:
    """Part of rule 2: no line of a drawing begins with all of the words before it, as a paragraph wrapped wrongly does."""
    for name, drawing in page.shown.items():
        ordered = sorted((line for line, _ in drawing.lines), key=lambda line: line.base)
        for n, one in enumerate(ordered):
            words, near = _plain(one), one.base + 1.45 * one.size
            below = [two for two in ordered[n + 1 :] if two.base < near and two.box.left < one.box.right]
            again = [two for two in below if two.box.right > one.box.left and words in _plain(two)]
            fault = f"{place(name, one)} stands below once more" if again and len(words) > 20 else ""
            yield name, fault


def _plain(line: Line) -> str:
    return re.sub(r"\s", " ", line.text.strip())


def numbers_keep_their_units(page: Page) -> Iterator[Decision]:
    """Part of rule 6: no line may break between a number and its unit."""
    for name in ("title", "subtitle"):
        for found in re.findall(r"\d (?:%|sq km|sq mi|km\b|км\b|кв\.)", getattr(page, name)) or [""]:
            yield name, f"may break inside “{found}”" if found else ""
    for name, drawing in page.shown.items():
        for mark, after in itertools.pairwise([*drawing.texts, None]):
            # The lines of a paragraph may be texts of their own.
            goes_on = after and after.fill == mark.fill and abs(after.box.left - mark.box.left) < 0.6
            goes_on = goes_on and after and 10 < after.lines[0].base - mark.lines[-1].base < 1.7 * mark.size
            below = after.lines[:1] if after and goes_on else ()
            for one, two in itertools.pairwise([*mark.lines, *below]):
                parted = re.search(r"\d$", one.text) and re.match(_UNITS, two.text)
                yield name, f"“{one.text}” parts from “{two.text}”" if parted else ""


SAID_CONFIRMED = {
    "en": r"confirmed",
    "de": r"bestätigt",
    "uk": r"підтвердж",
    "ru": r"подтвержд",
}


def source_line_is_whole(page: Page) -> Iterator[Decision]:
    maker = re.split(r"[:.;]", page.source, maxsplit=2)
    yield "source", "" if len(maker) > 1 and len(maker[1].strip()) > 2 else f"names no maker: {page.source}"
    day = page.w.date(page.day)
    yield "source", "" if day in page.source else f"does not name the day {day}: {page.source}"
    yield "source", "" if "kurskdata" in page.source else f"does not say who made the data: {page.source}"
    confirmed = re.search(SAID_CONFIRMED[page.language], page.source, re.IGNORECASE)
    yield "source", "" if confirmed else f"does not say whether it is confirmed: {page.source}"


FORMS = {
    "en": r"\bcharts?\b|timeline|\bstrips?\b|\bbars?\b|\bpanels|\bscale|diagram|\bax[ie]s\b|\bboxes\b|\bcolumns?\b",
    "de": r"diagramm|zeitleiste|zeitstrahl|streifen|balken|felder|skala|grafik|achse|kästchen|säule",
    "uk": r"діаграм|графік|хронолог|шкал|стрічк|смуг|стовпц|стовпч|\bос[іь]\b|вісь|квадратик",
    "ru": r"диаграмм|график|хронолог|шкал|лент|полос|столбц|столбик|\bос[иь]\b|квадратик",
}
MAP = {"en": r"\bmaps?\b", "de": "karte", "uk": "мап|карт", "ru": "карт"}


def form_of(chart: str, language: str, alt: str) -> bool:
    """Whether an alt text says what kind of picture it is; that a chart is a map, where it is one."""
    forms = MAP[language] if chart in MAPS else FORMS[language]
    return bool(re.search(forms, alt, re.IGNORECASE))


OPINION = {
    "en": r"\bliberat|\boccup|\binvader|terrorist|\bfortunately|\bsadly|\bhero|\bliar|\bfalse\b|\btrue\b",
    "de": r"befrei|besatz|besetz|\binva[sd]|aggress|säuber|\bfalsch\b|\bwahr\b",
    "uk": r"звільн|визвол|деокуп|окуп|загарб|рашист|нацист|бойовик|агрес|терористичн|неправд",
    "ru": r"освобо[дж]|оккуп|боевик|нацист|зачист|агресс|террористическ|неправд",
}


def alt_text_tells_the_chart(page: Page) -> Iterator[Decision]:
    alt = page.alt
    form = form_of(page.chart, page.language, alt)
    yield "alt text", "" if form else f"does not say what kind of picture it is: {alt[:160]}"
    told = re.search(OPINION[page.language], alt, re.IGNORECASE)
    freed = page.chart in ("claims", "timeline")  # the texts on prisoners who were freed
    yield "alt text", f"takes sides: {told[0]}" if told and not freed else ""
    dated = re.search(_MONTHS, alt, re.IGNORECASE)
    yield "alt text", "" if dated or not page.rows else f"names no day: {alt[:160]}"
    numbers = re.findall(r"\d+", alt)
    yield "alt text", "" if len(numbers) > 1 or not page.rows else f"names no figure: {alt[:160]}"
    if page.rows:
        yield "table", "" if page.cells else "has no rows"
        named = [row for row in page.rows if row.get("source_ids") or row.get("claim_ids")]
        linked = any(sources for _, sources in page.cells)
        yield "table", "" if linked or not named else "no row has a source"


def nothing_moves(page: Page) -> Iterator[Decision]:
    always = re.sub(
        r"@media\s*\(prefers-reduced-motion:\s*no-preference\)\s*\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}",
        "",
        page.html,
    )
    moving = re.search(
        r"@keyframes|\banimation(?:-[a-z]+)?:(?!none)|\btransition(?:-[a-z]+)?:(?!none)|<animate|<set\b|<marquee|<video|autoplay"
        r"|scroll-behavior:smooth|requestAnimationFrame|setInterval",
        always,
    )  # fmt: skip
    yield "page", f"moves: {moving[0]}" if moving else ""


# Places and colours of the drawings.


def texts_stand_clear(page: Page) -> Iterator[Decision]:
    for name, drawing in page.shown.items():
        for mark in drawing.texts:
            yield name, f"turned: {place(name, mark)}" if mark.turned else ""
            cut = re.search(r"…$|\.\.\.$", mark.text)
            yield name, f"cut short: {place(name, mark)}" if cut else ""
        lines = [line for line, _ in drawing.lines]
        whole = Box(0, 0, drawing.width, drawing.height)
        for line in lines:
            box, slack = line.box, 4.5
            out = box.left < -slack or box.right > whole.right + slack or line.letters.top < -3 or line.letters.bottom > whole.bottom + 4  # fmt: skip
            yield name, f"outside of the drawing: {place(name, line)}" if out else ""
        over = list(_overlapping(lines))
        yield name, ""
        for one, other in over:
            yield name, f"{place(name, one)} overlaps {place(name, other)}"


def _overlapping(lines: list[Line]) -> Iterator[tuple[Line, Line]]:
    ordered = sorted(lines, key=lambda line: line.box.top)
    for n, one in enumerate(ordered):
        for other in ordered[n + 1 :]:
            if other.box.top >= one.box.bottom:
                break
            wide, high = one.box.shared(other.box)
            arrows = {one.text.strip(), other.text.strip()} <= {*ARROWS}
            if wide > 1 and high > 0.2 * min(one.size, other.size) + 1 and not arrows:
                yield one, other


def page_fits(page: Page) -> Iterator[Decision]:
    """Part of rule 12, at every width: no word is wider than its column, and the drawing is as wide as it at most."""
    for width in WIDTHS:
        seen = page.at(width)
        wide = max(scale * page.pictures[name].width for name, scale in seen.scales.items())
        yield f"{width} px", "" if wide <= seen.column + 0.5 else f"the drawing is {wide:.0f} px wide"
        for text, size, bold in ((page.title, page.sizes.title, True), (page.subtitle, 14, False), (page.source, 12, False)):  # fmt: skip
            longest = max(text.split(" ") or [""], key=len)
            fits = text_width(longest, round(size), bold=bold) <= seen.column
            yield f"{width} px", "" if fits else f"breaks inside of “{longest}”"


def texts_are_large(page: Page) -> Iterator[Decision]:
    for width in WIDTHS:
        # Where the page changes to the wide drawing, that is a twentieth smaller for the first pixels.
        least = 11.99 if width == 320 else 11.4
        for name, scale in page.at(width).scales.items():
            for size in {line.size for line, _ in page.pictures[name].lines}:
                small = size * scale < least
                yield f"{name} {width} px", f"text of {size * scale:.1f} px" if small else ""


def texts_contrast(page: Page) -> Iterator[Decision]:
    """Part of rule 11: 4.5 to 1 against all that a text lies on; where a mark crosses it, against its halo."""
    for name, drawing in page.shown.items():
        for line, mark in drawing.lines:
            order, box = drawing.order(mark), line.letters
            arrow = line.text.strip() in ARROWS  # a mark, as a dot is
            y = (box.top + box.bottom) / 2
            points = [(box.left + box.width * part, y) for part in (0.02, 0.35, 0.65, 0.98)]
            for mode in THEMES:
                least = 21.0
                for point in points:
                    ground = (
                        rgb(mark.stroke, mode)
                        if mark.halo
                        else drawing.ground(point, order, mode, 24 * arrow)
                    )
                    ink = blend(rgb(mark.fill, mode), ground, mark.opacity * mark.fill_opacity)
                    least = min(least, contrast(ink, ground))
                where = f"{place(name, line)}: {mark.fill} at {least:.1f}:1"
                yield f"{name} {mode}", where if least < (3 if arrow else 4.5) else ""


def marks_contrast(page: Page) -> Iterator[Decision]:
    """Part of rule 11: 3 to 1 for every mark with a meaning, against what it lies on, along all of a line."""
    for name, drawing in page.shown.items():
        for kind, (mark, spots) in _kinds(drawing).items():
            if (
                mark.colour in (*GROUNDS, "none")
                or mark.opacity * mark.fill_opacity <= 0.25
                or "leader" in kind
            ):
                continue
            for mode in THEMES:
                grounds = [drawing.ground(spot, drawing.order(mark), mode, least=24) for spot in spots]
                ratio = max(_stands_out(mark, ground, mode) for ground in grounds)
                yield f"{name} {mode}", f"{place(name, mark)}: {ratio:.1f}:1" if ratio < 3 else ""


def _stands_out(mark: Mark, ground: RGB, mode: str) -> float:
    """The contrast of a mark: of its surface, or of its edge; one in the colour of a ground sets off a surface."""
    fill = blend(rgb(mark.fill, mode), ground, mark.opacity * mark.fill_opacity) if mark.filled else ground
    edge = ground
    if mark.stroke != "none":
        edge = blend(rgb(mark.stroke, mode), ground, mark.opacity * mark.stroke_opacity)
    along = contrast(edge, ground)
    return max(contrast(fill, ground), min(along, contrast(fill, edge)) if mark.stroke in GROUNDS else along)


def _kinds(drawing: Picture) -> dict[str, tuple[Mark, list[Point]]]:
    """One mark of each look on each ground, with points of it, so that equal marks are decided once."""
    leading = {id(mark) for mark, *_ in leaders(drawing)}
    kinds: dict[str, tuple[Mark, list[Point]]] = {}
    for mark in drawing.shapes:
        order = drawing.order(mark)
        under = [m for n, m in drawing.surfaces if n < order and m.large(24)]
        look = (
            f"{'leader' if id(mark) in leading else ''} {mark.shape} {mark.fill} {mark.stroke} {mark.opacity}"
        )
        for spots in _spots(mark):
            grounds = [[m.fill for m in under if m.covers(spot)] for spot in spots]
            kinds.setdefault(f"{look} {grounds}", (mark, spots))
    return kinds


def _spots(mark: Mark) -> Iterator[list[Point]]:
    """Places of a mark: the middle of a surface or a small sign; of lines the middle and both sides of up to eight
    pieces, because one along the edge of a surface is seen against what lies on its other side."""
    if mark.filled or max(mark.box.width, mark.box.height) <= 20:
        yield [mark.box.middle]
        return
    pieces = [(a, b) for a, b in mark.segments() if a != b]
    for (ax, ay), (bx, by) in pieces[:: max(1, len(pieces) // 8)]:
        part = 1.5 / math.dist((ax, ay), (bx, by))
        x, y, dx, dy = (ax + bx) / 2, (ay + by) / 2, (by - ay) * part, (ax - bx) * part
        yield [(x, y), (x + dx, y + dy), (x - dx, y - dy)]


def texts_have_halos(page: Page) -> Iterator[Decision]:
    """Part of rule 11: a text that a line crosses or that stands across an edge has a halo or a ground of its own."""
    for name, drawing in page.shown.items():
        lined = [
            m for m in drawing.shapes if not m.filled and m.stroke not in ("none", "line") and m.dash == ""
        ]
        for line, mark in drawing.lines:
            if mark.halo or line.text.strip() in ARROWS:
                continue
            box = line.letters
            inner = Box(box.left + 1, box.top + 1.5, box.right - 1, box.bottom - 1.5)
            covered = {id(m) for n, m in drawing.surfaces if n < drawing.order(mark) and m.covers(box.middle)}
            crossing_it = [
                other
                for other in lined
                if drawing.order(other) < drawing.order(mark)
                and other.opacity > 0.25
                and other.box.shared(inner)[0] >= 0
                and other.box.shared(inner)[1] >= 0
                and any(meets(segment, inner) for segment in other.segments())
                and not any(id(m) in covered for n, m in drawing.surfaces if n > drawing.order(other))
            ]
            yield (
                name,
                f"{place(name, line)} is crossed by {place(name, crossing_it[0])}" if crossing_it else "",
            )


def few_hues(page: Page) -> Iterator[Decision]:
    for name, drawing in page.shown.items():
        used = sorted({m.colour for m in drawing.marks if m.colour != "none"})
        for mode in THEMES:
            hues = sorted(h for h in (_hue(colour, mode) for colour in used) if h is not None)
            groups = [h for n, h in enumerate(hues) if n == 0 or h - hues[n - 1] > 22]
            many = len(groups) > 3 and not (len(groups) == 4 and hues[0] + 360 - hues[-1] <= 22)
            yield f"{name} {mode}", f"{len(groups)} hues: {', '.join(used)}" if many else ""


def _hue(colour: str, mode: str) -> float | None:
    """The hue of a colour in degrees; None for greys and what is nearly grey."""
    channels = rgb(colour, mode)
    high, low = max(channels), min(channels)
    if high - low < 0.16:
        return None
    red, green, blue = channels
    turn = {red: (green - blue), green: 2 * (high - low) + blue - red, blue: 4 * (high - low) + red - green}[
        high
    ]
    return (turn / (high - low) * 60) % 360


MEANING_NOTHING = (*GROUNDS, "ink", "muted", "none")


def colours_have_another_sign(page: Page) -> Iterator[Decision]:
    """Two colours with a meaning differ in shape too, or in brightness, or words stand at every mark."""
    for name, drawing in page.shown.items():
        leading = {id(mark) for mark, *_ in leaders(drawing)}
        looks: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
        points = [m for m in drawing.shapes if max(m.box.width, m.box.height) <= 20 and m.shape != "line"]
        for mark in drawing.shapes:
            # The range of a mark is told by that.
            if mark.shape == "line" and any(
                p.colour == mark.colour and p.box.far(mark.box) < 1 for p in points
            ):
                continue
            if (
                mark.colour not in MEANING_NOTHING
                and id(mark) not in leading
                and mark.opacity * mark.fill_opacity > 0.25
            ):
                looks[mark.colour][mark.shape].append(mark)
        for one, other in itertools.combinations(sorted(looks), 2):
            yield name, ""
            for shape in looks[one].keys() & looks[other].keys():
                marks = looks[one][shape] + looks[other][shape]
                worded = all(_worded(mark, drawing) for mark in marks)
                for mode in THEMES:
                    apart = contrast(rgb(one, mode), rgb(other, mode)) >= 1.5
                    fault = f"{one} and {other} are both {shape}, alike in grey"
                    yield f"{name} {mode}", "" if apart or worded else fault


def _worded(mark: Mark, drawing: Picture, near: float = 10) -> bool:
    return any(
        mark.box.far(line.letters) <= near or mark.box.holds(line.letters.middle) for line, _ in drawing.lines
    )


def series_are_named(page: Page) -> Iterator[Decision]:
    for name, drawing in page.shown.items():
        texts = {mark.fill for mark in drawing.texts}
        leading = {id(mark) for mark, *_ in leaders(drawing)}
        shapes = [m for m in drawing.shapes if id(m) not in leading]
        for colour in sorted({m.colour for m in shapes} - {*MEANING_NOTHING}):
            own = [m for m in shapes if m.colour == colour]
            named = colour in texts or any(_worded(m, drawing) for m in own) or _told(own, page)
            yield name, "" if named else f"no word stands at the marks in {colour}"
        series = [mark for mark in shapes if _is_series(mark, page, drawing)]
        for mark in series:
            named = any(_named_along(run, drawing) for run in _runs(mark, shapes))
            yield name, "" if named else f"{place(name, mark)} has no name"
        yield from _keys_are_drawn(name, drawing)


SHAPES = {
    "circle": r"circle|Kreis|кружк|кол[аоу]",
    "diamond": r"diamond|Raute|ромб",
    "square": r"square|Quadrat|квадрат",
}


def _told(marks: list[Mark], page: Page) -> bool:
    """Whether the subtitle says what a mark of this form stands for."""
    forms = {mark.shape.removeprefix("hollow ") for mark in marks}
    return any(re.search(SHAPES[form], page.subtitle) for form in forms & {*SHAPES})


def _is_series(mark: Mark, page: Page, drawing: Picture) -> bool:
    """Whether a mark is a line through time: open, many steps, across a good part of the drawing."""
    points = sum(len(outline) for outline in mark.outlines)
    return (
        page.chart not in MAPS
        and not mark.filled
        and mark.stroke not in ("none", "line")
        and points >= 8
        and mark.box.width > drawing.width / 4
        and all(b[0] >= a[0] - 0.2 for a, b in mark.segments())
    )  # fmt: skip


def _runs(mark: Mark, shapes: list[Mark]) -> list[Mark]:
    """All parts of a line that gaps part: of its look, in its panel."""
    look, box = (mark.stroke, mark.width, mark.dash), mark.box
    alike = [m for m in shapes if not m.filled and (m.stroke, m.width, m.dash) == look]
    return [m for m in alike if max(m.box.top - box.bottom, box.top - m.box.bottom) <= 60]


def _named_along(mark: Mark, drawing: Picture) -> bool:
    """Whether a text or a leader with one stands at a line."""
    ends = [far for _, far, _ in leaders(drawing)]
    boxes = [
        line.letters for line, text in drawing.lines
        if re.search(r"[^\W\d]{3}", text.text) and not _is_tick(text, drawing)
    ]  # fmt: skip
    for segment in mark.segments():
        (ax, ay), (bx, by) = segment
        run = Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
        if any(run.far(box) <= 14 for box in boxes) or any(run.far(Box(x, y, x, y)) <= 4 for x, y in ends):
            return True
    return False


def _is_tick(text: Mark, drawing: Picture) -> bool:
    return any(
        id(text) == id(mark) for axis in axes(drawing, "en") + time_axes(drawing) for mark in axis.marks
    )


def _keys_are_drawn(name: str, drawing: Picture) -> Iterator[Decision]:
    """A key, a row of small marks with words to their right above all else, names only what is drawn below it."""
    swatches = []
    for mark in drawing.shapes:
        if mark.title or max(mark.box.width, mark.box.height) > 16 or mark.colour in MEANING_NOTHING:
            continue
        beside = [line for line, _ in drawing.lines if 0 <= line.box.left - mark.box.right <= 10 and abs((line.letters.top + line.letters.bottom) / 2 - mark.box.middle[1]) < 5]  # fmt: skip
        if beside and mark.box.bottom < 40:
            swatches.append(mark)
    if len(swatches) < 2:
        return
    others = {
        (m.colour, m.shape.removeprefix("hollow "))
        for m in drawing.shapes
        if not any(m is s for s in swatches)
    }
    surfaces = {colour for colour, shape in others if shape in ("area", "bar")}
    colours = {colour for colour, _ in others}
    for mark in swatches:
        drawn = (
            (mark.colour, mark.shape.removeprefix("hollow ")) in others
            or (mark.shape == "bar" and mark.colour in colours)
            or (mark.shape == "square" and mark.colour in surfaces)
        )
        yield name, "" if drawn else f"the key names {place(name, mark)}, which is not drawn"


# Axes.


class Axis(NamedTuple):
    """Numbers in a column or a row that grow evenly with their place; ``at`` gives a value's pixel."""

    upright: bool
    marks: tuple[Mark, ...]
    values: tuple[float, ...]
    pixels: tuple[float, ...]

    def at(self, value: float) -> float:
        step = (self.pixels[-1] - self.pixels[0]) / (self.values[-1] - self.values[0])
        return self.pixels[0] + (value - self.values[0]) * step


def number(text: str, language: str) -> float | None:
    """The number that a text begins with, in any of the languages' ways to write it; None for other texts."""
    found = re.fullmatch(r"([−-]?\d[\d.,\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]*)(?:[ \N{NO-BREAK SPACE}]?([%²\w. ]{0,22}))?", text.strip())  # fmt: skip
    if not found or re.search(_MONTHS, found[2] or "", re.IGNORECASE):
        return None
    plain = re.sub(r"[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", "", found[1]).replace("−", "-")
    thousands, point = (",", ".") if language == "en" else (".", ",")
    if thousands == "." and re.search(r"\.\d{1,2}$|\.$", plain):
        return None  # a day
    try:
        return float(plain.replace(thousands, "").replace(point, "."))
    except ValueError:
        return None


def axes(drawing: Picture, language: str) -> list[Axis]:
    """The axes of numbers of a drawing."""
    found = []
    numbers = [(mark, value) for mark in drawing.texts if len(mark.lines) == 1 and (value := number(mark.text, language)) is not None]  # fmt: skip
    for upright in (True, False):
        rows: dict[tuple[str, float], list[tuple[Mark, float]]] = defaultdict(list)
        for mark, value in numbers:
            line = mark.lines[0]
            if upright:
                rows["right", round(line.box.right * 2) / 2].append((mark, value))
                rows["left", round(line.box.left * 2) / 2].append((mark, value))
            else:
                rows["base", round(line.base)].append((mark, value))
        for _, ticks in rows.items():
            if len(ticks) < 3 or (not upright and _dated(ticks[0][0], drawing)):
                continue
            axis = _axis(ticks, upright)
            if axis and not any(
                {id(m) for m in axis.marks} <= {id(m) for m in known.marks} for known in found
            ):
                found.append(axis)
    return found


def scales(page: Page, drawing: Picture) -> list[Axis]:
    """The axes of numbers of a drawing of a page; the numbers in a chart of events name these."""
    return [] if page.chart == "timeline" else axes(drawing, page.language)


def _dated(tick: Mark, drawing: Picture) -> bool:
    """Whether the row of a tick names a month: then its numbers are days."""
    base = tick.lines[0].base
    return any(
        abs(line.base - base) < 3 and re.search(_MONTHS, line.text, re.IGNORECASE)
        for line, _ in drawing.lines
    )


def _axis(ticks: list[tuple[Mark, float]], upright: bool) -> Axis | None:
    placed = sorted(
        ((m.lines[0].base if upright else m.box.middle[0], value, n) for n, (m, value) in enumerate(ticks)),
        reverse=upright,
    )
    pixels, values, order = zip(*placed, strict=True)
    if not all(b > a for a, b in itertools.pairwise(values)):
        return None
    slope = (values[-1] - values[0]) / (pixels[-1] - pixels[0])
    even = all(abs(values[0] + (p - pixels[0]) * slope - v) <= abs(slope) * 2.5 for p, v in zip(pixels, values, strict=True))  # fmt: skip
    if not even or min(abs(b - a) for a, b in itertools.pairwise(pixels)) < 14:
        return None
    return Axis(upright, tuple(ticks[n][0] for n in order), values, pixels)


def time_axes(drawing: Picture) -> list[Axis]:
    """Rows of texts that name months, as axes without values."""
    rows: dict[int, list[Mark]] = defaultdict(list)
    for mark in drawing.texts:
        if re.search(_MONTHS, mark.text, re.IGNORECASE) and len(mark.text) < 14:
            rows[round(mark.lines[0].base)].append(mark)
    return [Axis(False, tuple(marks), (), ()) for marks in rows.values() if len(marks) > 2]


def ticks_have_units(page: Page) -> Iterator[Decision]:
    for name, drawing in page.shown.items():
        for axis in scales(page, drawing):
            lettered = [mark for mark in axis.marks if re.search(r"[^\W\d]|%", mark.text)]
            ends = [axis.marks[0], axis.marks[-1]]
            near = [
                line
                for line, mark in drawing.lines
                if re.search(r"[^\W\d]{2}|%", line.text) and not any(mark is m for m in axis.marks)
                and any(mark_end.box.far(line.box) <= 30 for mark_end in ends)
            ]  # fmt: skip
            where = f"{name} axis {axis.marks[0].text} to {axis.marks[-1].text}"
            yield name, "" if lettered or near else f"{where} has no unit"
            decimals = {len(re.sub(r"\D", "", m.text.partition("," if page.language != "en" else ".")[2])) for m in axis.marks}  # fmt: skip
            whole = all(float(value).is_integer() for value in axis.values)
            yield name, f"{where} rounds in more than one way" if len(decimals) > 1 and not whole else ""
    if page.chart not in ("timeline", "claims"):  # which quote what was said, in the unit of whoever said it
        other = {"km2": "sq_mi", "sq_mi": "km2"}[page.units]
        unit = page.w.say(f"unit.{other}")
        texts = [page.title, page.subtitle, *(m.text for d in page.shown.values() for m in d.texts)]
        for text in texts:
            yield (
                "texts",
                f"{unit} beside {page.units}: {text[:100]}" if unit in text.replace("\xa0", " ") else "",
            )


class Bars(NamedTuple):
    upright: bool
    foot: float
    marks: list[Mark]


def bars(drawing: Picture) -> list[Bars]:
    """Three or more bars or stems that grow from one line; boxes around words are none."""
    standing: dict[tuple[bool, float, str], list[Mark]] = defaultdict(list)
    for mark in drawing.shapes:
        stem = not mark.filled and mark.width >= 2 and len(mark.outlines) == 1 and len(mark.outlines[0]) == 2
        bar = mark.filled and mark.shape == "bar"
        if (
            mark.colour in GROUNDS
            or not (stem or bar)
            or any(mark.box.holds(line.letters.middle) for line, _ in drawing.lines)
        ):
            continue
        b, thick = mark.box, (mark.width if stem else 0)
        for upright, foot, across in ((True, b.bottom, b.width + thick), (False, b.left, b.height + thick)):
            if (b.height > 0.5 if upright else b.width > 0.5) and across < 30:
                standing[upright, round(foot), f"{mark.colour} {round(across)}"].append(mark)
    groups: dict[tuple[bool, float], list[Mark]] = defaultdict(list)
    for (upright, foot, _), marks in standing.items():
        if len({round(m.box.left if upright else m.box.top) for m in marks}) > 2 and len({round(m.box.height if upright else m.box.width) for m in marks}) > 1:  # fmt: skip
            groups[upright, foot] += marks
    return [Bars(upright, foot, marks) for (upright, foot), marks in groups.items()]


def bars_start_at_zero(page: Page) -> Iterator[Decision]:
    for name, drawing in page.shown.items():
        found = scales(page, drawing)
        for group in bars(drawing):
            across = [axis for axis in found if axis.upright == group.upright]
            if not across:
                if all(_valued(m, drawing, page.language) is not None for m in group.marks):
                    yield from _in_proportion(name, group, drawing, page.language)
                continue  # what has neither axis nor values is decided by rule 13
            feet = [axis.at(0) - (4 if group.upright else 0) for axis in across]
            off = min(abs(group.foot - foot) for foot in feet)
            yield name, f"{place(name, group.marks[0])}: bars start {off:.0f} px from zero" if off > 4 else ""
        for mark in (
            m for m in drawing.shapes if _is_area_from_a_foot(m, drawing) and page.chart not in MAPS
        ):
            across = [
                a for a in found if a.upright and a.pixels[-1] <= mark.box.bottom + 8 <= a.pixels[0] + 60
            ]
            for axis in across[:1]:
                off = abs(mark.box.bottom - (axis.at(0) - 4))
                yield name, f"{place(name, mark)}: the area starts {off:.0f} px from zero" if off > 4 else ""


def _is_area_from_a_foot(mark: Mark, drawing: Picture) -> bool:
    """Whether a surface has a straight lower edge over most of its width."""
    if (
        not mark.filled
        or mark.colour == "wash"
        or mark.shape not in ("area", "bar")
        or mark.box.width < drawing.width / 8
    ):
        return False
    low = sum(abs(b[0] - a[0]) for a, b in mark.segments() if a[1] == b[1] == mark.box.bottom)
    return low > 0.8 * mark.box.width and sum(map(len, mark.outlines)) > 5


def no_second_axis(page: Page) -> Iterator[Decision]:
    """Two upright scales beside the same drawing: one is the other in percent, or there is but one."""
    for name, drawing in page.shown.items():
        upright = [axis for axis in scales(page, drawing) if axis.upright]
        yield name, ""
        for one, other in itertools.combinations(upright, 2):
            low, high = max(one.pixels[-1], other.pixels[-1]), min(one.pixels[0], other.pixels[0])
            beside = high - low > 20
            apart = abs(one.marks[0].box.middle[0] - other.marks[0].box.middle[0]) > 20
            share = [axis for axis in (one, other) if any("%" in m.text for m in axis.marks)]
            same = tuple(one.values) == tuple(other.values)
            wrong = beside and apart and len(share) != 1 and not same
            yield name, f"two scales: {one.marks[0].text} and {other.marks[0].text}" if wrong else ""
    for resolve in re.findall(r"'resolve': (\{[^}]*\}\})", str(page.spec)):
        yield "scales", f"independent scales: {resolve}" if "'y': 'independent'" in resolve else ""


def values_are_written(page: Page) -> Iterator[Decision]:
    for name, drawing in page.shown.items():
        found = scales(page, drawing)
        for group in bars(drawing):
            axis = any(a.upright == group.upright for a in found)
            bare = [m for m in group.marks if not _valued(m, drawing, page.language)]
            fault = (
                f"{len(bare)} of {len(group.marks)} bars have no value, as {place(name, bare[0])}"
                if bare
                else ""
            )
            yield name, "" if axis else fault
        if page.chart in ("settlements", "settlements-campaign") and not any(a.upright for a in found):
            written = [value for mark in drawing.texts for text in _counts(mark) if (value := number(text, page.language)) is not None]  # fmt: skip
            for row in page.rows:
                count = float(row.get("settlements", 0))
                if count or page.chart == "settlements":
                    yield name, "" if count in written else f"{row.get('date')}: {count:.0f} is not written"


def _counts(mark: Mark) -> list[str]:
    return [mark.text, *re.findall(r"(?<![\w,.])\d+(?![\w.,])", mark.text)]


def _valued(mark: Mark, drawing: Picture, language: str) -> float | None:
    """The number at the end of a bar."""
    for line, _ in drawing.lines:
        value = number(line.text, language)
        if value is not None and mark.box.far(line.letters) <= 16:
            return value
    return None


def _in_proportion(name: str, group: Bars, drawing: Picture, language: str) -> Iterator[Decision]:
    pairs = [
        (m.box.height if group.upright else m.box.width, _valued(m, drawing, language) or 0)
        for m in group.marks
    ]
    longest, most = max(pairs)
    for length, value in pairs:
        off = abs(length - longest * value / most) if most else 0
        yield name, f"a bar of {value:.0f} is {off:.0f} px too long or short" if off > 3 else ""


# Marks and their words.


_LEADERS: dict[int, tuple[Picture, list[tuple[Mark, Point, Line]]]] = {}


def leaders(drawing: Picture) -> list[tuple[Mark, Point, Line]]:
    """Thin lines from a word to a mark: the line, its far end, and the word."""
    known = _LEADERS.get(id(drawing))
    if known and known[0] is drawing:
        return known[1]
    found = []
    for mark in drawing.shapes:
        thin = (
            not mark.filled and mark.stroke not in ("none", "line") and mark.width <= 1.3 and not mark.title
        )
        points = [point for outline in mark.outlines for point in outline]
        long = math.dist(points[0], points[-1])
        if not thin or len(mark.outlines) != 1 or len(points) > 4 or not 8 <= long < drawing.width * 0.6:
            continue
        for near, far in ((points[0], points[-1]), (points[-1], points[0])):
            words = [
                line
                for line, _ in drawing.lines
                if line.box.holds(near, 8) and not line.letters.holds(far, 5)
            ]
            if words:
                found.append((mark, far, words[0]))
                break
    if len(_LEADERS) > 8:
        _LEADERS.clear()
    _LEADERS[id(drawing)] = drawing, found
    return found


def leaders_reach_one_mark(page: Page) -> Iterator[Decision]:
    for name, drawing in page.shown.items():
        leading = leaders(drawing)
        for (one, *_), (other, *_) in itertools.combinations(leading, 2):
            cross = any(crossing(a, b) for a in one.segments() for b in other.segments())
            yield name, f"leaders cross: {place(name, one)} and {place(name, other)}" if cross else ""
        for mark, far, word in leading:
            through = [
                line
                for line, text in drawing.lines
                if line is not word and text.lines[0] is not word and word not in text.lines
                and any(meets(segment, line.letters) for segment in mark.segments())
            ]  # fmt: skip
            yield name, f"{place(name, mark)} runs through {place(name, through[0])}" if through else ""
            reached = any(m is not mark and m.box.far(Box(*far, *far)) <= 8 for m in drawing.shapes)
            yield name, "" if reached else f"the leader of {place(name, word)} reaches no mark"


def emphasis_is_labelled(page: Page) -> Iterator[Decision]:
    """Where marks of one colour and form come in two weights, the heavier ones stand at words; on the map of the
    settlements all dots do."""
    for name, drawing in page.shown.items():
        ends = [far for _, far, _ in leaders(drawing)]
        families: dict[str, list[Mark]] = defaultdict(list)
        for mark in drawing.shapes:
            small = max(mark.box.width, mark.box.height) <= 20
            if (
                small
                and mark.colour not in MEANING_NOTHING
                and mark.opacity * mark.fill_opacity > 0.25
                and not mark.shape.endswith(("bar", "line", "sign"))
            ):
                families[f"{mark.colour} {mark.shape.removeprefix('hollow ')}"].append(mark)
        for marks in families.values():
            weights = _weights(marks)
            every = page.chart == "locator"
            if len(weights) < 2 and not every:
                continue
            heavy = marks if every else weights[-1]
            named = [m for m in heavy if _worded(m, drawing, 12) or any(m.box.holds(end, 6) for end in ends)]
            titles = {m.title for m in named if m.title}
            for mark in heavy:
                # A second panel may name what lies too close in the first.
                near = any(mark is m for m in named) or mark.title in titles
                yield name, "" if near else f"{place(name, mark)} has no label"


def _weights(marks: list[Mark]) -> list[list[Mark]]:
    """Marks of one look together, the lightest first; sizes that differ by less than two pixels are one."""
    groups: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda m: (m.opacity, m.box.width)):
        last = groups[-1][-1] if groups else None
        if last and abs(last.opacity - mark.opacity) < 0.1 and abs(last.box.width - mark.box.width) < 1.6:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups


def uncertainty_is_drawn(page: Page) -> Iterator[Decision]:
    """What was said with a qualifier has a range or an arrow, and its words the qualifier."""
    rows = [
        r
        for r in page.rows
        if isinstance(r.get("qualifier"), str) and r["qualifier"] not in ("exact", "range")
    ]
    figures = {}
    for row in rows:
        if isinstance(row.get("value"), (int, float)) and row.get("unit"):
            whole = said({"value_to": None, **row}, page.w)
            bare = said({"value_to": None, **row, "qualifier": "exact"}, page.w)
            if whole != bare:
                figures[whole] = bare
    ranged = [r for r in page.rows if r.get("held_low_km2") != r.get("held_high_km2") and r.get("kind") != "map"] if page.chart == "area" else []  # fmt: skip
    if not figures and not ranged:
        return
    for name, drawing in page.shown.items():
        spans = [m for m in drawing.shapes if _spans(m)]
        arrows = [m for m in drawing.texts if m.text.strip() in ARROWS]
        if page.chart in ("area", "claims", "record") and rows:
            yield name, "" if spans or arrows else "no claim with a qualifier has a range or an arrow"
        for mark in (m for m in drawing.shapes if m.title and max(m.box.width, m.box.height) <= 20):
            if any(whole in mark.title for whole in figures):
                x, y = mark.box.middle
                open_ = any(s is not mark and s.box.holds((x, y), 8) for s in spans) or any(a.box.holds((x, y), 16) for a in arrows)  # fmt: skip
                open_ = open_ or mark.shape == "triangle"
                yield name, "" if open_ else f"{place(name, mark)} has neither range nor arrow: {mark.title}"


def _spans(mark: Mark) -> bool:
    """Whether a mark is a short straight run or the head of an arrow."""
    long = max(mark.box.width, mark.box.height)
    if mark.shape in ("triangle", "sign"):
        return long <= 20
    thin = min(mark.box.width, mark.box.height) <= 16
    return thin and long >= 2 and mark.colour not in ("line", "none", "background")


def steps_and_gaps(page: Page) -> Iterator[Decision]:
    late = [r for r in page.rows if str(r.get("date") or r.get("reported") or "") > page.day.isoformat()]
    yield "rows", f"a row is later than the day of the chart: {late[0]}" if late else ""
    if page.chart in ("settlements", "settlements-campaign"):
        days = [row["date"] for row in page.rows]
        yield "rows", "" if len(days) == len(set(days)) else "a day stands there twice"
        return
    gaps = _gaps(page.rows)
    for name, drawing in page.shown.items():
        for mark in drawing.shapes:
            if not _is_series(mark, page, drawing):
                continue
            slanted = [
                (a, b) for a, b in mark.segments() if abs(a[0] - b[0]) > 0.6 and abs(a[1] - b[1]) > 0.6
            ]
            yield name, f"{place(name, mark)} slants between days" if slanted or mark.curved else ""
        # On a phone a day may be narrower than a pixel.
        days = len({row["date"] for row in page.rows if row.get("kind") == "map"})
        if page.chart == "area" and gaps and drawing.width * 0.75 / days > 1.5:
            series = [m for m in drawing.shapes if _is_series(m, page, drawing)]
            parted = (
                any(len(m.outlines) > 1 for m in series)
                or len(series) > 2
                or any(_is_column(m) for m in drawing.shapes)
            )
            yield name, "" if parted else f"days without a map are drawn through: {gaps[0]}"


def _is_column(mark: Mark) -> bool:
    return mark.filled and mark.shape == "bar" and 1 < mark.box.width < 20 and mark.box.height > 30


def _gaps(rows: list[dict[str, Any]]) -> list[str]:
    """Days between two days of one map that it lacks."""
    days: dict[str, list[dt.date]] = defaultdict(list)
    for row in rows:
        if row.get("kind") == "map" and row.get("date"):
            days[row["claimant"]].append(dt.date.fromisoformat(row["date"]))
    return [
        f"{name} {a} to {b}"
        for name, known in days.items()
        for a, b in itertools.pairwise(sorted(known))
        if (b - a).days > 1
    ]


def fills_tell_apart(page: Page) -> Iterator[Decision]:
    """What a map shows as held, what is unclear and what somebody claims have fills of different kinds."""
    if page.chart not in ("area", "control", "record", "timeline"):
        return
    for name, drawing in page.shown.items():
        if page.chart in ("area", "control"):
            solid = {
                m.fill
                for m in drawing.shapes
                if m.filled and m.shape in ("area", "bar") and m.fill not in ("wash", "background", "line")
                and m.box.width * m.box.height > 300 and m.opacity * m.fill_opacity > 0.25
            }  # fmt: skip
            fault = f"areas of two meanings are both solid: {', '.join(sorted(solid))}"
            yield name, fault if len(solid) > 1 else ""
            unclear = any((r.get("held_high_km2") or 0) > (r.get("held_low_km2") or 0) for r in page.rows if r.get("kind") == "map")  # fmt: skip
            if unclear or any(r.get("unclear_km2") for r in page.rows):
                yield (
                    name,
                    ""
                    if _hatched(drawing)
                    else "nothing is hatched or outlined, though the map has unclear areas",
                )
        if page.chart == "control":
            continue  # which shows no claims; its small squares are keys
        areas = {
            m.colour
            for m in drawing.shapes
            if m.filled and m.shape == "area" and max(m.box.width, m.box.height) > 40
        }
        points = {m.colour for m in drawing.shapes if max(m.box.width, m.box.height) <= 16} - {*GROUNDS}
        both = (areas & points) - {*MEANING_NOTHING}
        yield name, f"claims and areas are both solid in {', '.join(both)}" if both else ""
        if page.chart == "timeline" and any(r.get("disputed") is True for r in page.rows):
            hollow = [m for m in drawing.shapes if m.shape.startswith("hollow")]
            yield name, "" if hollow else "events that somebody disputes look like the others"


def _hatched(drawing: Picture) -> bool:
    """Whether there are many parallel slanted strokes, or a large outline without a surface."""
    for mark in drawing.shapes:
        if mark.filled and mark.fill != "background":
            continue
        slanted = [
            s for s in mark.segments() if abs(s[0][0] - s[1][0]) > 0.5 and abs(s[0][1] - s[1][1]) > 0.5
        ]
        closed = mark.outlines[0][0] == mark.outlines[0][-1] and mark.box.width * mark.box.height > 200
        if (
            len(slanted) >= 6
            or (closed and mark.stroke not in ("none", "line"))
            or (mark.dash and mark.box.width > 40)
        ):
            return True
    return False


# Maps.


ROUGH = {
    "en": r"approximat|off by about|rough",
    "de": r"ungefähr|etwa|annähernd|grob",
    "uk": r"приблизн|близько|орієнтовн",
    "ru": r"приблизительн|около|примерн",
}
_KM = r"(\d+)[ \N{NO-BREAK SPACE}](?:km|км|mi|миль|мил|миля|милі|Meilen)"


def rough_lines_are_dashed(page: Page) -> Iterator[Decision]:
    if page.chart not in MAPS:
        return
    said_so = " ".join([page.source, page.subtitle, *(m.text for d in page.shown.values() for m in d.texts)])
    yield (
        "texts",
        ""
        if re.search(ROUGH[page.language], said_so, re.IGNORECASE)
        else "no word says that lines are approximate",
    )
    for name, drawing in page.shown.items():
        dashed = [m for m in drawing.shapes if m.dash and m.box.width > 40]
        yield name, "" if dashed else "no line is dashed"
        if page.chart == "locator" and any(row.get("position_error_km") for row in page.rows):
            rings = [
                m
                for m in drawing.shapes
                if m.kind == "circle" and (m.opacity * m.fill_opacity < 0.5 or not m.filled)
            ]
            yield name, "" if rings else "the errors of the positions are not drawn"


def maps_have_scale_day_observer(page: Page) -> Iterator[Decision]:
    if page.chart not in MAPS:
        return
    for name, drawing in page.shown.items():
        scale = [m for m in drawing.texts if re.fullmatch(_KM, m.text.strip()) or re.match(r"0[ –-]", m.text)]
        yield name, "" if scale else "has no scale bar"
        for mark in scale:
            near = [m for m in drawing.shapes if m.box.far(mark.box) <= 10 and m.box.width > 15]
            bar = any(not m.filled or m.box.height < 6 for m in near)
            yield name, "" if bar else f"{place(name, mark)} stands at no bar"
    head = f"{page.title} {page.subtitle}"
    yield "texts", "" if re.search(r"\b20\d\d\b", head) else f"name no day: {head}"
    makers = r"DeepState|Project Owl|Natural Earth|Minist|Міністер|Міноборон|Минобор|Министер|Verteidigung"
    yield "texts", "" if re.search(makers, page.source) else f"the source names no observer: {page.source}"


def small_multiples_agree(page: Page) -> Iterator[Decision]:
    if page.chart != "control":
        return
    for name, drawing in page.shown.items():
        bars_of = [m for m in drawing.shapes if m.shape == "line" and len(m.outlines[0]) == 2 and any(re.fullmatch(_KM, line.text.strip()) and m.box.far(line.box) <= 10 for line, _ in drawing.lines)]  # fmt: skip
        lengths = {round(m.box.width) for m in bars_of if m.box.width > 15}
        yield name, f"scale bars of {sorted(lengths)} px" if len(lengths) > 1 else ""
        dated = [m for m in drawing.texts if re.search(rf"^\d+\.?\s?{_MONTHS}|^{_MONTHS}.*\d", m.text.replace("\xa0", " "), re.IGNORECASE)]  # fmt: skip
        yield name, "" if 1 <= len(dated) <= 7 else f"{len(dated)} panels have a day"
        measured = [m for m in drawing.texts if re.search(r"\d", m.text) and (page.w.say(f"unit.{page.units}") in m.text.replace("\xa0", " "))]  # fmt: skip
        yield name, "" if len(measured) >= len(dated) else "a panel does not say how much was held"


class Rule(NamedTuple):
    """A rule: its number, what it asks for, how it is decided, and the functions that decide it."""

    number: int
    text: str
    how: str
    decide: tuple[Callable[[Page], Iterator[Decision]], ...]


RULES = (
    Rule(1, "A title of one message: 15 words at most, a capital first, two lines on a phone", "words counted; lines set in the charts' font at 360 px", (title_is_short,)),
    Rule(2, "The subtitle is there, says where and when, and nothing is said twice", "runs of seven words that two texts share", (nothing_is_said_twice, no_line_is_drawn_twice)),
    Rule(5, "Whatever has a colour, and every line through time, has its name beside it; a key names only what is drawn", "a text of that colour, or one within a few pixels of the marks", (series_are_named,)),
    Rule(6, "An axis has its unit, one unit and one rounding; a number never parts from its unit", "numbers in a row that grow evenly with their place are an axis", (ticks_have_units, numbers_keep_their_units)),
    Rule(7, "Bars and areas stand on zero", "their feet against the place of zero on the axis", (bars_start_at_zero,)),
    Rule(8, "One scale, or the same in percent", "two upright axes beside each other; independent scales in the specification", (no_second_axis,)),
    Rule(9, "Three hues at most beside greys", "hues of all colours drawn, those within 22 degrees as one", (few_hues,)),
    Rule(10, "No meaning by colour alone, also in grey", "two colours of one shape differ in brightness or stand at words", (colours_have_another_sign,)),
    Rule(11, "Text of 12 px on a phone; contrast 4.5 for text and 3 for marks; a halo where a line crosses a text", "sizes at every width; colours as they lie upon each other, in both themes", (texts_are_large, texts_contrast, marks_contrast, texts_have_halos)),
    Rule(12, "No text turned, cut or upon another, at any width", "boxes of all lines in the charts' font", (texts_stand_clear, page_fits)),
    Rule(13, "An axis of values, or every value written", "bars without an axis have a number at their end and are as long as it says", (values_are_written,)),
    Rule(14, "What is emphasised is labelled; a leader reaches one mark and crosses none", "the heavier of two weights of a mark stands at a word; leaders as lines", (leaders_reach_one_mark, emphasis_is_labelled)),
    Rule(15, "Uncertainty stands at the number: a range or an arrow for every qualifier", "marks whose description has a qualifier", (uncertainty_is_drawn,)),
    Rule(16, "Steps for what changes in steps, gaps as gaps, no day invented", "lines through time have no slanted part; rows against the day of the chart", (steps_and_gaps,)),
    Rule(17, "Held, unclear and claimed have different fills", "one solid fill among the areas; a hatch or an outline; hollow marks for what is disputed", (fills_tell_apart,)),
    Rule(19, "Approximate lines are dashed and called so; errors of positions are drawn", "dashes and words on maps; rings around dots", (rough_lines_are_dashed,)),
    Rule(20, "A map has a scale bar, its day and its observer", "a distance at a bar; texts", (maps_have_scale_day_observer,)),
    Rule(21, "Small multiples: one scale, at most seven, each with its day and its amount", "days, amounts and scale bars counted", (small_multiples_agree,)),
    Rule(22, "The source line has maker, day, whose data, and whether it is confirmed", "words of each language", (source_line_is_whole,)),
    Rule(23, "The alt text says form, figures and days, and takes no side; the table has its sources", "words of each language; rows of the table", (alt_text_tells_the_chart,)),
    Rule(24, "Nothing moves", "the page, without what is only for readers who want motion", (nothing_moves,)),
)  # fmt: skip
