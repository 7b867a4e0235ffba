"""Brings the catalogues in step with the texts: ``python tests/catalogues.py``, or ``--check``, in a checkout.

Babel extracts the texts that ``kurskdata/locale/babel.cfg`` names, updates each kurskdata.po and compiles it. Beside
what ``pybabel`` does with the same configuration, this module reads texts from the data, the data package and the
notebooks, writes headers without date or person, so that the same texts give the same bytes, and never guesses a
translation: ``--check`` prints what is not translated or out of step and exits 1.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kurskdata.words.language import LANGUAGES

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "kurskdata" / "locale"

_FOLDERS = ("kurskdata", "data", "notebooks")

KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("text", "message", "t")),
    **dict.fromkeys(("plural",), (1, 2)),
    "in_context": ((1, "c"), 2),
}
"""The functions whose arguments are texts, as Babel writes them: singular and plural, or context and text."""

_COLUMNS = {
    "timeline": ("title", "short", "detail", "later"),
    "area": ("claimant",),
    "retaken": ("claimant",),
    "article": ("speaker",),
}
"""Columns of tables whose texts charts and pages show."""

Texts = Iterator[tuple[int, str, str, list[str]]]


def table(file: Any, *_: object, **__: object) -> Texts:
    """Babel extractor: the texts of a table."""
    columns = _COLUMNS.get(Path(file.name).stem, ())
    rows = csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""))
    return ((1, "text", row[column], []) for row in rows for column in columns if row[column])


def package(file: Any, *_: object, **__: object) -> Texts:
    """Babel extractor: titles of columns and labels of values in the data package."""
    for resource in json.load(file)["resources"]:
        for field in resource["schema"]["fields"]:
            shown = field["name"] != "claimant"
            labels = [category["label"] for category in field.get("categories", ()) if shown]
            yield from ((1, "text", text, []) for text in [field.get("title"), *labels] if text)


def strings(file: Any, *_: object, **__: object) -> Texts:
    """Babel extractor: every text of a JSON file."""
    return ((1, "text", text, []) for text in _leaves(json.load(file)))


def messages(
    file: Any, *_: object, **__: object
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """Babel extractor: the texts of ``texts.toml``, those that count in all forms; the third is that of parts."""
    for section in tomllib.load(file).values():
        for text in section.values():
            yield (1, "text", text, []) if isinstance(text, str) else (1, "plural", tuple(text[:2]), [])
            yield from (
                (1, "in_context", ("fraction", part), []) for part in text[2:] if isinstance(text, list)
            )


def _leaves(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    else:
        for child in node.values() if isinstance(node, dict) else node:
            yield from _leaves(child)


def notebook(file: Any, *_: object, **__: object) -> Texts:
    """Babel extractor: the text cells of a notebook."""
    cells = json.load(file)["cells"]
    return ((1, "text", "".join(cell["source"]), []) for cell in cells if cell["cell_type"] == "markdown")


_HEADERS = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Language", "Plural-Forms")


class _Undated(Catalog):  # type: ignore[misc, unused-ignore]
    """A catalogue whose header names neither day nor person nor program."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [header for header in super().mime_headers if header[0] in _HEADERS]


def template() -> Catalog:
    """All texts, in the order of files and lines, each with the files that hold it."""
    texts = Catalog()
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, filename="babel.cfg")  # type: ignore[no-untyped-call]
    rows = extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=KEYWORDS,
        directory_filter=lambda folder: Path(folder).parent != ROOT or Path(folder).name in _FOLDERS,
    )
    for name, _, text, _, context in sorted(rows, key=lambda row: row[:2]):
        if text:
            texts.add(text, locations=[(name, 0)], context=context)
    return texts


def po(language: str) -> Path:
    """The catalogue of a language; the compiled one lies beside it."""
    return FOLDER / language / "LC_MESSAGES" / "kurskdata.po"


def read(language: str) -> Catalog:
    """The catalogue of a language, as it is on disk."""
    with po(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    catalogue.__class__ = _Undated
    return catalogue


def written(language: str, texts: Catalog) -> dict[Path, bytes]:
    """The two files of a language as they are with exactly these texts, translations kept."""
    catalogue, po_file, mo_file = read(language), io.BytesIO(), io.BytesIO()
    catalogue.update(texts, no_fuzzy_matching=True)
    for message in catalogue:
        message.flags -= {"python-format", "python-brace-format"}
    write_po(po_file, catalogue, width=110, include_lineno=False, ignore_obsolete=True)
    write_mo(mo_file, catalogue)
    return {po(language): po_file.getvalue(), po(language).with_suffix(".mo"): mo_file.getvalue()}


def faults() -> list[str]:
    """What is not translated or not in step with the texts, one line each."""
    texts, found = template(), []
    for language in LANGUAGES[1:]:
        for message in read(language):
            strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
            if message.id and (message.fuzzy or not all(strings)):
                found.append(f"{po(language)}: not translated: {message.id!r}")
        for path, content in written(language, texts).items():
            if not path.is_file() or path.read_bytes() != content:
                found.append(f"{path}: not in step with the texts; run make texts")
    return found


def main() -> None:
    """Brings the catalogues in step, or with ``--check`` prints what is not and exits 1."""
    if sys.argv[1:] != ["--check"]:
        texts = template()
        for language in LANGUAGES[1:]:
            for path, content in written(language, texts).items():
                path.write_bytes(content)
    left = faults()
    print("\n".join(left) if left else "all catalogues are complete")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()
