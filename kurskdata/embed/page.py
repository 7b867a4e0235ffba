"""The page of one chart, made for an iframe, the snippets that bring it into an article, and its interactive view.

The page asks nothing of any server and works from a file, in a sandbox and under a strict content security
policy. Its one script tells the page around it how high it is, in the form of Datawrapper's embeds (which
article systems know) and of AMP; where it is blocked, the frame keeps its first height and scrolls.
"""

from __future__ import annotations

import base64
import copy
import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

from markupsafe import Markup

from kurskdata.charts.style.theme import COLOURS as PALETTE
from kurskdata.drawing import vega_engine
from kurskdata.drawing.svg import Spec, form, narrow_drawing
from kurskdata.embed import card
from kurskdata.embed.table import Trail, table
from kurskdata.tables.export import archived
from kurskdata.templates import filled, script
from kurskdata.words.language import Words

HEIGHT_MESSAGE = script("height.js")
"""Sent at the start and whenever the height changes, to whatever page holds the frame."""

LISTENER = script("listener.js")
"""What a snippet brings along: a frame that sends its height gets it, and no other."""

_TEXT_AROUND = 210
"""Height in pixels of title, source line and links, for a frame whose page has not sent its height yet."""


COLOURS = {name: forms for name, forms in PALETTE.items() if name != "on_accent"}
"""The colours that a page defines as custom properties, so that one drawing serves light, dark, print and forced colours:
name to these three forms. What stands on an accent has the colours of the background."""

_PROPERTIES = {colour: f"var(--{name})" for name in reversed(COLOURS) for colour in COLOURS[name]}


@dataclasses.dataclass(frozen=True)
class Drawing:
    """An SVG without its outer element, whose colours follow the page, and its size in pixels."""

    width: int
    height: int
    body: str

    def svg(self, label: str) -> str:
        """The whole SVG, with its description for screen readers."""
        size = f'viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(label)}">'
        return f"{head}{self.body}</svg>"


def drawing(spec: Spec) -> Drawing:
    """The drawing of a chart without titles (which are left to the page), source line and margins. What a tooltip says is a
    native title of its mark, which needs no script. Raises BuildError as `form` does."""
    page = form(spec, "page")
    body = re.sub('(?<=")#[0-9a-f]{6}(?=")', lambda found: _PROPERTIES.get(found[0], found[0]), page["body"])
    return Drawing(page["width"], page["height"], body)


class Described:
    """All that the page and the snippets of a chart say: its texts, both drawings, its table and its addresses; the
    arguments are those of `kurskdata.embed.write`.

    A chart of maps has ``days``, one drawing for each, which stand in the place of both drawings.
    """

    def __init__(
        self,
        spec: Spec,
        trail: Trail,
        address: str = "",
        interactive: bool = False,
        notebook: str | None = None,
    ) -> None:
        meta, phone = spec["usermeta"]["kurskdata"], narrow_drawing(spec)
        subtitle = spec.get("title", {}).get("subtitle", "")
        self.subtitle: str = subtitle if isinstance(subtitle, str) else " ".join(subtitle)
        self.key = f"kd-{meta['edition']}-{meta['chart']}"
        self.language, self.theme, self.ours = meta["language"], meta["theme"], meta.get("ours", True)
        self.title, self.alt, self.source = meta["title"], meta["alt"], meta["source"]
        self.card = card.alt(spec)
        self.corrected: list[str] = meta.get("corrected", [])
        self.wide = drawing(spec)
        self.narrow = drawing(phone) if phone else self.wide
        self.days = [(day["name"], drawing(day["spec"])) for day in meta.get("days", ())]
        self.table = table(spec, trail, Words(meta["language"]))
        self.address, self.interactive, self.notebook = address, interactive, notebook

    def altered(self, **told: Any) -> Described:
        """The same, but for what is given by name."""
        other = copy.copy(self)
        vars(other).update(told)
        return other

    @property
    def height(self) -> int:
        """The height in pixels that a frame has until the page sends its own."""
        return (self.days[0][1] if self.days else self.wide).height + _TEXT_AROUND

    @property
    def absolute(self) -> str:
        """The address for whoever reads it outside of a page, where one that begins with // leads nowhere."""
        return ("https:" if self.address.startswith("//") else "") + self.address


