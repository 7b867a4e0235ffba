"""What every chart shares: title and subtitle above, source line below, the plotted rows and the alt text inside.

The rows that a chart plots are its dataset ``rows``; whatever else it needs to draw stands in datasets of
its own. ``usermeta.kurskdata`` holds the name of the chart and its alt text, so that an exporter needs
nothing but the specification.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import altair as alt
import pandas as pd
from altair.utils import schemapi, update_nested

from kurskdata.charts.style import notes, theme
from kurskdata.charts.style.marks import Layer, Rows, texts
from kurskdata.charts.style.on_scales import Meaning, on_scales
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.tables.descriptor import field
from kurskdata.tables.reader import as_text
from kurskdata.words.headings import own_rows
from kurskdata.words.language import Words, words

NARROW = 480
"""Charts narrower than this, in pixels, use their layout for phones."""

WIDTH = 612
PHONE = 300
"""Widths in pixels of the two drawings of every chart: with margins they fill pages of 640 and 320 pixels, so that
the smallest text is drawn there at its full size."""


@dataclasses.dataclass(frozen=True)
class Card:
    """What the card for social networks shows: at most five ``rows``, one below the other, of one ``unit``.

    A row has a ``label``, its figure in words, ``said``, the ends of its bar, ``low`` and ``high`` (none for a row of
    words alone), a ``colour`` of the palette, and ``hollow`` where it is a claim beside what was measured.
    ``lead`` says what is shown, ``sources`` who made it known; an empty ``headline`` is the title.
    """

    lead: str
    sources: str
    rows: Rows
    headline: str = ""
    unit: str = ""


@dataclasses.dataclass(frozen=True)
class Text:
    """The texts around a chart: its message, what is drawn, who said or measured it, and the same in words."""

    title: str
    subtitle: str
    sources: str
    alt: str
    ours: bool = True
    """Whether the rows are this package's data, which the line of sources then names."""
    card: Card | None = None
    """The drawing for social networks; without one the card has title, subtitle and sources."""


def _plain_rows(frame: pd.DataFrame) -> Rows:
    """A DataFrame as rows of plain JSON values: days as text, missing values and open bounds left out."""
    rows = as_text(frame).to_dict("records")
    return [{str(k): v for k, v in row.items() if not pd.isna(v) and v != math.inf} for row in rows]


class Plain(alt.SchemaBase):
    """A finished part of a specification, which Altair carries along as it is.

    Every method of an Altair chart copies all that it holds, and writing it out converts and checks all of it
    again: a second for a chart of many layers. Nobody changes the value any more.
    """

    _schema: ClassVar[dict[str, Any]] = {}
    data = params = alt.Undefined

    def __init__(self, value: Any, **aside: Any) -> None:
        super().__init__(value)
        object.__setattr__(self, "aside", aside)

    def __deepcopy__(self, _: Any) -> Plain:
        return self

    def to_dict(self, *_: Any, **__: Any) -> Any:
        return self._args[0]


def _of_the_plot(method: str) -> Any:
    """A method of Altair's charts that a finished chart leaves to its drawing, also where the other chart is one too."""

    def made(self: Chart, *others: Any, **options: Any) -> Any:
        plots = [other.plot if isinstance(other, Chart) else other for other in others]
        return getattr(self.plot, method)(*plots, **options)

    return made


