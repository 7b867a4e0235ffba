"""Makes and checks the catalogues, with Babel: ``python -m kurskdata.words.catalogues`` and ``--check``, in a checkout.

Texts come from the code (``text``, ``plural``, ``counted``, ``message``), the page templates (``t``), the text cells
of the notebooks and the data: titles of events, names of claimants, titles of columns and words for their
values. A run adds what is new to every kurskdata.po, drops what is gone, never guesses (no fuzzy entries), and
compiles. Headers hold no date and no name, so that the same texts give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kurskdata.words.language import LANGUAGES as WRITTEN

FOLDER = Path(__file__).parents[1] / "locale"
ROOT = FOLDER.parents[1]
LANGUAGES = WRITTEN[1:]

KEYWORDS: dict[str, Any] = {
    "text": None,
    "message": None,
    "t": None,
    "plural": (1, 2),
    "counted": (1, 2),
    "plurals": (1, 2),
    "in_context": ((1, "c"), 2),
}
_COLUMNS = {
    "timeline": ("title", "short", "detail", "later"),
    "area": ("claimant",),
    "retaken": ("claimant",),
    "article": ("speaker",),
}
_UNSHOWN = ("sources",)

Found = Iterator[tuple[int, str, Any, list[str]]]


def table(file: Any, keywords: Any, comments: Any, options: Any) -> Found:  # noqa: ARG001
    """The texts of a table that charts and pages show."""
    lines = csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""))
    for columns in _COLUMNS.values():
        if set(columns) <= set(lines.fieldnames or ()) and Path(file.name).stem in _COLUMNS:
            for row in lines:
                yield from ((1, "text", row[c], []) for c in _COLUMNS[Path(file.name).stem] if row[c])


def package(file: Any, keywords: Any, comments: Any, options: Any) -> Found:  # noqa: ARG001
    """Titles of columns and words for their values, from the data package."""
    for resource in json.load(file)["resources"]:
        for field in resource["schema"]["fields"]:
            if "title" in field:
                yield 1, "text", field["title"], []
            if resource["name"] not in _UNSHOWN and field["name"] != "claimant":
                yield from ((1, "text", c["label"], []) for c in field.get("categories", []))


def notebook(file: Any, keywords: Any, comments: Any, options: Any) -> Found:  # noqa: ARG001
    """The text cells of a notebook."""
    for cell in json.load(file)["cells"]:
        if cell["cell_type"] == "markdown":
            source = cell["source"]
            yield 1, "text", source if isinstance(source, str) else "".join(source), []


def template() -> Catalog:
    """All texts, in the order of files and lines, each with the files that hold it."""
    found = Catalog()
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, filename="babel.cfg")  # type: ignore[no-untyped-call]
    rows = extract_from_dir(
        str(ROOT), methods, options, keywords=KEYWORDS, directory_filter=_inside, strip_comment_tags=False
    )
    for name, _, text, comments, context in sorted(rows, key=lambda row: (row[0], row[1])):
        if text:
            found.add(text, None, [(name, 0)], (), comments, context=context)
    return found


def _inside(folder: str) -> bool:
    return Path(folder).resolve().relative_to(ROOT).parts[:1] in (
        (),
        ("kurskdata",),
        ("data",),
        ("notebooks",),
    )


def po(language: str) -> Path:
    """The catalogue of a language."""
    return FOLDER / language / "LC_MESSAGES" / "kurskdata.po"


def read(language: str) -> Catalog:
    """The catalogue of a language, as it stands."""
    with po(language).open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, texts: Catalog) -> Catalog:
    """The catalogue with exactly the texts there are, translations kept."""
    old = read(language)
    new = Catalog(locale=language, header_comment=old.header_comment, fuzzy=False)
    for message in texts:
        if message.id:
            known = old.get(message.id, message.context)
            string = known.string if known and isinstance(known.id, type(message.id)) else ""
            new.add(message.id, string or "", message.locations, (), context=message.context)
    return new


def written(catalogue: Catalog) -> bytes:
    """A catalogue as text, with a header that says nothing of the day or the machine."""
    out = io.BytesIO()
    for message in catalogue:
        message.flags.discard("python-format")
        message.flags.discard("python-brace-format")
    write_po(out, catalogue, width=110, omit_header=True, include_lineno=False, ignore_obsolete=True)
    forms = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    head = (
        'msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {catalogue.locale_identifier}\\n"\n"Plural-Forms: {forms}\\n"\n\n'
    )
    opening: str = catalogue.header_comment.strip()
    return f"{opening}\n{head}".encode() + out.getvalue()


def compiled(language: str) -> bytes:
    """The catalogue of a language as gettext reads it."""
    catalogue = read(language)
    plain = Catalog(locale=language, fuzzy=False)
    for message in catalogue:
        if message.id and message.string and not message.fuzzy:
            plain.add(message.id, message.string, context=message.context)
    out = io.BytesIO()
    write_mo(out, _dateless(plain))
    return out.getvalue()


def _dateless(catalogue: Catalog) -> Catalog:
    """The catalogue with the same header on every day."""
    catalogue.__class__ = type("Dateless", (Catalog,), {"mime_headers": [
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Language", str(catalogue.locale_identifier)),
        ("Plural-Forms", catalogue.plural_forms),
    ]})  # fmt: skip
    return catalogue


def faults() -> list[str]:
    """What keeps the catalogues from being complete and in step with the texts, in words."""
    texts, found = template(), []
    for language in LANGUAGES:
        path, catalogue = po(language), read(language)
        for message in catalogue:
            strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
            if message.id and (message.fuzzy or not all(strings)):
                found.append(f"{path}: not translated: {message.id!r}")
        if path.read_bytes() != written(updated(language, texts)):
            found.append(f"{path}: not in step with the texts; run python -m kurskdata.words.catalogues")
        mo = path.with_suffix(".mo")
        if not mo.is_file() or mo.read_bytes() != compiled(language):
            found.append(f"{mo}: not in step with its .po; run python -m kurskdata.words.catalogues")
    return found


def main() -> None:
    """Brings the catalogues in step, or with --check says what is not."""
    if sys.argv[1:] != ["--check"]:
        texts = template()
        for language in LANGUAGES:
            po(language).write_bytes(written(updated(language, texts)))
            po(language).with_suffix(".mo").write_bytes(compiled(language))
    left = faults()
    print("\n".join(left) if left else "all catalogues are complete")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()
