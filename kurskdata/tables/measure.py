"""Areas measured from map archives: the table ``control``.

Two observers publish a map a day, and a public archive keeps each. ``measure`` turns a folder of such an
archive into rows: one row is one pocket on one day (UTC) of one map, with the geodesic area in square
kilometres (WGS84) that the map draws inside the Kursk oblast as held by Ukraine, and as unclear.

- DeepState (deepstatemap.live): ``<unix time>.geojson``, polygons told apart by their fill colour.
- Project Owl (UAControlMap): ``YYYYMMDD.json``, rings of [latitude, longitude]; it draws no unclear status.

A cell is blank where the map draws no area of that kind: what is not drawn is not zero.
Needs shapely and pyproj (the extra ``kurskdata[control]``), and no network.
"""

from __future__ import annotations

import gc
import hashlib
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from kurskdata.errors import InputError, choice, require
from kurskdata.tables.descriptor import MAPS, Map

require("map measurements", "control", "pyproj", "shapely")

import pyproj
import shapely

COLUMNS = ("date", "observer", "pocket", "held_km2", "unclear_km2", "status", "snapshot")
# West, south, east, north. A centroid in TYOTKINO is near Tyotkino, elsewhere in BOX it is round Sudzha.
BOX = (34.0, 50.85, 36.2, 51.9)
_REGION = (20.0, 43.0, 50.0, 60.0)  # an archive that draws nothing here has other coordinates
TYOTKINO = (34.24, 51.28, 34.31, 51.34)
METHOD = (
    "Polygons whose centroid lies in 34.0-36.2 E, 50.85-51.9 N, repaired and unioned; geodesic area on the "
    "WGS84 ellipsoid; held wins over unclear where they overlap; the pocket near Tyotkino is what has its "
    "centroid in 34.24-34.31 E, 51.28-51.34 N; the last readable snapshot of a day (UTC) stands for the day."
)
_WGS84 = pyproj.Geod(ellps="WGS84")
_FILLS = {"#01579b": "held", "#bdbdbd": "unclear"}
_CHUNK = 16  # snapshots handed to a process at once
_MAX_JOBS = 8  # by default: a process takes about 100 MB, and all together stay under 1 GB

Progress = Callable[[int, int], None]
Rings = list[list[Any]]
Areas = dict[str, dict[str, float]]  # pocket -> held | unclear -> sq km; what is not drawn has no entry
Shapes = dict[tuple[str, str], shapely.Geometry]  # (held | unclear, pocket) -> what is drawn, in degrees


@dataclass(frozen=True)
class Measurement:
    """What was measured: the rows, what was left out, and how the rows came about.

    ``rows`` has the columns of ``control``: ``date`` as YYYY-MM-DD, areas in sq km, rounded to 0.01, missing
    where not drawn. ``skipped`` holds (file name, reason) for every file that could not be measured.
    """

    rows: pd.DataFrame
    skipped: tuple[tuple[str, str], ...]
    provenance: dict[str, Any]


class _Snapshot(NamedTuple):
    file: str
    digest: str
    day: date | None = None
    areas: Areas | None = None
    fault: str = ""


def measure(
    observer: str, folder: str | Path, *, jobs: int | None = None, progress: Progress | None = None
) -> Measurement:
    """Measure every snapshot of one observer's archive: ``deepstate`` or ``owlmaps``.

    ``folder`` is the root of the public archive or the folder with its snapshots. ``jobs`` is the number of
    processes (by default one a core, at most 8); it does not change the result. ``progress`` is called with
    (files done, files in all). A file that is corrupt, empty or truncated is listed in ``skipped``, the rest
    is measured. Raises InputError when the observer is unknown, the folder is missing or holds no snapshot.
    """
    if jobs is not None and jobs < 1:
        raise InputError(f"jobs: {jobs} is not allowed; at least 1 is needed")
    files = _files(MAPS[choice("observer", observer, tuple(MAPS))], Path(folder))
    jobs = jobs or min(os.cpu_count() or 1, _MAX_JOBS, math.ceil(len(files) / _CHUNK))
    work, snapshots = partial(_snapshot, observer), []
    with ExitStack() as stack:
        gc.freeze()  # or all that is loaded is searched for garbage again and again: a quarter faster
        stack.callback(gc.unfreeze)
        pool = stack.enter_context(ProcessPoolExecutor(jobs, initializer=gc.freeze)) if jobs > 1 else None
        for snapshot in pool.map(work, files, chunksize=_CHUNK) if pool else map(work, files):
            snapshots.append(snapshot)
            if progress:
                progress(len(snapshots), len(files))
    skipped = tuple((s.file, s.fault) for s in snapshots if s.fault)
    return Measurement(_rows(observer, snapshots), skipped, _provenance(observer, snapshots))


