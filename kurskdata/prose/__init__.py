"""Reads the figures of an article: plain prose in English, Ukrainian, Russian or German.

By rules, not by a language model: the wordings are in the TOML files of this folder, and the same text gives the same
answer every time. ``common.toml`` has the table that decides what a figure is.
"""

from __future__ import annotations

import codecs
import io
import sys
from pathlib import Path

import pandas as pd

from kurskdata.errors import Day, InputError, require
from kurskdata.errors import day as parsed_day
from kurskdata.prose.numbers import YEARS, dateline
from kurskdata.prose.reader import Reader
from kurskdata.tables.descriptor import documented

__all__ = ["CLAIMS", "FORMS", "LEFT_OUT", "read_article", "read_file"]

FORMS = (".txt", ".md", ".html", ".htm", ".docx")
_TYPES = {
    "claim_id": "str", "start": "int64", "end": "int64", "text": "str", "sentence": "str", "speaker": "str",
    "subject": "str", "measure": "str", "value": "float64", "value_to": "float64", "unit": "str", "qualifier": "str",
    "as_of": "datetime64[s]", "window_start": "datetime64[s]", "window_end": "datetime64[s]",
}  # fmt: skip
CLAIMS = tuple(_TYPES)
LEFT_OUT = ("start", "end", "text", "why")


@documented
def read_article(text: str, day: Day = None) -> pd.DataFrame:
    """The claims of an article for `check_claims`, one row a figure.

    ``start`` and ``end`` are offsets in characters of the text, ``sentence`` is the sentence of the figure on one line.
    ``value_to`` is the upper end of a range, else NaN; days are ``datetime64``; ``speaker`` is a side, such as *Russia*, where
    no official of it speaks beside it, and without a name the agency of "KYIV (dpa) -", else *article*. ``attrs`` hold the ``text``, the ``day`` and, as ``left_out``, a dict for every other
    number: ``start``, ``end``, ``text`` and ``why`` it is no such figure. A row may be corrected, added or taken out
    before the check.

    ``day`` is the day of publication; without it the first day with a year in the first lines counts. Raises
    InputError where there is none, and for an empty text.
    """
    if not text.strip():
        raise InputError("there is no text to read")
    published = parsed_day(day, "day") if day else dateline(text)
    if published is None:
        raise InputError("the text does not say on which day it was published: give it, such as 2025-03-14")
    if published.year not in YEARS:
        raise InputError(f"day: {published} is not between {YEARS[0]} and {YEARS[-1]}")
    reader = Reader(text, published)
    claims = pd.DataFrame(reader.claims(), columns=[*CLAIMS]).astype(_TYPES)
    left_out = pd.DataFrame(reader.left_out(), columns=list(LEFT_OUT)).to_dict("records")
    claims.attrs = {"text": text, "day": str(published), "left_out": left_out}
    return claims


def read_file(path: str | Path, day: Day = None) -> pd.DataFrame:
    """The figures of a file: .txt, .md, .html as a browser saves it, .docx, or "-" for standard input; see `read_article`.

    Offsets are those of the text in ``attrs``, which of a page or a Word document is its text alone. Raises InputError for a
    file that cannot be read, is of another form, or holds no text.
    """
    form = Path(path).suffix.lower() or ".txt"
    if form not in FORMS:
        raise InputError(f"{path}: no article; allowed: {', '.join(FORMS)}, or - for standard input")
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()
        text, stated = _read(content, form)
    except UnicodeDecodeError:
        raise InputError(f"{path}: not text in UTF-8; save it as UTF-8") from None
    except Exception as fault:  # a library may say anything of a broken page or Word document
        raise InputError(f"{path}: {getattr(fault, 'strerror', None) or fault}") from None
    try:
        return read_article(text, day or stated)
    except InputError as fault:
        raise InputError(f"{path}: {fault}") from None


def _read(content: bytes, form: str) -> tuple[str, str]:
    """The text, of a page without its navigation, and the day that a page states in its markup."""
    if form in (".html", ".htm"):
        require("Saved pages", "prose", "trafilatura")
        import trafilatura

        page = trafilatura.bare_extraction(content, include_comments=False, with_metadata=True)
        title, text, day = (str(getattr(page, name, None) or "") for name in ("title", "text", "date"))
        return text if title in text else f"{title}\n\n{text}", day
    if form == ".docx":
        require("Word documents", "prose", "docx")
        import docx

        paragraphs = docx.Document(io.BytesIO(content)).paragraphs
        return "\n\n".join(p.text for p in paragraphs if p.text.strip()), ""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8-sig").replace("\r\n", "\n"), ""
