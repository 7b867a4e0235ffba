"""How a chart shows itself in a notebook: interactive in JupyterLab, as SVG elsewhere, with its alt text.

JupyterLab draws Vega-Lite itself when the output has the MIME type that it knows, with nothing fetched;
viewers that know nothing of Vega-Lite show the SVG; ``text/plain`` holds the alt text for screen readers.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from typing import Any

import pandas as pd

from kurskdata.drawing.altair_import import load_altair
from kurskdata.drawing.svg import render_svg
from kurskdata.editions import Edition
from kurskdata.errors import require
from kurskdata.tables.reader import as_text, load
from kurskdata.words import headings
from kurskdata.words.language import Words

MIME = "application/vnd.vegalite.v5+json"
"""The type that JupyterLab 4 and nbformat both accept; the one that Altair 6 writes is refused by nbformat."""

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

Link = tuple[str, str]
"""A text and its web address, empty where there is none."""


class Text(str):
    """A text that a notebook shows as Markdown."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


class Table:
    """A DataFrame as a notebook and a page show it: no index, dates without times, sources and addresses as links.

    ``frame`` is any DataFrame; its column ``source_ids``, where it has one, holds ids of the table of sources,
    separated by semicolons. With an ``edition``, columns have their title, with its unit, and values are given in
    words in the edition's language; without one, columns keep the names that code uses. A long table scrolls
    within a box under heads that stay.

    >>> import kurskdata as kd
    >>> claims = kd.area_claims(as_of="2025-03-14")[["date", "claimant", "held_low_km2", "source_ids"]]
    >>> table = kd.display.Table(claims, kd.edition())
    >>> "Held by Ukraine, from (sq km)" in table.page()
    True
    """

    def __init__(self, frame: pd.DataFrame, edition: Edition | None = None) -> None:
        self.frame = as_text(frame)
        self.language = edition.language if edition else "en"
        self._titled = edition is not None

    def _repr_html_(self) -> str:
        from kurskdata.templates import templates

        kinds = self.frame.dtypes
        numbers = [pd.api.types.is_numeric_dtype(k) and not pd.api.types.is_bool_dtype(k) for k in kinds]
        if self._titled:
            texts = headings.translated(self.frame, Words(self.language))
        else:
            texts = self.frame.rename(columns=lambda name: str(name).replace("_", " "))
        columns = [self._links(place, texts.iloc[:, place]) for place in range(len(kinds))]
        page = templates().get_template("table.html")
        heads = list(zip(texts.columns, numbers, strict=True))
        return page.render(heads=heads, rows=list(zip(*columns, strict=True)))

    def _links(self, place: int, texts: Iterable[Any]) -> list[list[Link]]:
        """Texts and addresses in every cell of the column at that place."""
        cells = self.frame.iloc[:, place]
        if self.frame.columns[place] == "source_ids":
            sources = as_text(load("sources"))[["source_id", "publisher", "url"]].itertuples(index=False)
            known = {i: (publisher, url if is_web_address(url) else "") for i, publisher, url in sources}
            return [[known.get(i, (i, "")) for i in plain(cell).split(";") if i] for cell in cells]
        addresses = [cell if is_web_address(cell) else "" for cell in cells]
        return [[(plain(text), address)] for text, address in zip(texts, addresses, strict=True)]

    def page(self) -> str:
        """The table as an HTML page of its own."""
        style = "body{font:15px/1.5 sans-serif;margin:1rem}td,th{padding:.3rem .6rem;border-bottom:1px solid #ccc}"
        head = f'<!doctype html><html lang="{self.language}"><meta charset="utf-8"><title>kurskdata</title><style>{style}</style>'
        return head + self._repr_html_() + "</html>"

    def __repr__(self) -> str:
        return self.frame.to_csv(index=False, lineterminator="\n")


def plain(cell: Any) -> str:
    """A cell as text; empty for a missing value, and whole numbers without a decimal point."""
    if cell is None or (not isinstance(cell, str) and pd.isna(cell)):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def is_web_address(cell: Any) -> bool:
    """Whether a cell may become a link: a javascript: address must not."""
    return isinstance(cell, str) and cell.startswith(("https://", "http://"))


def bundle(spec: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """The MIME bundle of a chart specification: Vega-Lite for JupyterLab, its SVG, its alt text."""
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    lab = {**spec, "$schema": _SCHEMA}
    # A build has its charts drawn outside of the reports; it sets a mark that stands for the drawing.
    drawing = os.environ.get("KURSKDATA_SVG")
    with contextlib.suppress(ModuleNotFoundError):  # no renderer: in a browser, JupyterLab draws by itself
        drawing = drawing or render_svg(lab)
    return {
        MIME: lab,
        **({"image/svg+xml": drawing} if drawing else {}),
        "text/plain": meta.get("alt", spec.get("description", "chart")),
    }


def enable() -> None:
    """Makes all Altair charts of this Python session show themselves as `bundle` gives them.

    Also lifts Altair's limit of 5,000 rows. Call it once, at the top of a notebook. Raises MissingExtraError
    without the extra ``charts``.
    """
    require("charts", "charts", "altair")
    alt = load_altair()
    alt.renderers.register("kurskdata", bundle)
    alt.renderers.enable("kurskdata")
    alt.data_transformers.disable_max_rows()
