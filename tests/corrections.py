"""Corrections and releases: ``python tests/corrections.py`` writes the Corrections of CHANGELOG.md from
``data/corrections.csv``. With ``--check`` it changes nothing, says what has no entry or has drifted, and exits 1; with
``--release VERSION`` it gives the open entries that version and ``data/released.json`` the cells as they are now.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from typing import Any

from kurskdata.tables import changes, reader
from kurskdata.tables.descriptor import data_folder

OPEN = "unreleased"
_SHOWN = 48


def faults() -> list[str]:
    """What was changed since the release without an entry, and entries that no change of the tables bears out."""
    version, now = changes.released()["version"], changes.written(data_folder())
    found = list(changes.changes(changes.state(version), now))
    seen = {(c.table, c.key, c.column, c.old, c.new) for c in found if c.entry == "yes"}
    lines = [
        f"{c.table}.csv: {' '.join(filter(None, (c.key, c.column)))}: {c.change} since {version}, and corrections.csv has "
        f"no entry with the old and the new value (now {c.new!r})"
        for c in found
        if c.entry == "missing"
    ]
    for entry in changes.entries(now):
        where = tuple(entry[name] for name in ("table", "key", "column", "old", "new"))
        if entry["version"] == OPEN and where not in seen:
            lines.append(
                f"corrections.csv: {' '.join(where[:3])}: the tables do not differ from {version} in this way"
            )
    return lines


def changelog(text: str) -> str:
    """A changelog with its sections *Corrections* as the entries of each version have them."""
    entries = reader.load("corrections").fillna("").to_dict("records")

    def section(found: re.Match[str]) -> str:
        version = found["version"].lower()
        lines = [_line({str(k): str(v) for k, v in e.items()}) for e in entries if e["version"] == version]
        return f"{found['head']}{chr(10).join(lines) or '- None.'}\n"

    form = r"(?P<head>^## (?P<version>\S+)\n(?:(?!## ).*\n)*?### Corrections\n)(?:(?!#).*\S.*\n?)+"
    return re.sub(form, section, text, flags=re.M)


def _line(entry: dict[str, str]) -> str:
    short = max(len(entry["old"]), len(entry["new"])) <= _SHOWN
    old, new = (f"`{text}`" if text else "empty" for text in (entry["old"], entry["new"]))
    what = f"{old} to {new}" if short else "reworded"
    what = what if entry["column"] else f"is now {new}" if entry["new"] else "the row is gone"
    source = f" ({entry['source_id']})" if entry["source_id"] else ""
    column = f" {entry['column']}," if entry["column"] else ""
    return f"- `{entry['table']}` {entry['key']},{column} {what}: {entry['reason'].rstrip('.')}{source}."


def released(version: str) -> str:
    """The text of ``released.json`` for the tables as they are."""
    tables: dict[str, dict[str, Any]] = {}
    for (name, key, column), text in changes.written(data_folder()).items():
        table = tables.setdefault(name, {"columns": {}, "rows": {}})
        table["columns"][column] = None
        table["rows"][key] = table["rows"].get(key, "") + changes.hashed(text)
    tables.pop("corrections", None)
    tables = {
        name: {"columns": list(table["columns"]), "rows": table["rows"]} for name, table in tables.items()
    }
    return json.dumps({"version": version, "tables": tables}, ensure_ascii=False, indent=0) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Writes, or with ``--check`` compares. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python tests/corrections.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="say what is wrong, change nothing")
    parser.add_argument("--release", metavar="VERSION", help="close the open entries under this version")
    options, found = parser.parse_args(arguments), faults()
    if options.release and not found:
        table, form = data_folder() / "corrections.csv", rf"^(\d{{4}}-\d\d-\d\d),{OPEN},"
        text = re.sub(form, rf"\g<1>,{options.release},", table.read_text("utf-8"), flags=re.M)
        table.write_text(text, "utf-8", newline="\n")
        (data_folder() / "released.json").write_text(released(options.release), "utf-8", newline="\n")
    path = data_folder().parent / "CHANGELOG.md"
    text = path.read_text("utf-8")
    wanted = changelog(text)
    drifted = [f"{path.name}: {'out of date' if options.check else 'written'}"] if wanted != text else []
    for line in [*found, *drifted]:
        print(line)
    if drifted and not options.check:
        path.write_text(wanted, "utf-8", newline="\n")
    return int(bool(found or (options.check and drifted)))


if __name__ == "__main__":
    sys.exit(main())
