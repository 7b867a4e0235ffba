"""What rests on one page: ``python tests/support.py`` leaves out each page that is a row's only one, makes the checks of
the article and the sentences of its day again, and writes which of them change into ``data/METHODOLOGY.md``.

With ``--check`` it changes nothing, says what has drifted, and exits 1. A page among several changes nothing but the
number of pages, and a row falls with its only page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from unittest import mock

import pandas as pd

from kurskdata import sentences
from kurskdata.check import check_claims
from kurskdata.editions import Edition
from kurskdata.tables import reader, settlements, views
from kurskdata.tables.descriptor import data_folder

_MARKS = "<!-- written by tests/support.py -->", "<!-- end -->"


def told(edition: Edition) -> dict[str, str]:
    """The check of every claim of the article and the sentences of a report, as text by name."""
    day, first = edition.as_of, edition.since(days=10)
    article = views.article_claims(as_of=day)
    checked = check_claims(article, as_of=day)
    found: dict[str, str] = {}
    for table in (checked, getattr(checked, "evidence", None)):
        for key, rows in table.groupby("claim_id") if isinstance(table, pd.DataFrame) else ():
            found[f"`{key!s}`"] = found.get(f"`{key!s}`", "") + rows.to_csv(index=False)
    per_day = settlements.settlements_per_day(as_of=day, start=first)
    counted, maps = views.count_claim(as_of=day, start=first), views.area_held(as_of=day)
    found["sentence on settlements"] = sentences.settlements(per_day, edition, counted)
    found["sentence on the area"] = sentences.area(views.area_claims(as_of=day), edition, maps)
    found["sentence on the timeline"] = sentences.timeline(views.timeline(as_of=day), edition)
    return found


def without(keys: Iterable[str], edition: Edition) -> dict[str, str]:
    """What `told` gives when rows are left out of every table."""
    gone, load = {*keys}, reader.load

    def left(table: str) -> pd.DataFrame:
        frame = load(table)
        return frame[~frame.iloc[:, 0].isin(gone)].reset_index(drop=True)

    with mock.patch.object(reader, "load", left):
        return told(edition)


def changes(edition: Edition) -> pd.DataFrame:
    """The pages that are the only one of a row: one row each with ``rows`` (keys) and ``changed`` (names of `told`)."""
    rows = views.support(as_of=edition.as_of)
    before = told(edition)
    found = rows.groupby("rests_on", sort=True)["key"].agg(list).rename("rows").reset_index()
    after = [without(keys, edition) for keys in found["rows"]]
    found["changed"] = [[name for name in before if before[name] != one.get(name)] for one in after]
    return found


def section(edition: Edition) -> str:
    """The table of the methodology."""
    found = changes(edition)
    telling = found[found["changed"].str.len() > 0]
    lines = [
        f"On {edition.as_of.day} {edition.as_of:%B %Y}, {len(found)} pages were the only one of "
        f"{found['rows'].str.len().sum()} rows. Without any one of these {len(telling)} a check or a sentence changes:",
        "",
        "| page | rows | what changes |",
        "| --- | --- | --- |",
    ]
    for page, keys, names in telling.itertuples(index=False):
        lines.append(f"| `{page}` | {', '.join(f'`{key}`' for key in keys)} | {', '.join(names)} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    path, (head, end) = data_folder() / "METHODOLOGY.md", _MARKS
    text = path.read_text("utf-8")
    before, _, rest = text.partition(head)
    wanted = f"{before}{head}\n\n{section(Edition())}\n\n{end}{rest.partition(end)[2]}"
    if "--check" not in arguments:
        path.write_text(wanted, "utf-8", newline="\n")
    elif wanted != text:
        print(f"{path}: what rests on one page has changed; run python tests/support.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
