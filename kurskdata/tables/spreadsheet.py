"""CSV files that people bring: what spreadsheets make of a table is undone wherever it has one reading only.

What has two readings, such as 1,100 or 3/4/2025, stays as it is, and the reader refuses it with file, line and column.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from kurskdata.errors import InputError
from kurskdata.tables.descriptor import Field

Line = tuple[int, list[str]]
"""The number of the line on which a row starts, and its cells."""

_SEPARATORS = ",;\t"
BLANK = " \t\r\n\f\v\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}\u200b\u200c\u200d\u2060\ufeff"
_UNITS = {"%": "percent", "km²": "km2"}
_GAPS = f"[{BLANK}'’]"
_DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d 00:00:00", "%Y-%m-%dT00:00:00",
)  # fmt: skip
_LONGEST = 131_072
"""Characters of a cell, at most: the limit of Python's csv."""
_SAVE = "save it as “CSV UTF-8” or, in LibreOffice, as CSV with the encoding UTF-8"


def text(path: Path | zipfile.Path, *, wide: bool) -> str:
    """A file as text: UTF-8 with or without a byte order mark, or, if ``wide``, UTF-16 with one.

    Raises InputError for others, which names the first line that cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise InputError(f"{path}: cannot be read ({fault.strerror})") from None
    wide = wide and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        found = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise InputError(f"{path}: line {line}: not UTF-8; {_SAVE}") from None
    if "\0" in found:
        raise InputError(f"{path}: not a text file in UTF-8; {_SAVE}")
    return found


def rows(
    path: Path | zipfile.Path, text: str, separator: str = ",", *, brought: bool = False
) -> Iterator[Line]:
    """The rows of a CSV text, blank lines left out; in one that a user ``brought`` blanks may stand before quotation marks.

    Raises InputError for broken quotation marks and endless cells."""
    lines = io.StringIO(text, newline="")
    reader, line = csv.reader(lines, strict=True, delimiter=separator, skipinitialspace=brought), 1
    what = f"a cell has more than {_LONGEST} characters; is a quotation mark never closed?"
    try:
        for cells in reader:
            if max(map(len, cells), default=0) > _LONGEST:  # other libraries lift the limit of csv
                break
            if cells:
                yield line, cells
            line = reader.line_num + 1
        else:
            return
    except csv.Error as fault:
        if "field limit" not in str(fault):
            what = f"broken quotation marks ({fault})"
    raise InputError(f"{path}: line {line}: {what}")


def table(path: Path | zipfile.Path) -> list[Line]:
    """Header and rows of a table as written. Raises InputError as `text` and `rows` do."""
    return _filled(path, rows(path, text(path, wide=False)))


def _filled(path: Path | zipfile.Path, lines: Iterator[Line]) -> list[Line]:
    if found := list(lines):
        return found
    raise InputError(f"{path}: the file is empty; its first line must name the columns")


def brought(path: Path, columns: Sequence[Field]) -> list[Line]:
    """Header and rows of a CSV file as the tables are written, whatever a spreadsheet made of it.

    The separator is the one that the line ``sep=`` names or with which the header has most of the columns: a comma,
    semicolon or tab. Names are in small letters; blanks round names and cells, rows and columns without content are
    left out; days, numbers, shares and allowed values are written as in the tables. Raises InputError for a column
    that has content and no name, and for a file that is no CSV.
    """
    fields = {column["name"]: column for column in columns}
    content = text(path, wide=True)
    marked = re.match(r'"?sep=([,;\t])"?[,;\t ]*(?:\r\n|\r|\n)', content, re.IGNORECASE)
    content = content[marked.end() :] if marked else content

    def stripped(separator: str) -> Iterator[Line]:
        for number, cells in rows(path, content, separator, brought=True):
            bare = [cell.strip(BLANK) for cell in cells]
            if any(bare):
                yield number + bool(marked), bare

    def named(separator: str) -> int:
        with contextlib.suppress(InputError):  # quotation marks look broken at what is no separator
            return sum(_name(cell) in fields for cell in next(stripped(separator), (0, []))[1])
        return 0

    separator = marked[1] if marked else max(_SEPARATORS, key=named)
    (top, heads), *lines = _filled(path, stripped(separator))
    heads = [_name(cell) for cell in heads]
    nameless = [n for n, head in enumerate(heads) if not head]
    for number, cells in lines:
        for n in nameless:
            if any(cells[n : n + 1]):
                what = f"column {n + 1} has no name, and content in line {number}"
                raise InputError(f"{path}: line {top}: {what}")

    def cut(cells: list[str]) -> list[str]:
        if len(cells) < len(heads) or any(cells[len(heads) :]):
            return cells  # too few or too many, as the reader will say
        row = dict(zip(heads, cells, strict=False))
        comma, unit = separator != ",", row.get("unit", "")
        named = ((head, cell) for head, cell in zip(heads, cells, strict=False) if head)
        return [plain(cell, fields.get(head, {}), unit=unit, decimal_comma=comma) for head, cell in named]

    return [(top, [head for head in heads if head]), *((number, cut(cells)) for number, cells in lines)]


def written(table: pd.DataFrame) -> str:
    """A table as CSV text for spreadsheets: a byte order mark, by which they know UTF-8, no formulas, days without times."""
    cells = table.astype(object).where(table.notna(), None)
    rows = [[_cell(cell) for cell in row] for row in cells.itertuples(index=False)]
    whole = pd.DataFrame(rows, columns=table.columns, dtype=object)
    return "\ufeff" + whole.to_csv(index=False, lineterminator="\n")


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    if isinstance(value, dt.datetime):
        return value.date()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _name(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip(BLANK).lower())


def plain(cell: str, column: Field, *, unit: str = "", decimal_comma: bool = False) -> str:
    """A cell as the tables are written, where it has one reading only; otherwise as it is."""
    if re.match("'[=+@-]", cell):  # an apostrophe keeps a text from being a formula, in our files too
        return cell[1:]
    kind, allowed = column.get("type"), column.get("constraints", {}).get("enum", ())
    if allowed and cell not in allowed:
        meant = _UNITS.get(cell, cell).lower()
        return next((value for value in allowed if value.lower() == meant), cell)
    if kind == "date":
        found = {day for form in _DAYS if (day := _parsed(cell, form))}  # 3/4/2025 is found twice
        return found.pop() if len(found) == 1 else cell
    if kind in ("number", "integer"):
        share = re.fullmatch(rf"(.*[0-9])[{BLANK}]*%", cell) if unit in ("percent", "%") else None
        return _number(share[1] if share else cell, decimal_comma)
    return cell.lower() if kind == "boolean" else cell


def _parsed(cell: str, form: str) -> str:
    with contextlib.suppress(ValueError):
        return str(dt.datetime.strptime(cell, form).date())
    return ""


def _number(cell: str, decimal_comma: bool) -> str:
    """A number without marks between thousands, with a decimal point; as it is where a mark may be either."""
    digits = cell.replace("\N{MINUS SIGN}", "-")
    # Gaps are thousands; points and commas are where they stand twice or before another mark.
    for gap, decimal, groups in (
        (_GAPS, "[.,]" if decimal_comma else "[.]", 1),
        (",", "[.]", 2),
        ("[.]", ",", 2),
    ):
        thousands = rf"-?[0-9]{{1,3}}(?:{gap}[0-9]{{3}})"
        if re.fullmatch(rf"{thousands}{{{groups},}}|{thousands}+{decimal}[0-9]+", digits):
            return re.sub(decimal, ".", re.sub(gap, "", digits))
    if re.fullmatch("-?[1-9][0-9]{0,2}[.,][0-9]{3}", digits) and (decimal_comma or "," in digits):
        return f"{cell} (thousands or decimals?)"
    return digits.replace(",", ".") if decimal_comma and re.fullmatch("-?[0-9]+,[0-9]+", digits) else digits
