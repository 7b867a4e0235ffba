"""The land that a public map draws as held by Ukraine, on four to seven days: small maps at one scale.

The outlines come from a copy of the map's archive that the user has, and from nowhere else; the package holds none.
What is held is solid, what is unclear is hatched, and what is drawn has the measured area within 1 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from babel import dates

from kurskdata.charts.map.base_map import distance
from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW, PHONE, WIDTH, Card, Plain, Plot, Text, drawn, layered
from kurskdata.charts.style.marks import Rows, haloed, own, points, spans, texts
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import Day, InputError, choice
from kurskdata.tables.as_of import day
from kurskdata.tables.descriptor import MAPS, documented
from kurskdata.tables.intervals import MI_IN_KM, conversion
from kurskdata.tables.reader import load
from kurskdata.tables.settlements import landmarks
from kurskdata.words.language import Words, words

_FEWEST, _MOST = 4, 7
_HEAD, _GAP = 54, 12
"""Pixels of the three lines above a map, and between maps."""

_SWATCHES = {"held": "M-5,-5L5,-5L5,5L-5,5Z", "unclear": "M-5,-5L5,-5L5,5L-5,5ZM-5,0L0,5M-5,-5L5,5M0,-5L5,0"}
"""How held and unclear look beside their names."""


@documented
def control(
    archive: str | Path,
    edition: Edition,
    *,
    days: Sequence[Day] | None = None,
    observer: str = "deepstate",
    width: float | None = None,
) -> alt.VConcatChart:
    """Draws the area held by Ukraine on days of a map, out of your own copy of the map's archive.

    ``archive`` is a folder as `kurskdata.tables.measure` takes it, ``observer`` the map, deepstate or owlmaps. ``days``
    are 4 to 7 days; without them these are the first day on which the map draws anything, the day with the largest
    area held, the last one up to the day of the edition, and those on which each quarter of what lies between was
    reached, or all days of a shorter archive. The rows of the chart have ``date``, ``observer``, ``held_km2``,
    ``unclear_km2`` (sq km, missing where nothing is drawn), ``snapshot`` (the file) and ``source_ids``.

    Whoever publishes the chart is bound by the terms of the map's owner. Raises InputError for an unknown observer, a
    folder that is no archive of it, an archive that draws nothing up to the day, and for days that it does not have.
    """
    from kurskdata.tables import measure

    measured = measure.measure(choice("observer", observer, tuple(MAPS)), archive).rows
    rows = measured.groupby(["date", "observer", "snapshot"], as_index=False, sort=True)
    view = rows[["held_km2", "unclear_km2"]].sum(min_count=1)
    first, last = (str(one) if one else "" for one in (edition.start, edition.end))
    view = view[(view["date"] >= first) & (view["date"] <= min(last or "9", str(edition.as_of)))]
    shown = _by_rule(view, archive, edition) if days is None else _asked(view, days, archive)
    repository = f"https://{MAPS[observer].repository}"
    pages = load("sources").loc[lambda table: table["url"] == repository, "source_id"]
    table = shown[["date", "observer", "held_km2", "unclear_km2", "snapshot"]].reset_index(drop=True)
    table = table.assign(date=pd.to_datetime(table["date"]), source_ids=";".join(pages))
    shapes = measure.shapes(observer, archive, table["snapshot"])
    text, said = _message(table, observer, edition), _said(table, words(edition))

    def plot(maps: slice, wide: float) -> Plot:
        return _plot(list(zip(said, shapes, strict=True))[maps], shapes, edition, wide)

    chart = drawn("control", edition, text, table, partial(plot, slice(None)), width or WIDTH)
    # Pages show one map at a time, as wide as a phone.
    alone, config = [], theme.config(edition.theme, words(edition))
    for n, lines in enumerate(said):
        one = plot(slice(n, n + 1), PHONE)
        alone.append({"name": lines[0][1], "spec": {**one.spec, "datasets": one.datasets, "config": config}})
    chart.usermeta = Plain({"kurskdata": {**chart.usermeta.to_dict()["kurskdata"], "days": alone}})
    return chart


def _by_rule(view: pd.DataFrame, archive: str | Path, edition: Edition) -> pd.DataFrame:
    """First, largest and last, and the days on which quarters of the way between were reached."""
    anything = view["held_km2"].notna() | view["unclear_km2"].notna()
    if not anything.any():
        told = f"draws nothing up to {edition.as_of}; give a later day or another archive"
        raise InputError(f"{archive}: {told}")
    rows = view[anything.cummax()]
    held = rows["held_km2"].fillna(0).to_numpy()
    last, peak = len(held) - 1, int(held.argmax())
    start, end = (peak, last) if peak < last else (0, last)
    sign = 1 if held[end] > held[start] else -1
    quarters = np.linspace(held[start], held[end], 5)[1:-1]
    reached = [start + int((sign * held[start:] >= sign * level - 1e-9).argmax()) for level in quarters]
    chosen = {0, peak, last, *reached}
    if len(chosen) < _FEWEST:
        chosen |= {round(share) for share in np.linspace(0, last, _FEWEST)}
    return rows.iloc[sorted(chosen)]


def _asked(view: pd.DataFrame, days: Sequence[Day], archive: str | Path) -> pd.DataFrame:
    wanted = sorted({str(day(each, "days"))[:10] for each in days})
    if not _FEWEST <= len(wanted) <= _MOST:
        raise InputError(f"days: {len(wanted)} different days are given; give {_FEWEST} to {_MOST}")
    for each in wanted:
        if each not in set(view["date"]):
            known = f"{view['date'].min()} to {view['date'].max()}" if len(view) else "none"
            missing = f"{archive} has no readable snapshot of {each}"
            raise InputError(f"days: {missing}; days that can be shown: {known}")
    return view[view["date"].isin(wanted)]


def _plot(maps: list[tuple[Any, Any]], shapes: list[Any], edition: Edition, width: float) -> Plot:
    """The maps side by side, on phones one below the other, each with its lines above it, in a frame that holds all
    shapes."""
    from kurskdata.charts.map.shapes import Frame, hatch, path, point

    w, p, narrow = words(edition), theme.palette(edition.theme), width < NARROW
    columns = 1 if narrow else 2 if len(maps) <= 4 else 3
    frame = Frame(shapes, float(int((width - _GAP * (columns - 1)) / columns)))
    block = frame.height + _HEAD + _GAP
    land, border = frame.ground()
    (town,) = landmarks(edition.language).query("place_id == 'sudzha'").to_dict("records")
    town_x, town_y = frame.pixels(point(town["lon"], town["lat"])).coords[0]
    room = frame.width - 4 - fonts.text_width(town["name"], fonts.SMALL)
    name_x = min(town_x + 7, room) if town_x < room - 7 else town_x - frame.width + room - 3
    rows: dict[str, Rows] = {}

    def put(name: str, x: float, y: float, **more: Any) -> None:
        rows.setdefault(name, []).append({"x": round(x, 1), "y": round(y, 1), **more})

    for n, (said, outlines) in enumerate(maps):
        x, y = n % columns * (frame.width + _GAP), n // columns * block
        for k, (name, text) in enumerate(said):
            put("text" if k else "day", x + 15 * (name in _SWATCHES), y + 8 + 16 * k, text=text)
            if name in _SWATCHES:
                put(name, x + 5.5, y + 8 + 16 * k, shape=_SWATCHES[name])
        y += _HEAD
        put("land", x, y, shape=land)
        put("border", x, y, shape=border)
        for name in _SWATCHES:
            shape = frame.shape(outlines, name)
            if shape.area:
                put(name, x, y, shape=path(shape) + (hatch(shape, 5) if name == "unclear" else ""))
        put("frame", x + 0.5, y + 0.5, x2=x + frame.width - 0.5, y2=y + frame.height - 0.5)
        put("town", x + town_x, y + town_y)
        put("name", x + name_x, y + town_y, text=town["name"], colour=p.ink, halo=p.background)
        if narrow or n == 0:
            _furniture(put, frame, x, y, w)
    look = {"shape": own("shape"), "size": 4}
    line = {"filled": False, "strokeWidth": 1, **look}
    layers = {
        "land": points(rows["land"], color=p.wash, strokeWidth=0, **look),
        "border": points(rows["border"], color=p.ink, strokeDash=[5, 4], **line),
        "held": points(rows.get("held", []), color=p.ukraine, strokeWidth=0, **look),
        "unclear": points(rows.get("unclear", []), color=p.muted, **line),
        "frame": spans("rect", rows["frame"], fill=None, stroke=p.line, strokeWidth=1),
        "scale": spans("rule", rows["scale"], color=p.ink, strokeWidth=1.5),
        "town": points(rows["town"], shape="square", size=36, fill=p.ink, stroke=p.background, strokeWidth=1),
        "day": texts(rows["day"], color=p.ink, fontWeight="bold"),
        "text": texts(rows["text"], color=p.ink),
    }
    marks = [layer for name, layer in layers.items() if rows.get(name)]
    named = haloed(rows["name"], 2.5, 0.75)
    high = -(-len(maps) // columns) * block - _GAP
    return layered([*marks, *named], Meaning(), width=width, height=high)


def _furniture(put: Callable[..., None], frame: Any, x: float, y: float, w: Words) -> None:
    """Names of the countries, what the dashes are, and the scale bar, in corners that no fighting reached."""
    low, right = y + frame.height - 12, x + frame.width - 8
    put("border", x + 8, low, shape="M0,0L19,0")
    put("text", x + 31, low, text=w.text("border, approximate"))
    put("text", x + 8, low - 16, text=w.text("UKRAINE"))
    russia, length = w.text("RUSSIA"), 10.0 * (MI_IN_KM if w.units == "sq_mi" else 1)
    right -= fonts.text_width(russia, fonts.SMALL)
    put("text", right, y + 12, text=russia)
    right -= 14 + fonts.text_width(distance(w, length), fonts.SMALL)
    put("text", right, y + 12, text=distance(w, length))
    put("scale", right - 5 - length * frame.scale, y + 12, x2=right - 5, y2=y + 12)


def _dated(each: pd.Timestamp, w: Words) -> str:
    return str(dates.format_skeleton("yMMMd", each, locale=w.locale)).replace(" ", "\N{NO-BREAK SPACE}")


def _said(table: pd.DataFrame, w: Words) -> list[list[tuple[str, str]]]:
    """The lines above each map: its day, and what is held and unclear, with the change since the map before."""
    found, before = [], float("nan")
    for row in table.to_dict("records"):
        held, unclear = row["held_km2"], row["unclear_km2"]
        lines = [("day", _dated(row["date"], w))]
        if pd.notna(held):
            # Of the figures as they are written, so that the reader's sum comes out.
            change = _whole(held, w) - _whole(before, w) if pd.notna(before) else None
            sign = "" if not change else "+" if change > 0 else "\N{MINUS SIGN}"
            since = "" if change is None else f", {sign}{w.number(abs(change))}"
            lines.append(("held", w.text("held: {area}", area=w.area(held)) + since))
        if pd.notna(unclear):
            lines.append(("unclear", w.text("unclear: {area}", area=w.area(unclear))))
        if len(lines) == 1:
            lines.append(("none", w.text("nothing drawn")))
        found.append(lines)
        before = held
    return found


def _whole(km2: float, w: Words) -> int:
    return round(km2 * conversion("km2", w.units))


def _message(table: pd.DataFrame, observer: str, edition: Edition) -> Text:
    """The texts round the maps and their alt text."""
    w, about = words(edition), MAPS[observer]
    held, dated = table["held_km2"], [w.date(each) for each in table["date"]]
    values: dict[str, Any] = {"map": about.name, "last": dated[-1], "first": dated[0]}
    if held.notna().any():
        peak = int(held.fillna(0).to_numpy().argmax())
        values |= {"most": w.area(held[peak]), "number": w.number(_whole(held[peak], w)), "peak": dated[peak]}
    if pd.isna(held.iloc[-1]):
        title = "none"
    else:
        values["held"] = w.area(held.iloc[-1])
        title = "less" if _whole(held.iloc[-1], w) < _whole(held.max(), w) else "most"
    title = w.say(f"control.title_{title}", **values)
    form = "subtitle" if table["unclear_km2"].notna().any() else "subtitle_held"
    subtitle = w.say(f"control.{form}", **values)
    each = "; ".join(
        ": ".join([row[0][1], ", ".join(text for _, text in row[1:])]) for row in _said(table, w)
    )
    parts = [title, subtitle, w.say("control.form"), each]
    if held.notna().any():
        parts.append(w.say("control.extreme", **values))
    terms = w.say("control.terms_at", address=about.terms) if about.terms else w.say("control.terms")
    known = {
        "map": about.full_name,
        "archive": about.repository,
        "terms": terms,
        "day": w.date(edition.as_of),
    }
    sources = w.say("control.source", error=w.percent(1), distance=distance(w, 2), **known)
    drawn_days = [(day, float(km2)) for day, km2 in zip(dated, held, strict=True) if pd.notna(km2)][-5:]
    rows = [{"label": d, "said": w.area(a), "low": 0.0, "high": a, "colour": "map"} for d, a in drawn_days]
    card = Card("", sources, rows) if rows else None
    return Text(title, subtitle, sources, ". ".join(parts) + ".", ours=False, card=card)
