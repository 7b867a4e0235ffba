"""The provenance of a build as an RO-Crate: ``ro-crate-metadata.json`` by the profile Process Run Crate 0.5.

Says which notebook with which parameters, tables and versions made which page. Taken from the manifests, so
that it covers every edition that stands in the folder, however many builds or machines made them. What is the
same in every crate stands in ``templates/ro-crate.json``.
"""

from __future__ import annotations

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
    found = [entity for folder, made in manifests.items() for entity in _edition(folder, made)]
    entities = {entity["@id"]: entity for entity in sorted(found, key=lambda entity: entity["@id"])}
    crate = json.loads((FOLDER / "ro-crate.json").read_bytes())
    crate["@graph"][0] |= {
        "description": f"{len(manifests)} editions of reports on the Kursk campaign, with their charts.",
        "datePublished": max((m["parameters"]["as_of"] for m in manifests.values()), default="2025-03-14"),
        "hasPart": _ids(one for one in entities.values() if one["@type"] in ("File", "Dataset")),
        "mentions": _ids(one for one in entities.values() if one["@type"] == "CreateAction"),
    }
    crate["@graph"] += entities.values()
    disk.write(out / "ro-crate-metadata.json", manifest.text(crate))
    return out / "ro-crate-metadata.json"


def _ids(entities: Iterable[Entity]) -> list[Entity]:
    return [{"@id": entity["@id"]} for entity in entities]


def _entity(key: str, kind: str, name: str, **properties: Any) -> Entity:
    return {"@id": key, "@type": kind, "name": name, **properties}


def _edition(folder: str, made: Manifest) -> Iterator[Entity]:
    """One edition: its folder, its files, and an action for every report."""
    at, form = quote(folder), "encodingFormat"
    files = [_entity(f"{at}/{manifest.NAME}", "File", "Manifest", **{form: "application/json"})]
    for path, told in made["outputs"].items():
        media_type = _MEDIA_TYPES.get(Path(path).suffix)
        if media_type and "/" not in path:
            about = {"contentSize": str(told["bytes"]), "sha256": told["sha256"], form: media_type}
            files.append(_entity(f"{at}/{quote(path)}", "File", path, **about))
    description = "Pages, notebooks and charts; manifest.json has the hash of every file."
    yield _entity(f"{at}/", "Dataset", folder, description=description, hasPart=_ids(files))
    software = list(_software(made))
    yield from (*files, *software)
    values = {name: value for name, value in made["parameters"].items() if value}
    parameters = [_entity(f"#{n}={value}", "PropertyValue", n, value=value) for n, value in values.items()]
    for stem, report in made["reports"].items():
        inputs = [*_inputs(stem, report), *parameters]
        yield from inputs
        failed = {"error": report["error"]} if "error" in report else {}
        yield _entity(
            f"#{at}/{quote(stem)}",
            "CreateAction",
            f"{stem}, edition {folder}",
            description="Ran the notebook with these parameters on these tables, and wrote its page.",
            endTime=f"{values['as_of']}T00:00:00+00:00",
            actionStatus={"@id": f"http://schema.org/{'Failed' if failed else 'Completed'}ActionStatus"},
            instrument=_ids(software)[0],
            object=_ids(inputs),
            result=_ids(file for file in files[1:] if Path(file["name"]).stem == stem),
            **failed,
        )


def _software(made: Manifest) -> Iterator[Entity]:
    """kurskdata as the instrument, and what it needs."""
    kind, version, digest = "SoftwareApplication", made["package"]["version"], made["package"]["sha256"]
    versions = sorted({**made["versions"], "python": made["python"]}.items())
    needed = [_entity(f"#{name}-{v}", kind, name, softwareVersion=v) for name, v in versions]
    about = {"softwareVersion": version, "sha256": digest, "softwareRequirements": _ids(needed)}
    yield _entity(f"#kurskdata-{version}-{digest[:12]}", kind, "kurskdata", **about)
    yield from needed


def _inputs(stem: str, report: Mapping[str, Any]) -> Iterator[Entity]:
    """Notebook and tables as they were, described here though they lie elsewhere."""
    digest = report["notebook"]
    form = {"encodingFormat": _MEDIA_TYPES[".ipynb"], "sha256": digest}
    yield _entity(f"#notebook-{quote(stem)}-{digest[:12]}", "CreativeWork", f"Notebook {stem}", **form)
    descriptions = {resource["name"]: resource["description"] for resource in descriptor()["resources"]}
    for name, digest in report["tables"].items():
        form = {"encodingFormat": "text/csv", "sha256": digest, "description": descriptions.get(name, name)}
        yield _entity(f"#table-{name}-{digest[:12]}", "CreativeWork", f"Table {name}", **form)
