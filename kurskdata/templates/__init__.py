"""The page templates of the package and the scripts in them."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from kurskdata.errors import require

require("pages", "charts", "jinja2")

import jinja2
from markupsafe import Markup

FOLDER = Path(__file__).parent


@functools.cache
def templates() -> jinja2.Environment:
    """The templates; text from data is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def filled(name: str, **values: Any) -> str:
    """A template with these values."""
    return templates().get_template(name).render(**values)


def script(name: str) -> Markup:
    """A script that stands in pages, as it is."""
    return Markup((FOLDER / name).read_text("utf-8").strip())
