"""The page of one chart, made for an iframe, and the snippets that bring it into an article.

The page asks nothing of any server and works from a file, in a sandbox and under a strict content security
policy. Its one script tells the page around it how high it is, in the form of Datawrapper's embeds (which
article systems know) and of AMP; blocked, it is missed by nobody but the scroll bar.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from kurskdata.drawing.svg import narrow_drawing
from kurskdata.embed.iframe import frame
from kurskdata.embed.inline_svg import COLOURS, Drawing, drawing
from kurskdata.embed.table import Table, Trail, table
from kurskdata.templates import templates
from kurskdata.words.language import Words

Spec = dict[str, Any]

HEIGHT_MESSAGE = (
    "(()=>{let h,d=document.documentElement,t=()=>{let n=Math.ceil(d.getBoundingClientRect().height);"
    'n!==h&&parent.postMessage({"datawrapper-height":{[document.querySelector("figure").id]:h=n},'
    'sentinel:"amp",type:"embed-size",height:n},"*")};new ResizeObserver(t).observe(d)})()'
)
"""Sent at the start and whenever the height changes, to whatever page holds the frame."""

_FORCED = {
    "background": "Canvas",
    "wash": "Canvas",
    "ribbon": "color-mix(in srgb,CanvasText 25%,Canvas)",
    "line": "GrayText",
    "ukraine": "LinkText",
}
"""Colours where the reader's system sets them; all others are those of text."""

_FALLBACKS = {"kd-r": ("Roboto", 96, 100), "kd-n": ("Noto Sans", 93, 94), "kd-d": ("DejaVu Sans", 86, 81)}
"""Fonts of systems that have none of the metrics of Liberation Sans, with the size in percent, normal and bold, at
which 19 of 20 texts of the charts are no wider than in it. Android calls its Roboto Arial too."""

_FAMILIES = '"Liberation Sans",kd-r,Arial,Helvetica,kd-n,kd-d,sans-serif'

_TEXT_AROUND = 210
"""Height in pixels of title, source line and links, for a frame whose page has not spoken yet."""


@dataclasses.dataclass(frozen=True)
class Described:
    """One chart with all that its page and its snippets say."""

    key: str
    name: str
    language: str
    dark: bool
    title: str
    subtitle: str
    alt: str
    source: str
    wide: Drawing
    narrow: Drawing
    table: Table
    address: str
    interactive: bool
    notebook: str | None

    @property
    def switch(self) -> int:
        """The width in pixels from which the wide drawing is shown, no text in it being smaller than drawn."""
        return self.wide.width

    @property
    def height(self) -> int:
        """A height for the frame until the page has told its own."""
        return self.wide.height + _TEXT_AROUND


def script_hash() -> str:
    """The height message as a source expression for a content security policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(HEIGHT_MESSAGE.encode()).digest()).decode()


def describe(
    spec: Spec,
    trail: Trail,
    *,
    address: str = "",
    interactive: bool = False,
    notebook: str | None = None,
) -> Described:
    """Everything that pages and snippets of a chart say, drawn and looked up."""
    meta = spec["usermeta"]["kurskdata"]
    subtitle = spec.get("title", {}).get("subtitle", "")
    phone = narrow_drawing(spec)
    wide = drawing(spec)
    return Described(
        key=f"kd-{meta['edition']}-{meta['chart']}",
        name=meta["chart"],
        language=edition_language(meta["edition"]),
        dark="-dark" in meta["edition"],
        title=meta["title"],
        subtitle=subtitle if isinstance(subtitle, str) else " ".join(subtitle),
        alt=meta["alt"],
        source=meta["source"],
        wide=wide,
        narrow=drawing(phone) if phone else wide,
        table=table(spec, trail, Words(edition_language(meta["edition"]))),
        address=address.rstrip("/") + "/" if address else "",
        interactive=interactive,
        notebook=notebook,
    )


def edition_language(name: str) -> str:
    """The language in the name of an edition: en in 2025-03-14-en-km2."""
    found = re.match(r"\d{4}-\d{2}-\d{2}-([a-z]{2})\b", name)
    return found[1] if found else "en"


def html(chart: Described) -> str:
    """The page: index.html."""
    return (
        templates()
        .get_template("embed.html")
        .render(
            chart=chart,
            figure=figure(chart, inline=False),
            script=Markup(HEIGHT_MESSAGE),
            script_hash=script_hash(),
        )
    )


def snippet(chart: Described) -> str:
    """What an editor pastes: the responsive iframe and, as the other choice, the chart as a figure."""
    page = templates().get_template("snippet.html")
    return page.render(chart=chart, frame=frame(chart), figure=figure(chart, inline=True))


def figure(chart: Described, *, inline: bool, theme: str = "auto") -> Markup:
    """The chart as a figure element with its style. ``inline``: for a page that holds more than the chart.

    ``theme`` pins the colours, light or dark, of a chart that would follow the reader.
    """
    text = (
        templates()
        .get_template("embed_figure.html")
        .render(
            chart=chart,
            inline=inline,
            theme="dark" if chart.dark else theme,
            light=_variables({name: pair[0] for name, pair in COLOURS.items()}),
            dark=_variables({name: pair[1] for name, pair in COLOURS.items()}),
            faces=_faces(),
            families=Markup(_FAMILIES),
            forced=_variables({name: _FORCED.get(name, "CanvasText") for name in COLOURS}),
            wide=Markup(chart.wide.svg(chart.alt)),
            narrow=Markup(chart.narrow.svg(chart.alt)),
            t=Words(chart.language).text,
        )
    )
    return Markup(text.strip())


def _faces() -> Markup:
    """The fallback fonts as style rules; a font that a system lacks is passed over."""
    rules = []
    for family, (name, normal, bold) in _FALLBACKS.items():
        for weight, file, size in (("", name, normal), ("font-weight:700;", f"{name} Bold", bold)):
            rules.append(
                f'@font-face{{font-family:{family};{weight}src:local("{file}");size-adjust:{size}%}}'
            )
    return Markup("".join(rules))


def _variables(colours: Mapping[str, str]) -> Markup:
    return Markup(";".join(f"--{name}:{_short(colour)}" for name, colour in colours.items()))


def _short(colour: str) -> str:
    return re.sub(r"#(.)\1(.)\2(.)\3", r"#\1\2\3", colour)
