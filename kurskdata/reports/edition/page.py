"""An executed notebook as a page that people read, and the charts inside it.

No code cells, charts as inline SVG, each other kind of output as HTML; nothing runs or is fetched from anywhere.
"""

from __future__ import annotations

import copy
import functools
import html
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import mistune
from markupsafe import Markup, escape

from kurskdata.charts.style.theme import palette
from kurskdata.display import MIME
from kurskdata.drawing.svg import told
from kurskdata.editions import Edition
from kurskdata.embed.page import Described, figure
from kurskdata.reports.edition import notebooks
from kurskdata.templates import filled
from kurskdata.words.headings import own_rows
from kurskdata.words.language import Words, words

Notebook = Any
Spec = dict[str, Any]
Placed = list[tuple[Spec, tuple[str, Described]]]

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif")

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
CONTROLS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160), *range(0xD800, 0xE000)])
_markdown: Any = mistune.create_markdown(escape=False, plugins=["strikethrough", "table", "url"])


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
    name: str,
    version: str,
    embeds: Sequence[tuple[str, Described]],
    address: str,
) -> str:
    """The page of an executed notebook of that name. ``embeds`` has, for each of its `charts` in their order, the name of
    its folder and what its embed says; ``address`` is where the folder of the edition will be published."""
    w = words(edition)
    notebook = in_words(notebook, w)
    placed = list(zip(_by_name(notebook).values(), embeds, strict=True))
    return filled(
        "report.html",
        body=Markup(_body(notebook, edition, placed)),
        title=title(notebook),
        address=address,
        first=embeds[0] if embeds else None,
        edition=edition,
        p=palette(edition.theme),
        version=version,
        w=w,
        t=w.text,
        own_rows=own_rows(w),
        notebook=quote(name),
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
            shown.append(markdown(cell.source, cell.get("attachments", {})))
        if marks & {"hide-cell", "hide-output"} and any(shown):
            shown = [f"<details><summary>{fold}</summary>", *shown, "</details>"]
        parts += shown
    return "\n".join(filter(None, parts)).translate(CONTROLS)


def _output(output: Any, key: str, edition: Edition, placed: Placed) -> str:
    """A chart as its embed shows it, in the theme of the edition; any other output by its kind."""
    data = output.get("data", {})
    embed = next((embed for spec, embed in placed if spec == data.get(MIME)), None)
    if embed is None:
        return output_html(output, key, words(edition))
    folder, chart = embed
    here = chart.altered(key=key, address=f"charts/{quote(folder)}/", notebook=None)
    return str(figure(here, inline=True, theme=edition.theme))


@functools.cache
def _cleaner() -> Any:
    """What keeps the look of HTML (with the tags and attributes of ``markup.json``) and drops what runs or loads."""
    import nh3

    kept = json.loads((Path(__file__).parent / "markup.json").read_bytes())
    return nh3.Cleaner(
        tags=nh3.ALLOWED_TAGS | set(kept["tags"]),
        attributes={**nh3.ALLOWED_ATTRIBUTES, "*": set(kept["attributes"])},
        clean_content_tags=set(kept["dropped"]),
        generic_attribute_prefixes={"aria-", "data-"},
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener",
    )


def output_html(output: Any, key: str, w: Words) -> str:
    """An output as HTML, empty where a page leaves it out; ``key`` is one that no other output of the page has."""
    if output.output_type == "stream":
        return _text(output.text) if output.name == "stdout" else ""
    if output.output_type == "error":
        return _text(f"{output.ename}: {output.evalue}")
    data = output.data
    if "application/vnd.jupyter.widget-view+json" in data or "application/javascript" in data:
        return ""
    if "image/svg+xml" in data:
        return f"<figure>{_with_own_ids(data['image/svg+xml'], key)}</figure>"
    markup = data.get("text/html", "")
    is_program = re.search(r"<(?:script|iframe|object|embed)\b", markup, re.I) and "<table" not in markup
    if markup and not is_program:
        return f'<div class="scroll">{_cleaner().clean(markup)}</div>'
    for kind in _PICTURES:
        if kind in data:
            return _picture(kind, data, output.get("metadata", {}).get(kind, {}), w)
    if is_program:
        return markdown(w.text("This output is interactive: see the notebook behind this page."))
    if "text/markdown" in data:
        return markdown(data["text/markdown"])
    if "application/json" in data:
        return _text(json.dumps(data["application/json"], ensure_ascii=False, indent=1))
    return _text(data.get("text/latex") or data.get("text/plain", ""))


def markdown(text: str, attachments: Mapping[str, Mapping[str, str]] = {}) -> str:
    """A text in Markdown as HTML; ``attachments`` are the pictures pasted into its cell, by name and kind."""

    def pasted(found: re.Match[str]) -> str:
        picture = attachments.get(unquote(html.unescape(found[2])), {})
        return next((f'src="data:{kind};base64,{content}"' for kind, content in picture.items()), "")

    # mistune lets no address pass of a kind that it does not know.
    rendered = str(_markdown(text.replace("(attachment:", "(#attachment:")))
    return str(_cleaner().clean(re.sub(r"""\bsrc=(["'])#?attachment:([^"']+)\1""", pasted, rendered)))


def plain(text: str) -> str:
    """A text without the codes that colour it in a terminal and without other control characters."""
    return _ANSI.sub("", text).translate(CONTROLS)


def _text(text: str) -> str:
    return f'<pre tabindex="0">{escape(plain(text))}</pre>' if text.strip() else ""


def _picture(kind: str, data: Mapping[str, str], meta: Mapping[str, Any], w: Words) -> str:
    """A picture with the alt text that came with it; the name of an object is none."""
    alt = meta.get("alt") or re.sub(r"(?s)\A<.*", "", data.get("text/plain", "")) or w.text("Picture")
    size = "".join(f' {name}="{int(meta[name])}"' for name in ("width", "height") if name in meta)
    content = escape("".join(data[kind].split()))
    return f'<figure><img src="data:{kind};base64,{content}" alt="{escape(plain(alt))}"{size}></figure>'


def _with_own_ids(svg: str, key: str) -> str:
    """An SVG without its prologue, whose ids no other SVG on the page uses."""
    svg = svg[max(svg.find("<svg"), 0) :]
    ids = set(re.findall(r'\bid="([^"]+)"', svg))
    reference = r'(\bid="|url\(#|href="#)([^")]+)(?=["\)])'
    return re.sub(reference, lambda f: f"{f[1]}{key}-{f[2]}" if f[2] in ids else f[0], svg)
