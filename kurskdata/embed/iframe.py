"""The iframe that an article holds a chart in, with what it brings along to learn the chart's height."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from kurskdata.templates import templates
from kurskdata.words.language import Words

LISTENER = (
    'addEventListener("message",e=>{let h=e.data&&e.data["datawrapper-height"];'
    'for(let k in h||{})for(let f of document.querySelectorAll("iframe"))'
    'f.contentWindow===e.source&&(f.style.height=(h[k]|0)+"px")})'
)
"""What a snippet brings along: a frame that sends its height gets it, and no other."""


def frame(chart: Any) -> Markup:
    """The iframe with its title, height message and fallback, for anything that has address, title, alt and height."""
    text = templates().get_template("snippet_frame.html")
    t = Words(chart.language).text
    return Markup(text.render(chart=chart, listener=Markup(LISTENER), t=t).strip())
