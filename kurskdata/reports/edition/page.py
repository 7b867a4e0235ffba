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

import mistune
from markupsafe import Markup, escape

from kurskdata.charts.style.theme import palette
from kurskdata.display import MIME
from kurskdata.drawing.svg import told
from kurskdata.editions import Edition
from kurskdata.embed.page import Described, figure
from kurskdata.templates import templates
from kurskdata.words.language import Words, words

Notebook = Any
Spec = dict[str, Any]
Placed = list[tuple[Spec, tuple[str, Described]]]

_html: Any = mistune.create_markdown(escape=False, plugins=["strikethrough", "table", "url"])
"""Markdown as HTML."""


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
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            spec = output.get("data", {}).get(MIME)
            if spec and told(spec) and spec not in specs.values():
                first = spec["usermeta"]["kurskdata"]["chart"]
                names = (f"{first}-{number}" if number > 1 else first for number in itertools.count(1))
                specs[next(name for name in names if name not in specs)] = spec
    return specs


def title(notebook: Notebook) -> str:
    """The first heading of a notebook, as it reads after execution."""
    for cell in notebook.cells:
        outputs = [output.get("data", {}).get("text/markdown", "") for output in cell.get("outputs", [])]
        for text in [cell.source] if cell.cell_type == "markdown" else outputs:
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
) -> str:
    """The page of an executed notebook. ``embeds`` has, for each of its `charts` in their order, the name of its folder
    and what its embed says."""
    w = words(edition)
    notebook = in_words(notebook, w)
    placed = list(zip(_by_name(notebook).values(), embeds, strict=True))
    footer = w.text(
        "Made with kurskdata {version} from data as of {day}. Data: CC BY 4.0; the quoted sources keep their rights.",
        version=version,
        day=w.date(edition.as_of),
    )
    template = templates().get_template("report.html")
    return template.render(
        body=Markup(_body(notebook, edition, placed)),
        title=title(notebook),
        language=edition.language,
        theme=edition.theme,
        p=palette(edition.theme),
        version=version,
        footer=footer,
        notebook=notebook_name,
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
    """Text cells and outputs as HTML; inputs, streams of warnings and parameters stay out."""
    parts = []
    for cell in notebook.cells:
        if "hide" in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            parts.append(_html(cell.source))
        for number, output in enumerate(cell.get("outputs", [])):
            parts.append(_output(output, f"{cell['id']}-{number}", edition, placed))
    return "\n".join(filter(None, parts))


def _output(output: Any, key: str, edition: Edition, placed: Placed) -> str:
    data = output.get("data", {})
    if "image/svg+xml" in data:
        return _figure(data, key, edition, placed)
    if "text/html" in data:
        return f'<div class="scroll">{data["text/html"]}</div>'
    if "text/markdown" in data:
        return str(_html(data["text/markdown"]))
    text = data.get("text/plain") or output.get("text", "")
    return f"<pre>{escape(text)}</pre>" if text else ""


def _figure(data: Any, key: str, edition: Edition, placed: Placed) -> str:
    """A chart as its embed shows it, in the theme of the edition; a chart that is not ours as its SVG."""
    embed = next((embed for spec, embed in placed if spec == data.get(MIME)), None)
    if embed is None:
        return f"<figure>{_with_own_ids(data['image/svg+xml'], key)}</figure>"
    folder, chart = embed
    here = dataclasses.replace(chart, key=key, address=f"charts/{folder}/", notebook=None)
    return str(figure(here, inline=True, theme=edition.theme))


def _with_own_ids(svg: str, key: str) -> str:
    """An SVG whose ids no other SVG on the page uses."""
    for name in set(re.findall(r'\bid="([^"]+)"', svg)):
        svg = re.sub(rf'(\bid="|url\(#|href="#){re.escape(name)}(["\)])', rf"\g<1>{key}-{name}\g<2>", svg)
    return svg
