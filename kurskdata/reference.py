"""Makes the reference of the public names from their docstrings, with pdoc: ``python -m kurskdata.reference DIR``.

A small static site that asks nothing of any server. For a checkout with the development tools.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from pathlib import Path

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
"""The modules whose names others may build on; what they do not name may change."""


def write(out: Path) -> list[Path]:
    """Writes the pages; returns their paths."""
    import pdoc
    import pdoc.render

    for name in MODULES:
        module = importlib.import_module(name)
        # Names that load when they are first used are there for pdoc once they are set.
        for public in getattr(module, "__all__", ()):
            setattr(module, public, getattr(module, public))
    pdoc.render.configure(docformat="restructuredtext", show_source=False, footer_text="kurskdata")
    # pdoc adds every module below one that it is given, unless it is told not to.
    others = "!^(?!(" + "|".join(re.escape(name) for name in MODULES) + ")$)"
    with warnings.catch_warnings():
        # pandas' intervals take a type in its stubs only.
        warnings.filterwarnings("ignore", message="Error parsing type annotation pd.Interval")
        pdoc.pdoc(*MODULES, others, output_directory=out)
    return sorted(out.rglob("*.html"))


def main(arguments: list[str]) -> int:
    """Writes into the folder given, or build/api, and prints where it lies."""
    out = Path(arguments[0]) if arguments else Path("build", "api")
    write(out)
    print(out / "index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
