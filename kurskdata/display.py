"""How a chart shows itself in a notebook: interactive in JupyterLab, as SVG elsewhere, with its alt text.

JupyterLab draws Vega-Lite itself when the output has the MIME type that it knows, with nothing fetched;
viewers that know nothing of Vega-Lite show the SVG; ``text/plain`` holds the alt text for screen readers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from kurskdata.drawing.altair_import import load_altair
from kurskdata.drawing.svg import attempted, told
from kurskdata.editions import Edition
from kurskdata.errors import require
from kurskdata.tables.descriptor import documented
from kurskdata.tables.export import archived, is_web_address
from kurskdata.tables.reader import as_text, by_id
from kurskdata.words import headings
from kurskdata.words.headings import plain
from kurskdata.words.language import Words

MIME = "application/vnd.vegalite.v5+json"
"""The type that JupyterLab 4 and nbformat both accept; the one that Altair 6 writes is refused by nbformat."""

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

_VEGA = "application/vnd.vega.v5+json"
_TABLES = "vegafusion+dataset://"
"""Where Altair puts the rows of charts under its data transformer "vegafusion"."""

_ONLINE = ("default", "html", "colab", "kaggle", "zeppelin", "jupyter", "browser", "olli")

Link = tuple[str, str, str]
"""A text, its web address and that of an archived copy, empty where there are none."""


class Text(str):
    """A text that a notebook shows as Markdown."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


@documented
class Table:
    """A DataFrame as a notebook and a page show it: no index, dates without times, sources and addresses as links.

    ``frame`` is any DataFrame; its column ``source_ids``, where it has one, holds ids of the table of sources,
    separated by semicolons; a cell with one says that the row rests on one page. With an ``edition``, columns have their title, with its unit, and values are given in
    words in the edition's language, figures with their units in one column, and ids give way to what they name; without
    one, columns keep the names that code uses. A long table scrolls
    within a box under heads that stay.
    """

    def __init__(self, frame: pd.DataFrame, edition: Edition | None = None) -> None:
        self.frame = as_text(frame)
        self.language = edition.language if edition else "en"
        self._titled = edition is not None

    def _repr_html_(self) -> str:
        from kurskdata.templates import filled

        w, titled = Words(self.language), self._titled and self.frame.columns.is_unique
        rows = self.frame.rename(columns=str).to_dict("records") if titled else []
        joined = headings.joined(self.frame.columns) if titled else {}
        heads, columns = list[tuple[str, bool]](), list[list[list[Link]]]()
        for place, (column, kind) in enumerate(self.frame.dtypes.items()):
            name, texts = str(column), self.frame.iloc[:, place]
            if titled and name not in joined:
                continue
            others = joined.get(name, ())
            head = headings.title(name, w, bool(others)) if titled else name.replace("_", " ")
            number = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
            heads.append((head, number))
            said = [headings.cell(name, row, others, w) for row in rows] if titled else texts
            columns.append(self._links(place, said))
        copies = any(copy for column in columns for cell in column for _, _, copy in cell)
        cells = list(zip(*columns, strict=True))
        return filled("table.html", heads=heads, rows=cells, copies=copies, t=w.text)

    def _links(self, place: int, texts: Iterable[Any]) -> list[list[Link]]:
        """Texts and addresses in every cell of the column at that place."""
        cells = self.frame.iloc[:, place]
        if self.frame.columns[place] == "source_ids":
            sources = by_id("sources")
            links = {i: (s["url"], archived(s)) for i, s in sources.items() if is_web_address(s["url"])}
            known = {i: (s["publisher"], *links.get(i, ("", ""))) for i, s in sources.items()}
            alone = (Words(self.language).text("rests on one page"), "", "")
            few = {i: [alone] for i, page in sources.items() if page["kind"] != "map_archive"}  # of many days
            found = [[i for i in plain(cell).split(";") if i] for cell in cells]
            return [[known.get(i, (i, "", "")) for i in ids] + few.get(";".join(ids), []) for ids in found]
        addresses = [cell if is_web_address(cell) else "" for cell in cells]
        return [[(plain(text), address, "")] for text, address in zip(texts, addresses, strict=True)]

    def __repr__(self) -> str:
        return self.frame.to_csv(index=False, lineterminator="\n")


