"""What rests on one page: ``python tests/support.py`` leaves out each page that is a row's only one, makes the checks of
the article and the sentences of its day again, and writes which of them change into ``data/METHODOLOGY.md``.

With ``--check`` it changes nothing, says what has drifted, and exits 1. A page among several changes nothing but the
number of pages, and a row falls with its only page.
"""

from __future__ import annotations

import sys

import pandas as pd

import kurskdata as kd
from kurskdata.tables.descriptor import data_folder

_MARKS = "<!-- written by tests/support.py -->", "<!-- end -->"


def section(day: str) -> str:
    """The table of the methodology, of the article's claims on a day."""
    rows = kd.support(as_of=day, claims=kd.article_claims(as_of=day))
    alone = rows[rows["rests_on"].notna()]
    telling = alone[(alone["checks"] != "") | (alone["sentences"] != "")]
    lines = [
        f"On {int(day[8:])} {pd.Timestamp(day):%B %Y}, {alone['rests_on'].nunique()} pages were the only one of "
        f"{len(alone)} rows. Without any one of these {telling['rests_on'].nunique()} a check or a sentence changes:",
        "",
        "| page | rows | checks | sentences |",
        "| --- | --- | --- | --- |",
    ]
    for page, own in telling.groupby("rests_on"):
        changed = (own[kind].iloc[0].replace(";", ", ") for kind in ("checks", "sentences"))
        lines.append(f"| {page} | {', '.join(own['key'])} | {' | '.join(changed)} |".replace("|  |", "| |"))
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    path, (head, end) = data_folder() / "METHODOLOGY.md", _MARKS
    text = path.read_text("utf-8")
    before, _, rest = text.partition(head)
    wanted = f"{before}{head}\n\n{section('2025-03-14')}\n\n{end}{rest.partition(end)[2]}"
    if "--check" not in arguments:
        path.write_text(wanted, "utf-8", newline="\n")
    elif wanted != text:
        print(f"{path}: what rests on one page has changed; run python tests/support.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
