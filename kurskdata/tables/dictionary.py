"""The data dictionary: what tables and columns mean, written out from ``data/datapackage.json``."""

from __future__ import annotations

from kurskdata.tables import reader
from kurskdata.tables.descriptor import Field, documented, kind_of, resource


@documented
def describe(table: str) -> str:
    """The dictionary of one table as Markdown. Raises InputError for an unknown table."""
    found, schema = resource(table), resource(table)["schema"]
    key = ", ".join(f"`{name}`" for name in schema["primaryKey"])
    text = [f"## {table}", "", f"{found['title']}. {found['description']}", ""]
    text += [f"File `{found['path']}`; {len(reader.load(table)):,} rows, each identified by {key}.", ""]
    text += ["| column | type | meaning |", "| --- | --- | --- |"]
    for field in schema["fields"]:
        kind = kind_of(field) + (", required" if field.get("constraints", {}).get("required") else "")
        text.append(f"| {field['name']} | {kind} | {field['description']}{_limits(field)} |")
    for link in schema.get("foreignKeys", []):
        (column,), target = link["fields"], link["reference"]
        text += ["", f"`{column}` refers to `{target['fields'][0]}` of `{target['resource'] or table}`."]
    for field in schema["fields"]:
        if "categories" in field:
            text += ["", f"Values of `{field['name']}`:", ""]
            text += [f"- `{c['value']}`: {c['label']}" for c in field["categories"]]
    return "\n".join(text) + "\n"


def _limits(field: Field) -> str:
    """The smallest and the largest value of a number, where the descriptor limits it."""
    rules = field.get("constraints", {})
    if "minimum" not in rules or field["type"] == "date":
        return ""
    return f" From {rules['minimum']}" + (f" to {rules['maximum']}." if "maximum" in rules else " up.")