def shapes(observer: str, folder: str | Path, snapshots: Iterable[str]) -> list[Shapes]:
    """What the snapshots of these names draw, as `measure` counts it: held and unclear in each pocket, apart."""
    named = {path.name: path for path in _files(MAPS[observer], Path(folder))}
    return [_shapes(_READERS[observer](json.loads(named[name].read_bytes()))) for name in snapshots]


def csv_text(rows: pd.DataFrame) -> str:
    """Rows of one or more measurements as the text of ``control.csv``: sorted by key, LF, two decimals."""
    return rows.sort_values(list(COLUMNS[:3])).to_csv(index=False, float_format="%.2f", lineterminator="\n")


def _files(archive: Map, folder: Path) -> list[Path]:
    """The snapshots in the order of their time. Raises InputError when there are none."""
    if not folder.is_dir():
        raise InputError(f"{folder}: not a folder; a folder with files named {archive.layout} is needed")
    for place in (folder, folder / archive.below):
        paths = place.iterdir() if place.is_dir() else ()
        if found := [path for path in paths if re.fullmatch(archive.file_name, path.name)]:
            return sorted(found, key=lambda path: int(path.stem))
    raise InputError(f"{folder}: no file is named {archive.layout}, as in {archive.repository}")


def _snapshot(observer: str, path: Path) -> _Snapshot:
    """One file: its day and the areas drawn, or the reason why it cannot be measured."""
    digest = "unreadable"
    try:
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        is_time = observer == "deepstate"
        day = datetime.fromtimestamp(int(path.stem), UTC).date() if is_time else date.fromisoformat(path.stem)
        areas = Areas()
        for (kind, pocket), shape in _shapes(_READERS[observer](json.loads(content))).items():
            # Areas are signed: a shell counts, and a hole, which runs against it, is subtracted.
            area, _ = _WGS84.geometry_area_perimeter(shapely.orient_polygons(shape))
            areas.setdefault(pocket, {})[kind] = round(abs(area) / 1e6, 2)
        return _Snapshot(path.name, digest, day, areas)
    except (json.JSONDecodeError, UnicodeDecodeError) as fault:
        reason = f"corrupt or truncated JSON ({fault})" if content.strip() else "empty file"
        return _Snapshot(path.name, digest, fault=reason)
    except Exception as fault:  # whatever one file holds, the others are still measured
        return _Snapshot(path.name, digest, fault=f"cannot be measured ({type(fault).__name__}: {fault})")


def _deepstate(document: Any) -> Iterator[tuple[str, Rings]]:
    """(kind, rings) of every polygon whose fill means held by Ukraine in Russia or unclear there."""
    for feature in document["features"]:
        fill = str((feature.get("properties") or {}).get("fill")).lower()
        if kind := _FILLS.get(fill[:7]):  # a fill may have its opacity at the end
            yield from ((kind, rings) for rings in _polygons(feature.get("geometry")))


def _polygons(geometry: Any) -> Iterator[Rings]:
    """The polygons of a GeoJSON geometry, which may be null."""
    if geometry and geometry["type"] == "GeometryCollection":
        for one in geometry["geometries"]:
            yield from _polygons(one)
    elif geometry and geometry["type"] in ("Polygon", "MultiPolygon"):
        coordinates = geometry["coordinates"]
        yield from [coordinates] if geometry["type"] == "Polygon" else coordinates