class Chart(alt.VConcatChart):
    """A finished chart: an Altair chart like any other, whose plot is plain Vega-Lite."""

    def to_dict(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        """The specification, with its rows inside and its own look, whatever transformer and theme Altair has; as a
        part of another chart, that of its plot, because parts have no configuration."""
        if not (options.get("context") or {}).get("top_level", True):
            plot: dict[str, Any] = self.plot.to_dict(*arguments, **options)
            return plot
        whole = self.copy(deep=False)
        given = {} if self.config is alt.Undefined else self.config.to_dict()
        whole.config = Plain(update_nested(self.vconcat[0].aside["config"], given, copy=True))
        with alt.data_transformers.enable("default"), alt.theme.enable("default"):
            specification: dict[str, Any] = super(Chart, whole).to_dict(*arguments, **options)
        return specification

    @property
    def plot(self) -> alt.LayerChart:
        """The drawing alone, without title and subtitle, on the scales of its data: a chart of Altair's to layer with
        others (``+``), to put beside others (``|``, ``&``), to resize and to make interactive."""
        inner, config = self.vconcat[0], self.to_dict(validate=False)["config"]
        plot = on_scales(inner.to_dict(), self.datasets.to_dict(), inner.aside["meaning"], config)
        plot.description = self.description
        return plot

    __add__, __or__, __and__, interactive, add_params = map(
        _of_the_plot, ("__add__", "__or__", "__and__", "interactive", "add_params")
    )

    def properties(self, **given: Any) -> Any:
        sized = {"width", "height"} & set(given)
        return self.plot.properties(**given) if sized else super().properties(**given)

    def _get(self, attr: str, default: Any = alt.Undefined) -> Any:
        # Altair asks for it before it makes a layer of anything.
        if attr == "encoding":
            raise InputError(
                "a finished chart cannot be a layer of another one; take its drawing: chart.plot"
            )
        return super()._get(attr, default)  # type: ignore[no-untyped-call]

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> Any:
        # The schema is checked where a specification is asked for, not again at every display.
        renderer = alt.renderers.get()
        return renderer(self.to_dict(validate=False)) if renderer else None


@dataclasses.dataclass(frozen=True)
class Plot:
    """Layers as Vega-Lite, the rows that they draw, by name (equal rows stand there once), and what pixels mean."""

    spec: dict[str, Any]
    datasets: dict[str, Rows]
    meaning: Meaning


def layered(layers: Sequence[Layer], meaning: Meaning | None = None, **properties: Any) -> Plot:
    """The layers one upon the other, the first at the bottom, with the properties of the whole."""
    datasets: dict[str, Rows] = {}
    # A name of a layer may come again, in Vega it may not.
    called = [
        {**each, "name": f"{each['name']}_{n}"} if "name" in each else each for n, each in enumerate(layers)
    ]
    named = [_named(layer, datasets) for layer in called]
    return Plot({"layer": named, **properties}, datasets, meaning or Meaning())


def _named(layer: Layer, datasets: dict[str, Rows]) -> Layer:
    """The layer with a name in the place of its rows, which both drawings of a chart can hold: Altair's names."""
    rows = layer["data"]["values"]
    name = "data-" + hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:32]
    datasets[name] = rows
    return {**layer, "data": {"name": name}}


def _framed(
    plot: Plot, name: str, edition: Edition, text: Text, columns: list[str], rows: Rows, width: float
) -> alt.VConcatChart:
    """The finished chart around a plot of that width."""
    w, narrow = words(edition), width < NARROW
    whose, own = ("ours", own_rows(w)) if text.ours else ("others", "")
    source = w.say(f"source.{whose}", sources=text.sources, day=w.date(edition.as_of)) + own
    title_size = fonts.TITLE - 3 if narrow else fonts.TITLE
    subtitle_size = fonts.SUBTITLE - 1 if narrow else fonts.SUBTITLE
    above: dict[str, Any] = {
        "text": fonts.wrap(text.title, width, title_size, bold=True),
        "fontSize": title_size,
        "subtitle": fonts.wrap(text.subtitle, width, subtitle_size),
        "subtitleFontSize": subtitle_size,
    }
    below: dict[str, Any] = {
        "text": fonts.wrap(source, width, fonts.SMALL),
        "color": theme.palette(edition.theme).muted,
        "fontSize": fonts.SMALL,
        "fontWeight": "normal",
        "frame": "bounds",
        "offset": 12,
        "orient": "bottom",
    }
    given = {key: value for key, value in edition.parameters().items() if key not in ("start", "end")}
    texts = {"title": text.title, "alt": text.alt, "source": source, "ours": text.ours}
    sides = {getattr(theme.palette(edition.theme), side): side for side in (*theme.SHAPES, "map")}
    named = {"chart": name, "edition": edition.name, "columns": columns, "sides": sides}
    meta: dict[str, Any] = {**named, **given, **texts}
    if text.card:
        said = {"sources": w.say("source.others", sources=text.card.sources)}
        meta["card"] = {**dataclasses.asdict(text.card), "headline": text.card.headline or text.title, **said}
    return Chart(
        vconcat=[
            Plain({**plot.spec, "title": below}, meaning=plot.meaning, config=theme.config(edition.theme, w))
        ],
        title=alt.TitleParams(**above),
        datasets=Plain({"rows": rows, **plot.datasets}),
        description=text.alt,
        usermeta=Plain({"kurskdata": meta}),
    )


