"""The provenance of a build as an RO-Crate: ``ro-crate-metadata.json`` by the profile Process Run Crate 0.5.

Says which notebook with which parameters, tables and versions made which page. Taken from the manifests, so
that it covers every edition that stands in the folder, however many builds or machines made them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kurskdata import disk
from kurskdata.reports.edition import manifest
from kurskdata.tables.descriptor import descriptor, resource

_CONTEXT = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"

Entity = dict[str, Any]


def write(out: Path) -> Path:
    """Writes the crate over all editions that stand in a folder."""
    manifests = [json.loads(path.read_bytes()) for path in sorted(out.glob(f"*/{manifest.NAME}"))]
    found: dict[str, Entity] = {}
    for made in manifests:
        for entity in _edition(made):
            found.setdefault(entity["@id"], entity)
    graph = [*_root(manifests, found), *(found[key] for key in sorted(found))]
    text = json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1, sort_keys=True)
    disk.write(out / "ro-crate-metadata.json", text + "\n", synced=True)
    return out / "ro-crate-metadata.json"


def _root(manifests: list[Mapping[str, Any]], found: Mapping[str, Entity]) -> Iterator[Entity]:
    """The crate itself."""
    about = {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}}
    yield {**about, "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}}
    days = [made["parameters"]["as_of"] for made in manifests]
    yield {
        "@id": "./",
        "@type": "Dataset",
        "conformsTo": {"@id": _PROFILE},
        "name": "Reports of kurskdata",
        "description": f"{len(manifests)} editions of reports on the Kursk campaign, with their charts.",
        "datePublished": max(days, default="2025-03-14"),
        "license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        "author": {"@id": "#authors"},
        "publisher": {"@id": "#authors"},
        "hasPart": _ids(e for e in found.values() if e["@type"] in ("File", "Dataset")),
        "mentions": _ids(e for e in found.values() if e["@type"] == "CreateAction"),
    }
    yield {"@id": "#authors", "@type": "Organization", "name": "The kurskdata authors"}
    yield {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    licence = {"@id": "https://creativecommons.org/licenses/by/4.0/", "@type": "CreativeWork"}
    yield {**licence, "name": "Creative Commons Attribution 4.0 International"}


def _ids(entities: Any) -> list[dict[str, str]]:
    return [{"@id": key} for key in sorted({e["@id"] for e in entities})]


def _edition(made: Mapping[str, Any]) -> Iterator[Entity]:
    """One edition: its folder, its files, and an action for every report."""
    name = made["edition"]
    parts = [f"{name}/{path}" for path in (manifest.NAME, *_listed(made))]
    description = "Pages, notebooks and charts; manifest.json has the hash of every file."
    folder = {"@id": f"{name}/", "@type": "Dataset", "name": name, "description": description}
    yield {**folder, "hasPart": [{"@id": part} for part in parts]}
    manifested = {
        "@id": f"{name}/{manifest.NAME}",
        "@type": "File",
        "name": "Manifest",
        "encodingFormat": "application/json",
    }
    yield manifested
    for path, form in _listed(made).items():
        told = made["outputs"][path]
        file = {"@id": f"{name}/{path}", "@type": "File", "name": path, "encodingFormat": form}
        yield {**file, "contentSize": str(told["bytes"]), "sha256": told["sha256"]}
    software = list(_software(made))
    yield from software
    for stem, report in sorted(made["reports"].items()):
        yield from _report(made, stem, report, software[0]["@id"])


def _listed(made: Mapping[str, Any]) -> dict[str, str]:
    """Pages and notebooks of an edition with their media types."""
    forms = {".html": "text/html", ".ipynb": "application/x-ipynb+json"}
    return {
        path: forms[Path(path).suffix]
        for path in made["outputs"]
        if "/" not in path and Path(path).suffix in forms
    }


def _software(made: Mapping[str, Any]) -> Iterator[Entity]:
    """kurskdata as the instrument, and what it needs."""
    told = made["package"]
    needs = [(f"#{name}-{version}", name, version) for name, version in made["versions"].items()]
    needs.append((f"#python-{made['python']}", "python", made["python"]))
    yield {
        "@id": f"#kurskdata-{told['version']}-{told['sha256'][:12]}",
        "@type": "SoftwareApplication",
        "name": "kurskdata",
        "softwareVersion": told["version"],
        "sha256": told["sha256"],
        "softwareRequirements": [{"@id": key} for key, _, _ in sorted(needs)],
    }
    for key, name, version in needs:
        yield {"@id": key, "@type": "SoftwareApplication", "name": name, "softwareVersion": version}


def _report(made: Mapping[str, Any], stem: str, report: Mapping[str, Any], software: str) -> Iterator[Entity]:
    """The action that made one report, and what went into it."""
    inputs = [*_inputs(stem, report), *_parameters(made["parameters"])]
    yield from inputs
    day = dt.datetime.fromisoformat(made["parameters"]["as_of"]).replace(tzinfo=dt.UTC)
    failed = "error" in report
    action: Entity = {
        "@id": f"#{made['edition']}/{stem}",
        "@type": "CreateAction",
        "name": f"{stem}, edition {made['edition']}",
        "description": "Ran the notebook with these parameters on these tables, and wrote its page.",
        "instrument": {"@id": software},
        "object": [{"@id": entity["@id"]} for entity in inputs],
        "result": [{"@id": f"{made['edition']}/{path}"} for path in _listed(made) if Path(path).stem == stem],
        "endTime": day.isoformat(),
        "actionStatus": {
            "@id": f"http://schema.org/{'FailedActionStatus' if failed else 'CompletedActionStatus'}"
        },
    }
    yield action | ({"error": report["error"]} if failed else {})


def _inputs(stem: str, report: Mapping[str, Any]) -> Iterator[Entity]:
    """Notebook and tables, as they were: things described here that lie elsewhere."""
    yield {
        "@id": f"#notebook-{stem}-{report['notebook'][:12]}",
        "@type": "CreativeWork",
        "name": f"Notebook {stem}",
        "encodingFormat": "application/x-ipynb+json",
        "sha256": report["notebook"],
    }
    for name, known in report["tables"].items():
        described = (
            resource(name)["description"] if name in {r["name"] for r in descriptor()["resources"]} else name
        )
        table = {"@id": f"#table-{name}-{known[:12]}", "@type": "CreativeWork", "name": f"Table {name}"}
        yield {**table, "description": described, "encodingFormat": "text/csv", "sha256": known}


def _parameters(parameters: Mapping[str, str]) -> Iterator[Entity]:
    for name, value in parameters.items():
        if value:
            yield {"@id": f"#{name}={value}", "@type": "PropertyValue", "name": name, "value": value}