def bundle(spec: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """The MIME bundle of anybody's chart specification: Vega-Lite for JupyterLab, its SVG, its alt text.

    A chart that cannot be drawn here, such as one whose rows lie at an address, has no SVG; the text says why. One
    whose rows VegaFusion holds becomes Vega, as VegaFusion makes it.
    """
    meta = told(spec)
    # A build has its charts drawn outside of the reports; it sets a mark that stands for the drawing.
    later = os.environ.get("KURSKDATA_SVG")
    mime, lab = MIME, {**spec, "$schema": _SCHEMA}
    if not meta and load_altair().data_transformers.active == "vegafusion":
        mime, lab = _from_tables(lab)
    whole = lab if meta else _with_files(lab)
    drawing, reason = (later, "") if later else attempted(whole)
    text = meta.get("alt") or " ".join(_described(spec)) or "chart"
    return {
        mime: whole if later else lab,
        **({"image/svg+xml": drawing} if drawing else {}),
        "text/plain": f"{text} (no drawing: {reason})" if reason and not meta else text,
    }


def _described(spec: dict[str, Any]) -> list[str]:
    """The description of a chart or, where it has none, those of the charts that it puts beside each other."""
    parts = [part for name in ("hconcat", "vconcat", "concat") for part in spec.get(name, [])]
    own = spec.get("description")
    return [str(own)] if own else [text for part in parts for text in _described(part)]


def _from_tables(spec: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The MIME type and specification of a chart whose rows Altair keeps for VegaFusion; where that is not installed,
    with the rows inside."""
    from altair.utils._vegafusion_data import extracted_inline_tables
    from altair.utils.data import to_values
    from altair.utils.mimebundle import spec_to_mimebundle

    if find_spec("vegafusion"):
        made = spec_to_mimebundle(spec, "vega", mode="vega-lite")["application/vnd.vega.v6+json"]
        return _VEGA, {**made, "$schema": _SCHEMA.replace("vega-lite", "vega")}

    def rows(data: dict[str, Any]) -> dict[str, Any]:
        return dict(to_values(extracted_inline_tables.pop(data["url"].removeprefix(_TABLES))))

    return MIME, _replaced(spec, lambda url: url.startswith(_TABLES), rows)


def _with_files(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification with the rows of local files inside, which Altair's transformers ``json`` and ``csv`` write."""

    def rows(data: dict[str, Any]) -> dict[str, Any]:
        path = Path(data.pop("url"))
        kind = {"type": path.suffix[1:], **(data.get("format") or {})}
        return {**data, "values": path.read_text("utf-8"), "format": kind}

    return dict(_replaced(spec, lambda url: "://" not in url and Path(url).is_file(), rows))


def _replaced(
    node: Any, chosen: Callable[[str], bool], rows: Callable[[dict[str, Any]], dict[str, Any]]
) -> Any:
    """A specification in which ``rows`` makes the data whose address is ``chosen``."""
    if isinstance(node, list):
        return [_replaced(part, chosen, rows) for part in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("url"), str) and chosen(node["url"]):
        return rows(dict(node))
    kept = ("datasets", "values")
    return {name: p if name in kept else _replaced(p, chosen, rows) for name, p in node.items()}


def enable() -> None:
    """Makes the Altair charts of this Python session show themselves as `bundle` gives them.

    A renderer that you enable afterwards holds for what follows, but Altair's renderers that emit Vega-Lite give
    `bundle` too: notebooks refuse what Altair writes. So do those that need a network, where a build makes a report.
    Call it once, at the top of a notebook. Raises MissingExtraError without the extra ``charts``.
    """
    require("charts", "charts", "altair")
    alt = load_altair()
    online = _ONLINE if os.environ.get("KURSKDATA_SVG") else ()
    for name in ("kurskdata", "mimetype", "jupyterlab", "nteract", *online):
        alt.renderers.register(name, bundle)
    alt.renderers.enable("kurskdata")
