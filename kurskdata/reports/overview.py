"""What is written over all editions in a folder, from what stands there and nothing else.

The index is for editors who take charts into articles: pictures load when they come into view, snippets are put together
when a button is pressed, so that it stays usable with hundreds of editions, from a file or a server. The proof sheet, for
review before anything is published, shows every chart of a day: the pages themselves, in all languages, light and dark, at
the widths of articles. The crate says which notebook with which parameters, tables and versions made which page, however
many builds or machines made them, by the profile Process Run Crate 0.5 of RO-Crate.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from PIL import Image

from kurskdata import disk
from kurskdata.charts.style.theme import DARK, LIGHT
from kurskdata.editions import THEMES, Edition
from kurskdata.embed.page import LISTENER, frame
from kurskdata.reports.edition import manifest
from kurskdata.tables.descriptor import WANTED, descriptor
from kurskdata.templates import FOLDER, filled
from kurskdata.words.language import LANGUAGES, Words

PROOF = "proof.html"
WIDTHS = {320: 330, 640: 230, 1200: 230}
"""Widths of the frames of the proof sheet in pixels (a phone, the column of an article, a wide page), and the height of
the words around a drawing, for frames whose page may not run its script."""

_WIDEST = {"wide": 860, "narrow": 440}
"""The width in pixels to which a page scales each drawing at most."""

_UNITS = {"km2": "sq km", "sq_mi": "sq mi"}
_MEDIA_TYPES = {".html": "text/html", ".ipynb": "application/x-ipynb+json"}

Entity = dict[str, Any]


def index(out: Path, address: str = "") -> Path:
    """Writes index.html over all editions in a folder, to be published at an address; returns its path."""
    marks = {
        name: f"%{name.upper()}%" for name in ("address", "title", "alt", "height")
    }  # differ between charts
    snippet = json.dumps(str(frame(SimpleNamespace(language="en", **marks))))
    text = filled(
        "index.html",
        editions=sorted(map(_listed, manifest.editions(out)), key=itemgetter("name"), reverse=True),
        frame=Markup(snippet.replace("<", "\\u003c")),
        light=LIGHT,
        dark=DARK,
        address=address,
        proof=(out / PROOF).is_file(),
        wanted=WANTED,
    )
    disk.write(out / "index.html", text)
    return out / "index.html"


def _listed(standing: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    """What the index says of one edition and its charts."""
    folder, held = standing
    given = held["parameters"]
    day = Words("en", given["units"]).date(dt.date.fromisoformat(given["as_of"]))
    parts = [day, given["language"], _UNITS[given["units"]], given["theme"]]
    if given["start"] or given["end"]:
        parts.append(f"{given['start']}..{given['end']}")
    charts = []
    for chart in held["charts"]:
        at = folder / "charts" / chart["name"]
        with Image.open(at / "chart.png") as picture:
            pixels = f"{picture.width} × {picture.height}"
        sent = len(gzip.compress((at / "index.html").read_bytes(), 6, mtime=0))
        sizes = {"sent": sent, "png": (at / "chart.png").stat().st_size, "pixels": pixels}
        charts.append({**chart, **sizes, "interactive": (at / "interactive.html").is_file()})
    return {**held, "folder": folder.name, "label": " · ".join(parts), "charts": charts}


def on_proof(batch: Iterable[Edition]) -> tuple[Edition, ...]:
    """The editions of a proof sheet: the latest of the batch in the first of its units, in every language. Light ones,
    whose pages turn dark too."""
    latest = max(batch, key=lambda edition: edition.as_of)
    return tuple(dataclasses.replace(latest, language=language, theme="light") for language in LANGUAGES)


def proof(out: Path, editions: Iterable[Edition]) -> Path:
    """Writes the proof sheet over these editions, as far as they stand in the folder; returns its path."""
    disk.write(out / PROOF, _sheet(out, editions))
    return out / PROOF


def proof_is_stale(out: Path, editions: Iterable[Edition]) -> str:
    """Why the sheet in the folder is not that over these editions; empty when it is."""
    if not (out / PROOF).is_file():
        return "missing"
    same = (out / PROOF).read_text("utf-8", "replace") == _sheet(out, editions)
    return "" if same else "shows other charts than stand here"


def proof_shows(out: Path, batch: Iterable[Edition]) -> tuple[Edition, ...]:
    """The editions that the sheet in the folder shows, by a batch that stands there; none where there is no sheet.

    Written over them, the sheet would be just as it is. For a sheet that was altered, they are those of the latest day.
    """
    if not (out / PROOF).is_file():
        return ()
    latest_first = sorted(batch, key=lambda edition: edition.as_of, reverse=True)
    sheets = list(dict.fromkeys(on_proof([edition]) for edition in latest_first))
    return next((sheet for sheet in sheets if not proof_is_stale(out, sheet)), sheets[0])


def _sheet(out: Path, editions: Iterable[Edition]) -> str:
    standing = {frozenset(held["parameters"].items()): (at, held) for at, held in manifest.editions(out)}
    wanted = sorted(editions, key=lambda edition: LANGUAGES.index(edition.language))
    frames: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for edition in wanted:
        folder, held = standing.get(frozenset(edition.parameters().items()), (out, {"charts": []}))
        for chart in held["charts"]:
            at = f"{folder.name}/charts/{chart['name']}/index.html"
            shown = {
                "language": edition.language,
                "title": chart["title"],
                "at": at,
                "heights": heights(chart),
            }
            frames[chart["name"]].append(shown)
    shown = {"charts": frames, "widths": [*WIDTHS], "themes": THEMES, "edition": wanted[0]}
    return filled(PROOF, listener=LISTENER, **shown)


def heights(chart: dict[str, Any]) -> dict[int, int]:
    """The height of a frame by its width, in pixels, from the sizes of both drawings."""
    found = {}
    for width, around in WIDTHS.items():
        drawing = "wide" if width > chart["wide"]["width"] else "narrow"
        scale = min(width, _WIDEST[drawing]) / chart[drawing]["width"]
        found[width] = round(chart[drawing]["height"] * scale) + around
    return found


def crate(out: Path) -> None:
    """Writes ``ro-crate-metadata.json``; what is the same in every crate stands in ``templates/ro-crate.json``."""
    paths = sorted(out.glob(f"*/{manifest.NAME}"))
    manifests = {path.parent.name: known for path in paths if (known := manifest.read(path.parent))}
    found = [entity for folder, made in manifests.items() for entity in _entities(folder, made)]
    entities = {entity["@id"]: entity for entity in sorted(found, key=itemgetter("@id"))}
    whole = json.loads((FOLDER / "ro-crate.json").read_bytes())
    whole["@graph"][0] |= {
        "description": f"{len(manifests)} editions of reports on the Kursk campaign, with their charts.",
        "datePublished": max((m["parameters"]["as_of"] for m in manifests.values()), default="2025-03-14"),
        "hasPart": _ids(one for one in entities.values() if one["@type"] in ("File", "Dataset")),
        "mentions": _ids(one for one in entities.values() if one["@type"] == "CreateAction"),
    }
    whole["@graph"] += entities.values()
    disk.write(out / "ro-crate-metadata.json", manifest.text(whole))


def _ids(entities: Iterable[Entity]) -> list[Entity]:
    return [{"@id": entity["@id"]} for entity in entities]


def _entity(key: str, kind: str, name: str, form: str = "", **properties: Any) -> Entity:
    return {
        "@id": key,
        "@type": kind,
        "name": name,
        **({"encodingFormat": form} if form else {}),
        **properties,
    }


def _entities(folder: str, made: Mapping[str, Any]) -> Iterator[Entity]:
    """One edition: its folder and files, kurskdata and what it needs, and an action for every report with its inputs."""
    at, values = quote(folder), {name: value for name, value in made["parameters"].items() if value}
    files = [_entity(f"{at}/{manifest.NAME}", "File", "Manifest", "application/json")]
    for path, told in made["outputs"].items():
        if "/" not in path and (form := _MEDIA_TYPES.get(Path(path).suffix)):
            about = {"contentSize": str(told["bytes"]), "sha256": told["sha256"]}
            files.append(_entity(f"{at}/{quote(path)}", "File", path, form, **about))
    description = "Pages, notebooks and charts; manifest.json has the hash of every file."
    yield _entity(f"{at}/", "Dataset", folder, description=description, hasPart=_ids(files))
    yield from files
    kind, version, digest = "SoftwareApplication", made["package"]["version"], made["package"]["sha256"]
    versions = sorted({**made["versions"], "python": made["python"]}.items())
    needed = [_entity(f"#{name}-{v}", kind, name, softwareVersion=v) for name, v in versions]
    about = {"softwareVersion": version, "sha256": digest, "softwareRequirements": _ids(needed)}
    package = _entity(f"#kurskdata-{version}-{digest[:12]}", kind, "kurskdata", **about)
    yield from (package, *needed)
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
            instrument={"@id": package["@id"]},
            object=_ids(inputs),
            result=_ids(file for file in files[1:] if Path(file["name"]).stem == stem),
            **failed,
        )


def _inputs(stem: str, report: Mapping[str, Any]) -> Iterator[Entity]:
    """Notebook and tables as they were, described here though they lie elsewhere."""
    key, kind, digest = f"#notebook-{quote(stem)}", "CreativeWork", report["notebook"]
    yield _entity(f"{key}-{digest[:12]}", kind, f"Notebook {stem}", _MEDIA_TYPES[".ipynb"], sha256=digest)
    descriptions = {resource["name"]: resource["description"] for resource in descriptor()["resources"]}
    for name, digest in report["tables"].items():
        about = {"sha256": digest, "description": descriptions.get(name, name)}
        yield _entity(f"#table-{name}-{digest[:12]}", kind, f"Table {name}", "text/csv", **about)
