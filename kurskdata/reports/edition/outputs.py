"""What a page shows of the outputs of a notebook: each kind as HTML, of which nothing runs or is fetched."""

from __future__ import annotations

import functools
import html as html_
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import mistune
from markupsafe import escape

from kurskdata.words.language import Words

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif")

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
CONTROLS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160), *range(0xD800, 0xE000)])


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


_markdown: Any = mistune.create_markdown(escape=False, plugins=["strikethrough", "table", "url"])


def html(output: Any, key: str, w: Words) -> str:
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
        picture = attachments.get(unquote(html_.unescape(found[2])), {})
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
