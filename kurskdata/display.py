"""How a chart shows itself in a notebook: interactive in JupyterLab, as SVG elsewhere, in words for those who hear.

JupyterLab draws Vega-Lite itself when the output bears the MIME type that it knows, with nothing fetched;
viewers that know nothing of Vega-Lite show the SVG; ``text/plain`` holds the alt text.
"""

from __future__ import annotations

import contextlib
import os
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


class Text(str):
    """A text that a notebook shows as Markdown."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


class Table:
    """A DataFrame as a notebook and a page show it: no index, days as days, sources and addresses as links.

    A long table scrolls within a box under heads that stay. With an edition, columns have their title, with its
    unit, and values are given in words in the language; without one, columns keep the names that code uses.

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

        shown, pages = self.frame, self._pages()
        kinds = [shown[c].dtype for c in shown.columns]
        numbers = [pd.api.types.is_numeric_dtype(k) and not pd.api.types.is_bool_dtype(k) for k in kinds]
        if self._titled:
            shown = headings.translated(shown, Words(self.language))
        else:
            shown = shown.rename(columns=lambda name: str(name).replace("_", " "))
        rows = [
            [
                pages[name][place] if name in pages else [(plain(cell), "")]
                for name, cell in zip(self.frame.columns, row, strict=True)
            ]
            for place, row in enumerate(shown.itertuples(index=False, name=None))
        ]
        page = templates().get_template("table.html")
        return page.render(heads=list(zip(shown.columns, numbers, strict=True)), rows=rows)

    def _pages(self) -> dict[str, list[list[tuple[str, str]]]]:
        """Text and address of the links in every cell of the columns that hold any."""
        found = {}
        for name in self.frame.columns:
            cells = [cell if isinstance(cell, str) else "" for cell in self.frame[name]]
            if name == "source_ids":
                sources = as_text(load("sources"))
                known = {
                    i: (publisher, url if isinstance(url, str) else "")
                    for i, publisher, url in zip(
                        sources["source_id"], sources["publisher"], sources["url"], strict=True
                    )
                }
                found[name] = [[known.get(i, (i, "")) for i in cell.split(";") if i] for cell in cells]
            elif any(cell.startswith(("https://", "http://")) for cell in cells):
                found[name] = [
                    [(cell, cell if cell.startswith(("https://", "http://")) else "")] for cell in cells
                ]
        return found

    def page(self) -> str:
        """The table as an HTML page of its own."""
        style = "body{font:15px/1.5 sans-serif;margin:1rem}td,th{padding:.3rem .6rem;border-bottom:1px solid #ccc}"
        head = f'<!doctype html><html lang="{self.language}"><meta charset="utf-8"><title>kurskdata</title><style>{style}</style>'
        return head + self._repr_html_() + "</html>"

    def __repr__(self) -> str:
        return self.frame.to_csv(index=False, lineterminator="\n")


def plain(cell: Any) -> str:
    """A cell as text; nothing where nothing is known, and whole numbers without a decimal point."""
    if cell is None or (not isinstance(cell, str) and pd.isna(cell)):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def bundle(spec: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """The MIME bundle of a chart specification."""
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    shown = {**spec, "$schema": _SCHEMA}
    # A build has its charts drawn outside of the reports; it sets a mark that stands for the drawing.
    drawing = os.environ.get("KURSKDATA_SVG")
    with contextlib.suppress(ModuleNotFoundError):  # no renderer: in a browser, JupyterLab draws by itself
        drawing = drawing or render_svg(shown)
    return {
        MIME: shown,
        **({"image/svg+xml": drawing} if drawing else {}),
        "text/plain": meta.get("alt", spec.get("description", "chart")),
    }


def enable() -> None:
    """From here on, charts of this session show themselves as above."""
    require("charts", "charts", "altair")
    alt = load_altair()
    alt.renderers.register("kurskdata", bundle)
    alt.renderers.enable("kurskdata")
    alt.data_transformers.disable_max_rows()