def drawn(
    name: str,
    edition: Edition,
    text: Text,
    plotted: pd.DataFrame,
    plot: Callable[[float], Plot],
    width: float | None,
    annotations: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """The chart around what ``plot`` makes for a width; without a width, the wide drawing that carries the drawing
    for phones with it.

    ``plotted`` has the rows that the chart shows, which become its dataset ``rows``.
    ``usermeta.kurskdata.narrow`` is a whole specification but for the datasets that both drawings share.
    ``annotations`` are notes of an editor, as `notes.checked` takes them; they follow the other rows.
    """
    columns, rows = [str(column) for column in plotted.columns], _plain_rows(plotted)
    noted: Rows = []
    if annotations is not None and len(annotations):
        for made in map(plot, (WIDTH, PHONE) if width is None else (width,)):
            noted = notes.checked(annotations, made.spec, made.meaning)
        text = dataclasses.replace(text, alt=f"{text.alt} {notes.told(noted, words(edition))}")
        columns += [
            c for c in ("kind", "note", "note_value") if c not in columns and any(c in n for n in noted)
        ]

    def drawing(wide: float) -> alt.VConcatChart:
        made = plot(wide)
        if noted:
            made = plot(wide - notes.gutter(made.meaning))
            datasets = {**made.datasets, "rows": rows}
            more = notes.layers(noted, made.spec, datasets, made.meaning, edition, wide)
            both = layered(more, made.meaning)
            # Below the texts of the plot, which rules down from the numbers may pass.
            under = made.spec["layer"]
            first = [each["mark"]["type"] for each in under].index("text")
            spec = {**made.spec, "layer": [*under[:first], *both.spec["layer"], *under[first:]]}
            made = Plot(spec, {**made.datasets, **both.datasets}, made.meaning)
        return _framed(made, name, edition, text, columns, [*rows, *noted], wide)

    # Altair checks every part against the schema as it is made; the whole is checked when it is written out.
    with schemapi.debug_mode(False):
        if width is not None:
            return drawing(width)
        wide, narrow = drawing(WIDTH), drawing(PHONE).to_dict(validate=False)
    shared = wide.datasets.to_dict()
    narrow["datasets"] = {name: rows for name, rows in narrow["datasets"].items() if name not in shared}
    meta = wide.usermeta.to_dict()["kurskdata"]
    carried = {k: v for k, v in narrow.items() if k != "usermeta"}
    wide.usermeta = Plain({"kurskdata": {**meta, "narrow": carried}})
    return wide


def fitting(wordings: Sequence[str]) -> str:
    """The first wording of a title that has at most 15 words and two lines on a page of 360 pixels; else the last."""
    two = [one for one in wordings if len(fonts.wrap(one, 340, fonts.TITLE, bold=True)) <= 2]
    return next((one for one in two if len(one.split()) <= 15), wordings[-1])


def message_only(
    name: str, edition: Edition, text: Text, told: str, rows: pd.DataFrame, width: float | None
) -> alt.VConcatChart:
    """A frame with a text in the place of a drawing, for a day on which there is nothing to draw; it joins the alt text."""
    colour = theme.palette(edition.theme).muted

    def plot(wide: float) -> Plot:
        lines = fonts.wrap(told, wide, fonts.SMALL)
        note = texts([{"text": "\n".join(lines)}], x=0, y=6, lineBreak="\n", baseline="top", color=colour)
        return layered([note], width=wide, height=14 + 16 * len(lines))

    text = dataclasses.replace(text, alt=f"{text.title}. {text.subtitle}. {told}")
    return drawn(name, edition, text, rows.iloc[:0], plot, width)


def is_person(claimant: str) -> bool:
    """Whether a claimant of the table ``area`` is a person, whom labels call by the surname, not a body."""
    return claimant in field("area", "claimant")["persons"]


def surname(w: Words, claimant: str) -> str:
    """Short form of a person's name for labels; names of bodies stay whole."""
    named = w.plain(claimant)
    return named.rsplit(" ", maxsplit=1)[-1] if is_person(claimant) else named
