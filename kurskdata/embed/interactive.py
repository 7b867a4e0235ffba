"""The interactive view of a chart: one file, offline, with nothing evaluated from text.

Vega compiles expressions to functions, which a strict content security policy forbids. The libraries come
from the renderer's own bundle, which holds Vega's interpreter; ``ast`` makes it walk the expressions instead.
"""

from __future__ import annotations

import json
import re

from markupsafe import Markup

from kurskdata.drawing.svg import Spec, narrow_drawing
from kurskdata.embed.page import script_hash
from kurskdata.templates import templates

_START = """const read=id=>JSON.parse(document.getElementById(id).textContent),host=document.getElementById("view");
const phone=innerWidth<640&&document.getElementById("narrow");
vegaEmbed(host,read(phone?"narrow":"wide"),{ast:true,actions:false,renderer:"svg",mode:"vega-lite"});"""


def html(spec: Spec) -> str:
    """The page: interactive.html."""
    from kurskdata.drawing import vega_engine

    meta = spec["usermeta"]["kurskdata"]
    phone = narrow_drawing(spec)
    scripts = [vega_engine.script(), _START]
    # A closing tag inside a string of a library would end the script element.
    scripts = [re.sub(r"</(?=script)", r"<\\/", text, flags=re.IGNORECASE) for text in scripts]
    page = templates().get_template("embed_interactive.html")
    return page.render(
        title=meta["title"],
        alt=meta["alt"],
        language=meta["language"],
        background=spec["config"]["background"],
        specs={"wide": _json(spec)} | ({"narrow": _json(phone)} if phone else {}),
        scripts=[Markup(text) for text in scripts],
        hashes=" ".join(f"'{script_hash(text)}'" for text in scripts),
    )


def _json(spec: Spec) -> Markup:
    text = json.dumps({k: v for k, v in spec.items() if k != "usermeta"}, ensure_ascii=False, sort_keys=True)
    return Markup(text.replace("<", "\\u003c"))
