"""An executed notebook as a page that people read, and the charts inside it.

No code cells, charts as inline SVG, nothing fetched from anywhere.
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from kurskdata.charts.style.theme import palette
from kurskdata.display import MIME
from kurskdata.drawing.svg import told
from kurskdata.editions import Edition
from kurskdata.embed.page import Described, figure
from kurskdata.reports.edition import notebooks, outputs
from kurskdata.templates import templates
from kurskdata.words.headings import own_rows
from kurskdata.words.language import Words, words

Notebook = Any
Spec = dict[str, Any]
Placed = list[tuple[Spec, tuple[str, Described]]]


def charts(notebook: Notebook) -> list[Spec]:
    """The specifications of all charts that a notebook shows, in order, each once.

    Another chart of the same name gets a number: settlements, settlements-2.
    """
    return [
        {
            **spec,
            "usermeta": {**spec["usermeta"], "kurskdata": {**spec["usermeta"]["kurskdata"], "chart": name}},
        }
        for name, spec in _by_name(notebook).items()
    ]


def _by_name(notebook: Notebook) -> dict[str, Spec]:
    """The specifications as the notebook holds them, by the name that each gets."""
    specs: dict[str, Spec] = {}
    for _, _, given in notebooks.shown(notebook):
        for output in given:
            spec = output.get("data", {}).get(MIME)
            if spec and told(spec) and spec not in specs.values():
                first = spec["usermeta"]["kurskdata"]["chart"]
                names = (f"{first}-{number}" if number > 1 else first for number in itertools.count(1))
                specs[next(name for name in names if name not in specs)] = spec
    return specs


def title(notebook: Notebook) -> str:
    """The first heading of a notebook, as it reads after execution."""
    for cell, _, given in notebooks.shown(notebook):
        texts = [output.get("data", {}).get("text/markdown", "") for output in given]
        for text in [cell.source] if cell.cell_type == "markdown" else texts:
            if heading := re.match(r"#\s+(.+)", text):
                return heading[1].strip()
    return "Report"


def page(
    notebook: Notebook,
    edition: Edition,
    *,
    notebook_name: str,
    version: str,
    embeds: Sequence[tuple[str, Described]],
    address: str = "",
) -> str:
    """The page of an executed notebook. ``embeds`` has, for each of its `charts` in their order, the name of its folder
    and what its embed says; ``address`` is where the folder of the edition will be published."""
    w = words(edition)
    notebook = in_words(notebook, w)
    placed = list(zip(_by_name(notebook).values(), embeds, strict=True))
    footer = w.text(
        "Made with kurskdata {version} from data as of {day}. Data: CC BY 4.0; the quoted sources keep their rights.",
        version=version,
        day=w.date(edition.as_of),
    ) + own_rows(w)
    template = templates().get_template("report.html")
    return template.render(
        body=Markup(_body(notebook, edition, placed)),
        title=title(notebook),
        address=address,
        first=embeds[0] if embeds else None,
        language=edition.language,
        theme=edition.theme,
        p=palette(edition.theme),
        version=version,
        footer=footer,
        notebook=quote(notebook_name),
        notebook_text=w.text("The notebook behind this page"),
    )


def in_words(notebook: Notebook, w: Words) -> Notebook:
    """The notebook with its text cells in the language, where the catalogue has them."""
    if w.language == "en":
        return notebook
    translated = copy.deepcopy(notebook)
    for cell in translated.cells:
        if cell.cell_type == "markdown":
            cell.source = w.plain(cell.source)
    return translated


def _body(notebook: Notebook, edition: Edition, placed: Placed) -> str:
    """Text cells and outputs as HTML; inputs and what tags remove stay out, what they hide is folded."""
    parts, fold = [], words(edition).text("Show the output")
    for cell, marks, given in notebooks.shown(notebook):
        shown = [_output(output, f"{cell['id']}-{n}", edition, placed) for n, output in enumerate(given)]
        if cell.cell_type == "markdown":
            shown.append(outputs.markdown(cell.source, cell.get("attachments", {})))
        if marks & {"hide-cell", "hide-output"} and any(shown):
            shown = [f"<details><summary>{fold}</summary>", *shown, "</details>"]
        parts += shown
    return "\n".join(filter(None, parts)).translate(outputs.CONTROLS)


def _output(output: Any, key: str, edition: Edition, placed: Placed) -> str:
    """A chart as its embed shows it, in the theme of the edition; any other output by its kind."""
    data = output.get("data", {})
    embed = next((embed for spec, embed in placed if spec == data.get(MIME)), None)
    if embed is None:
        return outputs.html(output, key, words(edition))
    folder, chart = embed
    here = dataclasses.replace(chart, key=key, address=f"charts/{quote(folder)}/", notebook=None)
    return str(figure(here, inline=True, theme=edition.theme))
