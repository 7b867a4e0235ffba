"""The provenance of a build as an RO-Crate: ``ro-crate-metadata.json`` by the profile Process Run Crate 0.5.

Says which notebook with which parameters, tables and versions made which page. Taken from the manifests, so
that it covers every edition that stands in the folder, however many builds or machines made them. What is the
same in every crate stands in ``templates/ro-crate.json``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kurskdata import disk
from kurskdata.reports.edition import manifest
from kurskdata.tables.descriptor import descriptor
from kurskdata.templates import FOLDER

Entity = dict[str, Any]
Manifest = Mapping[str, Any]

_MEDIA_TYPES = {".html": "text/html", ".ipynb": "application/x-ipynb+json"}


def write(out: Path) -> Path:
    """Writes the crate over all editions that stand in a folder; returns its path."""
    paths = sorted(out.glob(f"*/{manifest.NAME}"))
    manifests = {path.parent.name: json.loads(path.read_bytes()) for path in paths}
    entities: dict[str, Entity] = {}
    for folder, made in manifests.items():
        for entity in _edition(folder, made):
            entities.setdefault(entity["@id"], entity)
    keys = sorted(entities)
    crate = json.loads((FOLDER / "ro-crate.json").read_bytes())
    crate["@graph"][0] |= {
        "description": f"{len(manifests)} editions of reports on the Kursk campaign, with their charts.",
        "datePublished": max((m["parameters"]["as_of"] for m in manifests.values()), default="2025-03-14"),
        "hasPart": _ids(key for key in keys if entities[key]["@type"] in ("File", "Dataset")),
        "mentions": _ids(key for key in keys if entities[key]["@type"] == "CreateAction"),
    }
    crate["@graph"] += [entities[key] for key in keys]
    text = json.dumps(crate, ensure_ascii=False, indent=1, sort_keys=True)
    disk.write(out / "ro-crate-metadata.json", text + "\n")
    return out / "ro-crate-metadata.json"


def _ids(keys: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": key} for key in keys]


def _entity(key: str, kind: str, name: str, **properties: Any) -> Entity:
    return {"@id": key, "@type": kind, "name": name, **properties}


def _edition(folder: str, made: Manifest) -> Iterator[Entity]:
    """One edition: its folder, its files, and an action for every report."""
    suffixes = {path: Path(path).suffix for path in made["outputs"] if "/" not in path}
    pages = {path: _MEDIA_TYPES[suffix] for path, suffix in suffixes.items() if suffix in _MEDIA_TYPES}
    folder_name, folder = folder, quote(folder)
    parts = _ids(f"{folder}/{quote(path)}" for path in (manifest.NAME, *pages))
    description = "Pages, notebooks and charts; manifest.json has the hash of every file."
    yield _entity(f"{folder}/", "Dataset", folder_name, description=description, hasPart=parts)
    yield _entity(f"{folder}/{manifest.NAME}", "File", "Manifest", encodingFormat="application/json")
    for path, media_type in pages.items():
        size, digest = str(made["outputs"][path]["bytes"]), made["outputs"][path]["sha256"]
        file = {"encodingFormat": media_type, "contentSize": size, "sha256": digest}
        yield _entity(f"{folder}/{quote(path)}", "File", path, **file)
    software = list(_software(made))
    yield from software
    values = {name: value for name, value in made["parameters"].items() if value}
    parameters = [_entity(f"#{n}={value}", "PropertyValue", n, value=value) for n, value in values.items()]
    day = dt.datetime.fromisoformat(values["as_of"]).replace(tzinfo=dt.UTC)
    for stem, report in made["reports"].items():
        inputs = [*_inputs(stem, report), *parameters]
        yield from inputs
        failed = {"error": report["error"]} if "error" in report else {}
        yield _entity(
            f"#{folder}/{quote(stem)}",
            "CreateAction",
            f"{stem}, edition {folder_name}",
            description="Ran the notebook with these parameters on these tables, and wrote its page.",
            endTime=day.isoformat(),
            actionStatus={"@id": f"http://schema.org/{'Failed' if failed else 'Completed'}ActionStatus"},
            instrument={"@id": software[0]["@id"]},
            object=_ids(entity["@id"] for entity in inputs),
            result=_ids(f"{folder}/{quote(path)}" for path in pages if Path(path).stem == stem),
            **failed,
        )


def _software(made: Manifest) -> Iterator[Entity]:
    """kurskdata as the instrument, and what it needs."""
    kind, version, digest = "SoftwareApplication", made["package"]["version"], made["package"]["sha256"]
    versions = {**made["versions"], "python": made["python"]}
    needed = {
        f"#{name}-{v}": _entity(f"#{name}-{v}", kind, name, softwareVersion=v) for name, v in versions.items()
    }
    about = {"softwareVersion": version, "sha256": digest, "softwareRequirements": _ids(sorted(needed))}
    yield _entity(f"#kurskdata-{version}-{digest[:12]}", kind, "kurskdata", **about)
    yield from needed.values()


def _inputs(stem: str, report: Mapping[str, Any]) -> Iterator[Entity]:
    """Notebook and tables as they were, described here though they lie elsewhere."""
    digest = report["notebook"]
    form = {"encodingFormat": _MEDIA_TYPES[".ipynb"], "sha256": digest}
    yield _entity(f"#notebook-{quote(stem)}-{digest[:12]}", "CreativeWork", f"Notebook {stem}", **form)
    descriptions = {resource["name"]: resource["description"] for resource in descriptor()["resources"]}
    for name, digest in report["tables"].items():
        form = {"encodingFormat": "text/csv", "sha256": digest, "description": descriptions.get(name, name)}
        yield _entity(f"#table-{name}-{digest[:12]}", "CreativeWork", f"Table {name}", **form)
