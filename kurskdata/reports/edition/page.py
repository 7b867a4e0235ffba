"""An executed notebook as a page that people read, and the charts inside it.

No code cells, charts as inline SVG, nothing fetched from anywhere.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from kurskdata.display import MIME
from kurskdata.editions import Edition
from kurskdata.templates import templates
from kurskdata.words.language import Words, words

if TYPE_CHECKING:
    from kurskdata.embed.page import Described

Notebook = Any
Spec = dict[str, Any]
Placed = list[tuple[Spec, tuple[str, "Described"]]]


def charts(notebook: Notebook) -> list[Spec]:
    """The specifications of all charts that a notebook shows, in order, each once.

    Another chart of the same name gets a number: settlements, settlements-2.
    """
    return [_named(spec, name) for name, spec in _shown(notebook).items()]


def _shown(notebook: Notebook) -> dict[str, Spec]:
    """The specifications as the notebook holds them, by the name that each gets."""
    found: dict[str, Spec] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            spec = output.get("data", {}).get(MIME)
            if spec and "kurskdata" in spec.get("usermeta", {}) and spec not in found.values():
                name = first = spec["usermeta"]["kurskdata"]["chart"]
                number = 1
                while name in found:
                    number += 1
                    name = f"{first}-{number}"
                found[name] = spec
    return found


def _named(spec: Spec, name: str) -> Spec:
    about = spec["usermeta"]["kurskdata"]
    return spec if about["chart"] == name else {**spec, "usermeta": {"kurskdata": {**about, "chart": name}}}


def title(notebook: Notebook) -> str:
    """The first heading of a notebook, as it reads after execution."""
    for cell in notebook.cells:
        texts = [cell.source] if cell.cell_type == "markdown" else _markdown(cell)
        for text in texts:
            heading = re.match(r"#\s+(.+)", text)
            if heading:
                return heading[1].strip()
    return "Report"


def _markdown(cell: Any) -> list[str]:
    return [o.data["text/markdown"] for o in cell.get("outputs", []) if "text/markdown" in o.get("data", {})]


def tidy(notebook: Notebook) -> Notebook:
    """Takes out what differs from run to run: times, durations and the folders of this machine."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
            cell.source = re.sub(r"\A# Parameters\n", "# Parameters of this edition\n", cell.source)
        elif not cell.get("id"):
            cell["id"] = f"cell-{number}"
    return notebook


def page(
    notebook: Notebook,
    edition: Edition,
    *,
    notebook_name: str,
    version: str,
    shown: Sequence[tuple[str, Described]],
) -> str:
    """The page of an executed notebook. ``shown`` has the folder of each of its charts and what its embed says, in
    their order."""
    from markupsafe import Markup

    from kurskdata.charts.style.theme import palette

    w = words(edition)
    notebook = in_words(notebook, w)
    placed = list(zip(_shown(notebook).values(), shown, strict=True))
    footer = w.text(
        "Made with kurskdata {version} from data as of {day}. Data: CC BY 4.0; the quoted sources keep their rights.",
        version=version,
        day=w.date(edition.as_of),
    )
    return (
        templates()
        .get_template("report.html")
        .render(
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
    )


def in_words(notebook: Notebook, w: Words) -> Notebook:
    """The notebook with its text cells in the language, where the catalogue has them."""
    if w.language == "en":
        return notebook
    told = copy.deepcopy(notebook)
    for cell in told.cells:
        if cell.cell_type == "markdown":
            cell.source = w.plain(cell.source)
    return told


def _body(notebook: Notebook, edition: Edition, placed: Placed) -> str:
    """Text cells and outputs as HTML; inputs, streams of warnings and parameters stay out."""
    shown = []
    for cell in notebook.cells:
        if "hide" in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            shown.append(_html(cell.source))
        for number, output in enumerate(cell.get("outputs", [])):
            shown.append(_output(output, f"{cell['id']}-{number}", edition, placed))
    return "\n".join(part for part in shown if part)


def _html(markdown: str) -> str:
    return str(_markdown_html()(markdown))


@functools.cache
def _markdown_html() -> Any:
    import mistune

    return mistune.create_markdown(escape=False, plugins=["strikethrough", "table", "url"])


def _output(output: Any, key: str, edition: Edition, placed: Placed) -> str:
    from markupsafe import escape

    data = output.get("data", {})
    if "image/svg+xml" in data:
        return _figure(data, key, edition, placed)
    if "text/html" in data:
        return f'<div class="scroll">{data["text/html"]}</div>'
    if "text/markdown" in data:
        return _html(data["text/markdown"])
    text = data.get("text/plain") or output.get("text", "")
    return f"<pre>{escape(text)}</pre>" if text else ""


def _figure(data: Any, key: str, edition: Edition, placed: Placed) -> str:
    """A chart as its embed shows it, in the theme of the edition; a chart that is not ours as its SVG."""
    from kurskdata.embed import page as embeds

    found = next((known for spec, known in placed if spec == data.get(MIME)), None)
    if found is None:
        return f"<figure>{own_ids(data['image/svg+xml'], key)}</figure>"
    folder, chart = found
    here = dataclasses.replace(chart, key=key, address=f"charts/{folder}/", notebook=None)
    return str(embeds.figure(here, inline=True, theme=edition.theme))


def own_ids(svg: str, key: str) -> str:
    """An SVG whose ids no other SVG on the page uses."""
    for name in set(re.findall(r'\bid="([^"]+)"', svg)):
        svg = re.sub(rf'(\bid="|url\(#|href="#){re.escape(name)}(["\)])', rf"\g<1>{key}-{name}\g<2>", svg)
    return svg


def read(path: Path) -> Notebook:
    """A notebook file."""
    return nbformat.read(path, as_version=4)
