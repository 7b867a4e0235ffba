"""The page of one chart, made for an iframe, the snippets that bring it into an article, and its interactive view.

The page asks nothing of any server and works from a file, in a sandbox and under a strict content security
policy. Its one script tells the page around it how high it is, in the form of Datawrapper's embeds (which
article systems know) and of AMP; where it is blocked, the frame keeps its first height and scrolls.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from kurskdata.drawing import vega_engine
from kurskdata.drawing.svg import Spec, narrow_drawing
from kurskdata.embed import card
from kurskdata.embed.inline_svg import COLOURS, Drawing, drawing
from kurskdata.embed.table import Table, Trail, table
from kurskdata.tables.archive import archived
from kurskdata.templates import script, templates
from kurskdata.words.language import Words

HEIGHT_MESSAGE = script("height.js")
"""Sent at the start and whenever the height changes, to whatever page holds the frame."""

LISTENER = script("listener.js")
"""What a snippet brings along: a frame that sends its height gets it, and no other."""

_TEXT_AROUND = 210
"""Height in pixels of title, source line and links, for a frame whose page has not sent its height yet."""


@dataclasses.dataclass(frozen=True)
class Described:
    """All that the page and the snippets of a chart say: its texts, both drawings, its table and its addresses.

    A chart of maps has ``days``, one drawing for each, which stand in the place of both drawings.
    """

    key: str
    language: str
    theme: str
    title: str
    subtitle: str
    alt: str
    source: str
    card: str
    wide: Drawing
    narrow: Drawing
    days: list[tuple[str, Drawing]]
    ours: bool
    table: Table
    address: str
    interactive: bool
    notebook: str | None

    @property
    def height(self) -> int:
        """The height in pixels that a frame has until the page sends its own."""
        return (self.days[0][1] if self.days else self.wide).height + _TEXT_AROUND

    @property
    def absolute(self) -> str:
        """The address for whoever reads it outside of a page, where one that begins with // leads nowhere."""
        return ("https:" if self.address.startswith("//") else "") + self.address


def describe(
    spec: Spec,
    trail: Trail,
    *,
    address: str = "",
    interactive: bool = False,
    notebook: str | None = None,
) -> Described:
    """Draws a chart and looks up its sources; the arguments are those of `kurskdata.embed.write`."""
    meta = spec["usermeta"]["kurskdata"]
    subtitle = spec.get("title", {}).get("subtitle", "")
    phone = narrow_drawing(spec)
    wide = drawing(spec)
    return Described(
        key=f"kd-{meta['edition']}-{meta['chart']}",
        **{name: meta[name] for name in ("language", "theme", "title", "alt", "source")},
        card=card.alt(spec),
        subtitle=subtitle if isinstance(subtitle, str) else " ".join(subtitle),
        wide=wide,
        narrow=drawing(phone) if phone else wide,
        days=[(day["name"], drawing(day["spec"])) for day in meta.get("days", ())],
        ours=meta.get("ours", True),
        table=table(spec, trail, Words(meta["language"])),
        address=address,
        interactive=interactive,
        notebook=notebook,
    )


def html(chart: Described) -> str:
    """The page: index.html."""
    page = templates().get_template("embed.html")
    return page.render(
        chart=chart,
        figure=figure(chart, inline=False),
        script=HEIGHT_MESSAGE,
        script_hash=script_hash(HEIGHT_MESSAGE),
    )


def oembed(chart: Described) -> str:
    """What a system that knows the address of the page asks for: the frame, in the form of oEmbed."""
    form = {"version": "1.0", "type": "rich", "title": chart.title, "width": 640, "height": chart.height}
    card = {"thumbnail_url": f"{chart.absolute}card.png", "thumbnail_width": 1200, "thumbnail_height": 630}
    alone = re.search(r"<iframe.*</iframe>", frame(dataclasses.replace(chart, address=chart.absolute)))
    told = {**form, **card, "html": alone and alone[0]}
    return json.dumps(told, ensure_ascii=False, indent=1)


def sources(chart: Described) -> str:
    """The page with every row of the chart, its sources and their archived copies: sources.html."""
    page, t = templates().get_template("embed_sources.html"), Words(chart.language).text
    return page.render(chart=chart, archived=archived, t=t, light=_LIGHT, dark=_DARK)


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
    page = templates().get_template("embed_interactive.html")
    return page.render(
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
    text = templates().get_template("snippet_frame.html")
    t = Words(chart.language).text
    return Markup(text.render(chart=chart, listener=LISTENER, t=t).strip())


def snippet(chart: Described) -> str:
    """What an editor pastes: the responsive iframe and, as the other choice, the chart as a figure."""
    page = templates().get_template("snippet.html")
    # Without an id: an article may hold the figure twice.
    nameless = dataclasses.replace(chart, key="")
    return page.render(chart=chart, frame=frame(chart), figure=figure(nameless, inline=True))


def figure(chart: Described, *, inline: bool, theme: str = "auto") -> Markup:
    """The chart as a figure element with its style. ``inline``: for a page that holds more than the chart.

    A light chart follows the reader's choice of colours unless ``theme`` is light or dark; a dark one stays dark.
    """
    text = templates().get_template("embed_figure.html")
    rendered = text.render(
        chart=chart,
        inline=inline,
        theme="dark" if chart.theme == "dark" else theme,
        light=_LIGHT,
        dark=_DARK,
        forced=_FORCED,
        wide=Markup(chart.wide.svg(chart.alt)),
        narrow=Markup(chart.narrow.svg(chart.alt)),
        days=[(name, Markup(one.svg(f"{chart.title}, {name}"))) for name, one in chart.days],
        t=Words(chart.language).text,
    )
    return Markup(rendered.strip())


def _properties(colours: Mapping[str, str]) -> Markup:
    """Colours as custom properties of a style rule, six equal pairs of digits shortened to three."""
    rules = ";".join(f"--{name}:{colour}" for name, colour in colours.items())
    return Markup(re.sub(r"#(.)\1(.)\2(.)\3", r"#\1\2\3", rules))


_LIGHT, _DARK, _FORCED = (_properties({name: forms[n] for name, forms in COLOURS.items()}) for n in range(3))
