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
from collections.abc import Iterator, Sequence
from pathlib import Path

from kurskdata.errors import InputError
from kurskdata.tables.descriptor import Field

Line = tuple[int, list[str]]
"""The number of the line on which a row starts, and its cells."""

_SEPARATORS = ",;\t"
BLANK = " \t\r\n\f\v\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}\u200b\u200c\u200d\u2060\ufeff"
_UNITS = {"%": "percent", "km²": "km2"}
_GROUPS = (
    r"[0-9]{1,3}(?:[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}'’][0-9]{3})+"
)
_SAVE = "save it as “CSV UTF-8” or, in LibreOffice, as CSV with the encoding UTF-8"


def text(path: Path, *, wide: bool) -> str:
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


def rows(path: Path, text: str, separator: str = ",", *, brought: bool = False) -> Iterator[Line]:
    """The rows of a CSV text, blank lines left out; in one that a user ``brought`` blanks may stand before quotation marks.

    Raises InputError for broken quotation marks and endless cells."""
    lines = io.StringIO(text, newline="")
    reader, line = csv.reader(lines, strict=True, delimiter=separator, skipinitialspace=brought), 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as fault:
        if "field limit" in str(fault):
            limit = csv.field_size_limit()
            what = f"a cell has more than {limit} characters; is a quotation mark never closed?"
        else:
            what = f"broken quotation marks ({fault})"
        raise InputError(f"{path}: line {line}: {what}") from None


def plain_rows(path: Path, text: str, columns: Sequence[Field]) -> tuple[Line, list[Line]]:
    """Header and rows of a CSV text as the tables are written, whatever a spreadsheet made of it.

    The separator is the one that the line ``sep=`` names or with which the header has most of the columns: a comma,
    semicolon or tab. Names are in small letters; blanks round names and cells, rows and columns without content are
    left out; days, numbers, shares and allowed values are written as in the tables. Raises InputError for a column
    that has content and no name, and for a file that is no CSV.
    """
    names, first = {column["name"]: column for column in columns}, 1
    marked = re.match(r'"?sep=([,;\t])"?[,;\t ]*(?:\r\n|\r|\n)', text, re.IGNORECASE)
    if marked:
        text, first = text[marked.end() :], 2

    def read(separator: str) -> list[Line]:
        stripped = (
            (n + first - 1, [c.strip(BLANK) for c in cells])
            for n, cells in rows(path, text, separator, brought=True)
        )
        return [(number, cells) for number, cells in stripped if any(cells)]

    def named(separator: str) -> int:
        with contextlib.suppress(
            InputError
        ):  # of a separator that is none the quotation marks may look broken
            for _, cells in rows(path, text, separator, brought=True):
                if any(cell.strip(BLANK) for cell in cells):
                    return sum(_name(cell) in names for cell in cells)
        return 0

    separator = marked[1] if marked else max(_SEPARATORS, key=named)
    lines = read(separator)
    if not lines:
        raise InputError(f"{path}: the file is empty; its first line must name the columns")
    (top, heads), *lines = lines
    heads = [_name(cell) for cell in heads]
    width = len(heads)
    used = {
        n: number for number, cells in reversed(lines) for n, cell in enumerate(cells) if cell and n < width
    }
    for n in sorted(n for n in used if not heads[n]):
        raise InputError(f"{path}: line {top}: column {n + 1} has no name, and content in line {used[n]}")
    kept = [n for n, head in enumerate(heads) if head]
    cut: list[Line] = []
    for number, cells in lines:
        row = cells[:width] if not any(cells[width:]) else cells
        cut.append((number, [row[n] for n in kept] if len(row) == width else row))
    header = [heads[n] for n in kept]
    decimal_comma = separator != ","
    for _, row in cut:
        if len(row) == len(header):
            unit = next((c for name, c in zip(header, row, strict=True) if name == "unit"), "")
            row[:] = [
                plain(c, names[name], unit=unit, decimal_comma=decimal_comma) if name in names else c
                for name, c in zip(header, row, strict=True)
            ]
    return (top, header), cut


def _name(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip(BLANK).lower())


def plain(cell: str, column: Field, *, unit: str = "", decimal_comma: bool = False) -> str:
    """A cell as the tables are written, where it has one reading only; otherwise as it is."""
    if re.match(
        "'[=+@-]", cell
    ):  # how spreadsheets, and our own files for them, keep a text from being a formula
        return cell[1:]
    allowed = column.get("constraints", {}).get("enum")
    if allowed and cell not in allowed:
        meant = _UNITS.get(cell, cell).lower() if column["name"] == "unit" else cell.lower()
        return next((value for value in allowed if value.lower() == meant), cell)
    if column["type"] == "date":
        return _day(cell)
    if column["type"] == "boolean":
        return cell.lower()
    if column["type"] in ("number", "integer"):
        share = re.fullmatch(rf"(.*[0-9])[{BLANK}]*%", cell) if unit in ("percent", "%") else None
        return _number(share[1] if share else cell, decimal_comma)
    return cell


def _day(cell: str) -> str:
    """13.03.2025, 2025/3/13 and midnights as YYYY-MM-DD, and 13/3/2025, as no month has the number 13."""
    cell = re.sub(r"[ T]0?0:00(:00(\.0+)?)?$", "", cell)
    if parts := re.fullmatch(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})", cell):
        readings = [(parts[1], parts[3], parts[4])]
    elif parts := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", cell):
        readings = [(parts[3], parts[2], parts[1])]
    elif parts := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", cell):
        readings = [(parts[3], parts[2], parts[1]), (parts[3], parts[1], parts[2])]
    else:
        return cell
    days = set()
    for year, month, day in readings:
        try:
            days.add(dt.date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return str(days.pop()) if len(days) == 1 else cell


def _number(cell: str, decimal_comma: bool) -> str:
    """A number without marks between thousands, with a decimal point; as it is where a mark may be either."""
    sign, digits = ("-", cell[1:]) if cell[:1] in ("-", "\N{MINUS SIGN}") else ("", cell)
    if re.fullmatch(rf"{_GROUPS}(?:[.,][0-9]+)?", digits):
        digits = re.sub(r"[^0-9.,]", "", digits)
        if "," in digits and not decimal_comma:
            return cell
        return sign + digits.replace(",", ".")
    # Two groups of thousands, or thousands and a decimal mark, tell the marks apart.
    for thousands, decimal in (",.", ".,"):
        group = re.escape(thousands)
        if re.fullmatch(
            rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}}){{2,}}|[0-9]{{1,3}}(?:{group}[0-9]{{3}})+{re.escape(decimal)}[0-9]+",
            digits,
        ):
            return sign + digits.replace(thousands, "").replace(decimal, ".")
    if re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}" if decimal_comma else "[1-9][0-9]{0,2},[0-9]{3}", digits):
        return f"{cell} (thousands or decimals?)"
    if decimal_comma and re.fullmatch("[0-9]+,[0-9]+", digits):
        return sign + digits.replace(",", ".")
    return sign + digits
