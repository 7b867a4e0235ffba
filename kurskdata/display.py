"""How a chart shows itself in a notebook: interactive in JupyterLab, as SVG elsewhere, in words for those who hear.

JupyterLab draws Vega-Lite itself when the output bears the MIME type that it knows, with nothing fetched;
viewers that know nothing of Vega-Lite show the SVG; ``text/plain`` holds the alt text.
"""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from kurskdata import columns, render
from kurskdata.editions import Edition
from kurskdata.tables import as_text
from kurskdata.wording import Words

MIME = "application/vnd.vegalite.v5+json"
"""The type that JupyterLab 4 and nbformat both accept; the one that Altair 6 writes is refused by nbformat."""

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


class Text(str):
    """A text that a notebook shows as Markdown."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


class Table:
    """A DataFrame as a notebook and a page show it: no index, days as days, addresses as links.

    With an edition of another language than English, columns have their title in that language and values that
    the data package explains are given in words.
    """

    def __init__(self, frame: pd.DataFrame, edition: Edition | None = None) -> None:
        self.frame = as_text(frame)
        self.language = edition.language if edition else "en"

    def _repr_html_(self) -> str:
        shown = self.frame
        if self.language != "en":
            shown = columns.translated(shown, Words(self.language))
        shown = shown.rename(columns=lambda name: str(name).replace("_", " "))
        return shown.to_html(index=False, na_rep="", render_links=True, border=0, justify="left")

    def page(self) -> str:
        """The table as an HTML page of its own."""
        style = "body{font:15px/1.5 sans-serif;margin:1rem}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ccc}"
        head = f'<!doctype html><html lang="{self.language}"><meta charset="utf-8"><title>kurskdata</title><style>{style}</style>'
        return head + self._repr_html_() + "</html>"

    def __repr__(self) -> str:
        return self.frame.to_csv(index=False, lineterminator="\n")


def bundle(spec: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """The MIME bundle of a chart specification."""
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    shown = {**spec, "$schema": _SCHEMA}
    return {
        MIME: shown,
        # A build has its charts drawn outside of the reports; it sets a mark that stands for the drawing.
        "image/svg+xml": os.environ.get("KURSKDATA_SVG") or render.svg(shown),
        "text/plain": meta.get("alt", spec.get("description", "chart")),
    }


def enable() -> None:
    """From here on, charts of this session show themselves as above."""
    import altair as alt

    alt.renderers.register("kurskdata", bundle)
    alt.renderers.enable("kurskdata")
    alt.data_transformers.disable_max_rows()