def _owlmaps(document: Any) -> Iterator[tuple[str, Rings]]:
    """("held", rings) of every ring in ``areas_ua``; early files lack that key and have ``areas`` alone."""
    for ring in document["areas_ua"] if "areas_ua" in document else document["areas"][:0]:
        yield "held", [[(lon, lat) for lat, lon, *_ in ring]]


_READERS = {"deepstate": _deepstate, "owlmaps": _owlmaps}


def _shapes(polygons: Iterator[tuple[str, Rings]]) -> Shapes:
    """What is drawn by kind and pocket; no spot counts twice: what is counted first is taken from the rest."""
    drawn: dict[tuple[str, str], list[shapely.Geometry]] = {}
    found = [(kind, rings) for kind, rings in polygons if rings and rings[0]]
    if found and not any(_meets(rings[0], _REGION) for _, rings in found):
        what = "latitude and longitude may be swapped, or no degrees"
        raise ValueError(f"no polygon lies in Ukraine or western Russia; {what}")
    for kind, rings in found:
        # Most polygons of a map lie elsewhere: compare bare numbers before any geometry is built.
        if _meets(rings[0], BOX):
            raw = [shapely.Polygon([point[:2] for point in ring]) for ring in rings if ring]
            if not math.isfinite(sum(one.length for one in raw)):
                raise ValueError("a coordinate is not a number")
            # "structure" keeps all that a crossing ring encloses, and yields areas only, no stray lines.
            shell, *holes = shapely.make_valid(raw, method="structure", keep_collapsed=False)
            polygon = shapely.difference(shell, shapely.union_all(holes))
            if shapely.box(*BOX).covers(polygon.centroid):
                pocket = "tyotkino" if shapely.box(*TYOTKINO).covers(polygon.centroid) else "sudzha"
                drawn.setdefault((kind, pocket), []).append(polygon)
    shapes, taken = Shapes(), shapely.union_all([])
    # Held before unclear, the small pocket before the large one.
    for kind, pocket in sorted(drawn, key=lambda key: (key[0], key[1] != "tyotkino")):
        whole = shapely.union_all(drawn[kind, pocket])
        shapes[kind, pocket] = shapely.difference(whole, taken)
        taken = shapely.union(taken, whole)
    return shapes


def _meets(ring: list[Any], box: tuple[float, float, float, float]) -> bool:
    lons, lats = [point[0] for point in ring], [point[1] for point in ring]
    # Negated, so that a coordinate that is not a number is not passed over here but refused later.
    return not (min(lons) > box[2] or max(lons) < box[0] or min(lats) > box[3] or max(lats) < box[1])


def _rows(observer: str, snapshots: list[_Snapshot]) -> pd.DataFrame:
    """One row per pocket and day with a snapshot; near Tyotkino from the first day on which it is drawn."""
    last = {s.day: (s.areas, s.file) for s in snapshots if s.areas is not None}  # of a day the last stays
    known, rows = {"sudzha"}, []
    for day, (areas, file) in last.items():
        known |= areas.keys()
        for pocket in sorted(known):
            drawn = areas.get(pocket, {})
            cells = (drawn.get("held"), drawn.get("unclear"), "drawn" if drawn else "not_drawn")
            rows.append((str(day), observer, pocket, *cells, file))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"held_km2": "float64", "unclear_km2": "float64"})


def _provenance(observer: str, snapshots: list[_Snapshot]) -> dict[str, Any]:
    inputs = "".join(f"{s.file} {s.digest}\n" for s in snapshots)  # in order of time on every file system
    days = [str(s.day) for s in snapshots if s.areas is not None]
    versions = {"shapely": shapely.__version__, "GEOS": shapely.geos_version_string}
    versions |= {"pyproj": pyproj.__version__, "PROJ": pyproj.proj_version_str}
    return {
        "observer": observer,
        "archive": MAPS[observer].repository,
        "first_date": min(days, default=None),
        "last_date": max(days, default=None),
        "files": len(snapshots),
        "skipped": sum(bool(s.fault) for s in snapshots),
        "sha256": hashlib.sha256(inputs.encode()).hexdigest(),
        "method": METHOD,
        "versions": versions,
    }