def html(chart: Described) -> str:
    """The page: index.html."""
    scripts = {"script": HEIGHT_MESSAGE, "script_hash": script_hash(HEIGHT_MESSAGE)}
    return filled("embed.html", chart=chart, figure=figure(chart, inline=False), **scripts)


def oembed(chart: Described) -> str:
    """What a system that knows the address of the page asks for: the frame, in the form of oEmbed."""
    form = {"version": "1.0", "type": "rich", "title": chart.title, "width": 640, "height": chart.height}
    card = {"thumbnail_url": f"{chart.absolute}card.png", "thumbnail_width": 1200, "thumbnail_height": 630}
    alone = re.search(r"<iframe.*</iframe>", frame(chart.altered(address=chart.absolute)))
    told = {**form, **card, "html": alone and alone[0]}
    return json.dumps(told, ensure_ascii=False, indent=1)


def sources(chart: Described) -> str:
    """The page with every row of the chart, its sources and their archived copies: sources.html."""
    t = Words(chart.language).text
    return filled("embed_sources.html", chart=chart, archived=archived, t=t, **_PALETTES)


def script_hash(text: str) -> str:
    """A script as a source expression for a content security policy that allows it alone."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def interactive_page(spec: Spec) -> str:
    """The page with the chart as Vega draws it: interactive.html, one file, with nothing evaluated from text.

    Vega compiles expressions to functions, which a strict content security policy forbids; ``ast`` makes its
    interpreter walk them instead.
    """
    meta = spec["usermeta"]["kurskdata"]
    phone = narrow_drawing(spec)
    # A closing tag inside a string of a library would end the script element.
    libraries = re.sub(r"</(?=script)", r"<\\/", vega_engine.script(), flags=re.IGNORECASE)
    scripts = [Markup(libraries), script("interactive.js")]
    return filled(
        "embed_interactive.html",
        meta=meta,
        background=spec["config"]["background"],
        specs={"wide": _json(spec)} | ({"narrow": _json(phone)} if phone else {}),
        scripts=scripts,
        hashes=" ".join(f"'{script_hash(text)}'" for text in scripts),
    )


def _json(spec: Spec) -> Markup:
    text = json.dumps({k: v for k, v in spec.items() if k != "usermeta"}, ensure_ascii=False, sort_keys=True)
    return Markup(text.replace("<", "\\u003c"))


def frame(chart: Any) -> Markup:
    """The iframe with its title, height message and fallback, for anything that has address, title, alt and height."""
    t = Words(chart.language).text
    return Markup(filled("snippet_frame.html", chart=chart, listener=LISTENER, t=t).strip())


def snippet(chart: Described) -> str:
    """What an editor pastes: the responsive iframe and, as the other choice, the chart as a figure."""
    nameless = figure(chart.altered(key=""), inline=True)  # an article may hold the figure twice
    return filled("snippet.html", chart=chart, frame=frame(chart), figure=nameless)


def figure(chart: Described, *, inline: bool, theme: str = "auto") -> Markup:
    """The chart as a figure element with its style. ``inline``: for a page that holds more than the chart.

    A light chart follows the reader's choice of colours unless ``theme`` is light or dark; a dark one stays dark.
    """
    look = {"inline": inline, "theme": "dark" if chart.theme == "dark" else theme, **_PALETTES}
    return Markup(filled("embed_figure.html", chart=chart, t=Words(chart.language).text, **look).strip())


def _properties(colours: Mapping[str, str]) -> Markup:
    """Colours as custom properties of a style rule, six equal pairs of digits shortened to three."""
    rules = ";".join(f"--{name}:{colour}" for name, colour in colours.items())
    return Markup(re.sub(r"#(.)\1(.)\2(.)\3", r"#\1\2\3", rules))


_PALETTES = {
    look: _properties({name: forms[n] for name, forms in COLOURS.items()})
    for n, look in enumerate(("light", "dark", "forced"))
}
