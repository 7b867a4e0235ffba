"""Claims as spreadsheets save them: the same claims wherever nothing has to be guessed, else a message that helps."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from kurskdata.check import read_claims
from kurskdata.errors import InputError
from kurskdata.tables import spreadsheet

HEADER = ["claim_id", "measure", "value", "unit", "as_of", "note"]
ROWS = [
    ["left", "area_held", "1100.5", "km2", "2025-03-13", 'said "about"; twice'],
    ["rest", "share_retaken", "86", "percent", "2025-03-12", ""],
    ["half", "settlements_held", "12", "settlements", "", "село Гуево"],
]


def table(separator: str = ",", end: str = "\n", **cells: str) -> str:
    """The file, with other cells in the first row."""
    rows = [HEADER, [cells.get(name, cell) for name, cell in zip(HEADER, ROWS[0], strict=True)], *ROWS[1:]]
    return "".join(separator.join(quoted(c, separator) for c in row) + end for row in rows)


def quoted(cell: str, separator: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & {'"', separator, "\n"} else cell


def read(folder: Path, content: str | bytes) -> pd.DataFrame:
    path = folder / "mine.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_claims(path)


PLAIN = table()
WRITTEN: dict[str, str | bytes] = {
    "byte order mark": "\ufeff" + PLAIN,
    "Unicode text of Excel": table("\t", "\r\n").encode("utf-16"),
    "UTF-16, big end first": ("\ufeff" + table("\t")).encode("utf-16-be"),
    "semicolons": table(";", "\r\n"),
    "tabs": table("\t"),
    "sep line": "sep=;\r\n" + table(";", "\r\n"),
    "sep line, quoted, with the separators of the other columns": '\ufeff"sep=,",,,,,\n' + PLAIN,
    "line ends of old Macintoshes": table(end="\r"),
    "decimal comma": table(";", value="1100,5"),
    "decimal comma, thousands with a point": table(";", value="1.100,5"),
    "decimal comma, thousands with a blank": table("\t", value="1\N{NO-BREAK SPACE}100,5"),
    "thousands with a narrow blank": table(value="1\N{NARROW NO-BREAK SPACE}100.5"),
    "thousands with a thin blank": table(value="1\N{THIN SPACE}100.50"),
    "thousands with an apostrophe": table(value="1'100.5"),
    "thousands with a comma and a decimal point": table(value="1,100.5"),
    "blanks round cells": PLAIN.replace(",", ", ").replace("86,", "\N{NO-BREAK SPACE}86 ,").replace("percent,", " percent\u200b ,"),
    "names in capitals": PLAIN.replace("claim_id,measure", "Claim ID,MEASURE"),
    "values in capitals": PLAIN.replace("area_held", "Area_Held").replace("km2", "KM2"),
    "unit as a sign": PLAIN.replace("km2", "km²").replace("percent", "%"),
    "share with its sign": PLAIN.replace(",86,", ",86%,"),
    "share with its sign after a blank": PLAIN.replace(",86,", ",86\N{NO-BREAK SPACE}%,"),
    "day with points": table(as_of="13.03.2025"),
    "day without zeros": table(as_of="13.3.2025"),
    "day and midnight": table(as_of="2025-03-13 00:00:00"),
    "day after the month": table(as_of="3/13/2025"),
    "day before the month": table(as_of="13/03/2025"),
    "year first": table(as_of="2025/3/13"),
    "columns without name or content": PLAIN.replace("\n", ",,,\n"),
    "column without name between": PLAIN.replace("claim_id,", "claim_id,,").replace("left,", "left,,").replace("rest,", "rest, ,").replace("half,", "half,,"),
    "rows without content": PLAIN.replace("rest,", ",,,,,\n   \n\nrest,") + ",,,,,\n \t\n",
    "rows without content on top": "\n,,,,,\n" + PLAIN,
    "cells beyond the last column": PLAIN.replace("2025-03-12,\n", "2025-03-12,,,,\n"),
    "all at once": ("\ufeffsep=;\r\n;;;\r\n" + table(";", "\r\n", value=" 1\N{NO-BREAK SPACE}100,5", as_of="13.03.2025")).encode(),
}  # fmt: skip


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN.keys())
def test_what_a_spreadsheet_makes_of_a_file_changes_no_claim(tmp_path: Path, content: str | bytes) -> None:
    pd.testing.assert_frame_equal(read(tmp_path, content), read(tmp_path, PLAIN))


def test_a_cell_of_two_lines_stays_one_and_later_lines_are_counted_right(tmp_path: Path) -> None:
    claims = read(tmp_path, table(note="one\ntwo"))
    assert claims["note"][0] == "one\ntwo"
    with pytest.raises(InputError, match="line 4, column value: 'most' is not a number"):
        read(tmp_path, table(note="one\ntwo").replace(",86,", ",most,"))


def test_ids_of_any_form_are_kept_as_written(tmp_path: Path) -> None:
    claims = read(tmp_path, PLAIN.replace("left,", "007,").replace("rest,", "Anteil (1),"))
    assert claims["claim_id"].tolist() == ["007", "Anteil (1)", "half"]


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "thousands or decimals": (table(value="1,100"), "line 2, column value: '1,100 (thousands or decimals?)' is not"),
    "thousands or decimals, point": (table(";", value="1.100"), "line 2, column value: '1.100 (thousands or decimals?)'"),
    "thousands or decimals, comma": (table(";", value="1,100"), "line 2, column value: '1,100 (thousands or decimals?)'"),
    "decimal comma between commas": (table(value="150,5"), "line 2, column value: '150,5' is not a number with a decimal point"),
    "groups that are no thousands": (table(value="1 10"), "column value: '1 10' is not a number"),
    "month or day": (table(as_of="3/4/2025"), "line 2, column as_of: '3/4/2025' is not a day written YYYY-MM-DD"),
    "two digits of a year": (table(as_of="13.03.25"), "column as_of: '13.03.25' is not a day"),
    "no such day": (table(as_of="31.02.2025"), "column as_of: '31.02.2025' is not a day"),
    "time of day": (table(as_of="2025-03-13 12:30:00"), "is not a day written YYYY-MM-DD"),
    "share of an area": (table(value="86 %"), "line 2, column value: '86 %' is not a number"),
    "Windows code page": (PLAIN.encode("cp1251"), "line 4: not UTF-8; save it as “CSV UTF-8”"),
    "half of UTF-16": (PLAIN.encode("utf-16")[:-1], "not UTF-8"),
    "content without a name": (PLAIN.replace("\n", ",\n").replace("2025-03-12,,", "2025-03-12,,x"), "line 1: column 7 has no name, and content in line 3"),
    "cells without a column": (PLAIN.replace("2025-03-12,\n", "2025-03-12,,x\n"), "line 3: 7 cells, the header has 6"),
    "a cell too few": (PLAIN.replace("2025-03-12,\n", "2025-03-12\n"), "line 3: 5 cells, the header has 6"),
    "same name twice": (PLAIN.replace("note", "Value"), "column twice: value"),
    "separators mixed": (PLAIN.replace("\n", ";\n", 1), "column not known: 'note;'"),
    "same id but for blanks": (PLAIN.replace("rest,", "left ,"), "line 3, column claim_id: 'left' stands in line 2 too"),
    "endless number": (table(value="7" * 400), "line 2, column value: '7777"),
    "endless number, how long": (table(value="7" * 400), "has 400 characters, too many for a number"),
    "endless cell": (table(note="x" * 200_000), "line 2: a cell has more than 131072 characters; is a quotation mark never closed?"),
    "nothing but separators": (",,,\n,,,\n", "the file is empty"),
    "only a sep line": ("sep=;\n", "the file is empty"),
}  # fmt: skip


def test_an_endless_cell_is_refused_whatever_others_did_to_the_limit(tmp_path: Path) -> None:
    usual = csv.field_size_limit(10**9)  # as frictionless does
    try:
        (path := tmp_path / "own.csv").write_text(table(note="x" * 200_000), "utf-8")
        with pytest.raises(InputError, match="more than 131072 characters"):
            list(spreadsheet.rows(path, path.read_text("utf-8")))
    finally:
        csv.field_size_limit(usual)


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_has_two_readings_or_none_is_refused_by_line_and_column(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "mine.csv"))
    assert len(str(caught.value)) < 500
