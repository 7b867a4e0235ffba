"""How fast, and in how much memory, an archive of the full size is measured. Not a test; run it by hand:

    python tests/bench_measure.py [--snapshots 1359] [--jobs N]

It writes a synthetic archive of DeepState's layout into a temporary folder: snapshots of about 220 KB with
polygons all over Europe, no two alike, so that nothing is gained from a repeated geometry. It prints
snapshots per second and core, and an upper bound of the peak memory of all processes together.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from kurskdata.tables.measure import measure

FULL_ARCHIVE = 1359
FILLS = ("#a52714", "#0f9d58", "#bcaaa4", "#01579b", "#bdbdbd")
FIRST = 1649000000  # 2022-04-03


def blob(chance: random.Random, lon: float, lat: float, radius: float, points: int) -> list[list[float]]:
    """A ring round a place with bays and small noise; one in twenty crosses itself."""
    bays = [(chance.randint(2, 12), chance.uniform(0, 6.3), chance.uniform(0, 0.1)) for _ in range(4)]
    ring = []
    for step in range(points):
        angle = 2 * math.pi * step / points
        reach = 0.8 + sum(depth * math.sin(waves * angle + shift) for waves, shift, depth in bays)
        reach *= radius * chance.uniform(0.99, 1.0)
        ring.append(
            [round(lon + 1.6 * reach * math.cos(angle), 7), round(lat + reach * math.sin(angle), 7), 0]
        )
    if chance.random() < 0.05:
        ring[points // 3], ring[points // 3 + 2] = ring[points // 3 + 2], ring[points // 3]
    return [*ring, ring[0]]


def snapshot(chance: random.Random) -> dict[str, Any]:
    """Six polygons in and round the measuring box, of both fills that count, and 54 elsewhere of any fill."""
    places = [(35.1, 51.2, 0.20, 450, "#01579b"), (35.2, 51.3, 0.25, 450, "#bdbdbd")]
    places += [(34.28, 51.31, 0.02, 40, "#01579b"), (34.28, 51.3, 0.03, 40, "#bdbdbd")]
    places += [(35.3, 51.0, 0.1, 150, "#01579b"), (35.0, 51.4, 0.1, 150, "#bdbdbd")]
    for _ in range(54):
        lon, lat = chance.uniform(22, 40), chance.uniform(44, 50)
        places.append((lon, lat, chance.uniform(0.05, 1.0), 130, chance.choice(FILLS)))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [blob(chance, *place[:4])]},
            "properties": {
                "name": "Unknown status",
                "fill": place[4],
                "fill-opacity": 0.3,
                "stroke-width": 1.2,
            },
        }
        for place in places
    ]
    return {"type": "FeatureCollection", "features": features}


def make_archive(folder: Path, *, snapshots: int) -> float:
    """Write the archive; returns the mean size of a snapshot in KB."""
    chance = random.Random(6)
    size = 0
    for number in range(snapshots):
        text = json.dumps(snapshot(chance), separators=(",", ":"))
        size += (folder / f"{FIRST + number * 86400}.geojson").write_text(text)
    return size / snapshots / 1000


def cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def run(folder: Path, jobs: int) -> None:
    start, busy = time.perf_counter(), cpu_seconds()
    measured = measure("deepstate", folder, jobs=jobs)
    seconds, busy = time.perf_counter() - start, cpu_seconds() - busy
    own, child = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    peak = own + (jobs * child if jobs > 1 else 0)
    files = measured.provenance["files"]
    # On a machine that does other work too, the second rate is the one to go by.
    print(
        f"jobs {jobs}: {files} snapshots in {seconds:.1f} s = {files / seconds / jobs:.0f} per second and core, "
        f"{files / busy:.0f} per second of CPU; peak memory at most {peak:.0f} MB; "
        f"{len(measured.rows)} rows, {len(measured.skipped)} skipped"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a synthetic archive and print rate and memory.")
    parser.add_argument("--snapshots", type=int, default=FULL_ARCHIVE)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        size = make_archive(Path(folder), snapshots=options.snapshots)
        print(f"{options.snapshots} snapshots of {size:.0f} KB")
        for jobs in sorted({1, options.jobs}):
            run(Path(folder), jobs)


if __name__ == "__main__":
    main()
