"""Writes the data dictionary: ``python tests/dictionary.py``, or ``--check``, in a checkout.

It rewrites what is out of date: ``data/README.md``, and size and hash of every table in the descriptor. With
``--check`` it changes nothing, prints what has drifted and exits 1.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from kurskdata.tables import reader
from kurskdata.tables.descriptor import content, data_folder, descriptor, names, resource
from kurskdata.tables.export import describe

_HEAD = """\
<!-- Written from datapackage.json by `make dictionary`; changes made here are lost. -->

# Data dictionary

{description}
Period: {temporalCoverage}; later rows are end points only. Version {version}.

| table | rows | a row is |
| --- | ---: | --- |
{overview}

CSV in UTF-8: header line, commas, line feeds; an empty cell is a missing value. A *day* is YYYY-MM-DD, a
*month* YYYY-MM; a *list* has semicolons, a *number* a decimal point. *Required* cells are never empty.
[METHODOLOGY.md](METHODOLOGY.md) says how the data were made and what they cannot say. `datapackage.json` tells
programs the same; it is a Data Package, version 2. In Python: `kurskdata.area()`, `kurskdata.describe("area")`.

## Licence and citation

[{licence}]({link}) for this compilation; see [LICENSE](LICENSE) for the rights in the quoted sources.

> {authors} ({year}). {title}. Version {version}. {licence}.

Name claimant and source beside a figure: every row has the ids of its sources.

"""


def readme() -> str:
    """The text of ``data/README.md``."""
    found, licence = descriptor(), descriptor()["licenses"][0]
    rows = [(name, len(reader.load(name)), resource(name)["description"]) for name in names()]
    head = _HEAD.format(
        **found,
        overview="\n".join(f"| [{name}](#{name}) | {count:,} | {text} |" for name, count, text in rows),
        licence=licence["title"], link=licence["path"], year=found["created"][:4],
        authors="; ".join(one["title"] for one in found["contributors"]),
    )  # fmt: skip
    return head + "\n".join(describe(name) for name in names())


def _with_hashes() -> str:
    """The descriptor with size and hash of every table as it is."""
    found: dict[str, Any] = json.loads(json.dumps(descriptor()))
    for table in found["resources"]:
        held = content(data_folder() / table["path"])
        table |= {"bytes": len(held), "hash": f"sha256:{hashlib.sha256(held).hexdigest()}"}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def texts() -> dict[Path, str]:
    """Every file that is generated, in whole or in part, with the text that it should have."""
    return {data_folder() / "README.md": readme(), data_folder() / "datapackage.json": _with_hashes()}


def main(arguments: list[str] | None = None) -> int:
    """Rewrite or, with ``--check``, compare. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python tests/dictionary.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="print what has drifted, change nothing")
    check, wanted = parser.parse_args(arguments).check, texts()
    present = {path: path.read_text("utf-8") if path.exists() else "" for path in wanted}
    drifted = {path: text for path, text in wanted.items() if text != present[path]}
    for path, text in drifted.items():
        if check:
            lines = present[path].splitlines(), text.splitlines()
            print(*difflib.unified_diff(*lines, str(path), "as generated", n=0, lineterm=""), sep="\n")
        else:
            path.write_text(text, "utf-8", newline="\n")
            print(f"{path}: written")
    return int(check and bool(drifted))


if __name__ == "__main__":
    sys.exit(main())
