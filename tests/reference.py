"""Writes the reference as a small static site: ``python tests/reference.py DIR``, or ``make docs``.

The commands come from their own help, the Python interface from the docstrings by pdoc. The pages request nothing
from any server. Needs the development tools of a checkout.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import click
import mistune

from kurskdata import cli
from kurskdata.templates import templates

MODULES = (
    "kurskdata",
    "kurskdata.charts",
    "kurskdata.check",
    "kurskdata.display",
    "kurskdata.sentences",
    "kurskdata.tables.measure",
    "kurskdata.embed",
    "kurskdata.reports.batch",
    "kurskdata.tables.export",
    "kurskdata.errors",
)
"""The modules whose public names are stable; anything else may change."""


def write(out: Path) -> list[Path]:
    """Writes the pages into a folder and returns their paths."""
    _write_modules(out)
    page = templates().from_string(Path(__file__).with_suffix(".html").read_text("utf-8"))
    for name, listed in {"index.html": [], "commands.html": list(commands())}.items():
        text = page.render(modules=MODULES, commands=listed)
        (out / name).write_text(text, "utf-8", newline="\n")
    return sorted(out.rglob("*.html"))


def commands(group: click.Group = cli.main, path: str = "kursk") -> Iterator[dict[str, object]]:
    """Every command, with its usage, its help, its arguments and options, and its guide as HTML."""
    for name, command in group.commands.items():
        own = f"{path} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, own)
            continue
        context = click.Context(command, info_name=own, show_default=True)
        records = (parameter.get_help_record(context) for parameter in command.get_params(context))
        yield {
            "name": own,
            "usage": command.get_usage(context).removeprefix("Usage: "),
            "help": command.help,
            "options": [record for record in records if record],
            "guide": mistune.html(command.epilog or ""),
        }


def _write_modules(out: Path) -> None:
    import pdoc
    import pdoc.render

    for name in MODULES:
        module = importlib.import_module(name)
        # pdoc only sees names that are set; ours load on first use.
        for public in getattr(module, "__all__", ()):
            setattr(module, public, getattr(module, public))
    pdoc.render.configure(docformat="restructuredtext", show_source=False, footer_text="kurskdata")
    # pdoc adds every module below one that it is given, unless it is told not to.
    others = "!^(?!(" + "|".join(re.escape(name) for name in MODULES) + ")$)"
    with warnings.catch_warnings():
        # pandas' intervals take a type in its stubs only.
        warnings.filterwarnings("ignore", message="Error parsing type annotation pd.Interval")
        pdoc.pdoc(*MODULES, others, output_directory=out)


def main(arguments: list[str]) -> int:
    """Writes into the folder given, or ``build/api``, and prints the address of the first page."""
    out = Path(arguments[0]) if arguments else Path("build", "api")
    write(out)
    print(out / "index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
