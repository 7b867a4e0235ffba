"""Areas measured from map archives: made-up polygons whose area is known on paper, and the shipped table."""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("shapely")
pytest.importorskip("pyproj")

from kurskdata.errors import InputError, KurskdataError
from kurskdata.tables import measure as control

TABLE = Path(__file__).parent.parent / "data" / "control.csv"
HELD, UNCLEAR, OCCUPIED = "#01579b", "#bdbdbd", "#a52714"
AUGUST_20 = 1724112000  # 2024-08-20 00:00 UTC
DAY = 86400
SUDZHA = (35.0, 51.1, 35.2, 51.2)  # west, south, east, north
TYOTKINO = (34.26, 51.29, 34.30, 51.32)


def cell_km2(west: float, south: float, east: float, north: float) -> float:
    """Area between two meridians and two parallels: the closed form for a zone of the WGS84 ellipsoid."""
    major, flattening = 6378.137, 1 / 298.257223563
    e = math.sqrt(flattening * (2 - flattening))

    def to_equator(degrees: float) -> float:
        sine = math.sin(math.radians(degrees))
        return sine / (1 - (e * sine) ** 2) + math.atanh(e * sine) / e

    minor = major * (1 - flattening)
    return minor**2 / 2 * math.radians(east - west) * (to_equator(north) - to_equator(south))


def ring(box: tuple[float, float, float, float]) -> list[list[float]]:
    west, south, east, north = box
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(fill: str | None, *rings: list[list[float]]) -> dict[str, Any]:
    """A polygon as DeepState writes it: three coordinates a point, and the colour of its fill."""
    coordinates = [[[*point, 0] for point in one] for one in rings]
    geometry = {"type": "Polygon", "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": {"fill": fill, "stroke-width": 1.2}}


def deepstate(folder: Path, unix_time: int, *features: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{unix_time}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), "utf-8")
    return path


def owlmaps(folder: Path, day: str, *rings: list[list[float]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{day}.json"
    held = [[[lat, lon] for lon, lat in one] for one in rings]
    path.write_text(json.dumps({"areas": [], "areas_ua": held}), "utf-8")
    return path


def rows(folder: Path, observer: str = "deepstate") -> list[tuple[Any, ...]]:
    """(date, pocket, held, unclear, status) of every row; None where blank."""
    frame = control.measure(observer, folder, jobs=1).rows
    cells = frame[["date", "pocket", "held_km2", "unclear_km2", "status"]].astype(object)
    return list(cells.where(frame.notna(), None).itertuples(index=False, name=None))


def test_area_of_a_cell_is_that_of_the_ellipsoid(tmp_path: Path) -> None:
    deepstate(tmp_path, AUGUST_20, feature(HELD, ring(SUDZHA)))
    expected = pytest.approx(cell_km2(*SUDZHA), abs=0.011)
    assert rows(tmp_path) == [("2024-08-20", "sudzha", expected, None, "drawn")]


def test_owlmaps_rings_are_latitude_then_longitude(tmp_path: Path) -> None:
    owlmaps(tmp_path, "20240820", ring(SUDZHA))
    expected = pytest.approx(cell_km2(*SUDZHA), abs=0.011)
    assert rows(tmp_path, "owlmaps") == [("2024-08-20", "sudzha", expected, None, "drawn")]


@pytest.mark.parametrize("turn", [1, -1])
def test_a_hole_is_subtracted_whichever_way_it_runs(tmp_path: Path, turn: int) -> None:
    hole = (35.05, 51.12, 35.1, 51.15)
    deepstate(tmp_path, AUGUST_20, feature(HELD, ring(SUDZHA), ring(hole)[::turn]))
    assert rows(tmp_path)[0][2] == pytest.approx(cell_km2(*SUDZHA) - cell_km2(*hole), abs=0.02)


def test_a_multipolygon_is_measured_part_by_part(tmp_path: Path) -> None:
    both = feature(HELD)
    both["geometry"] = {"type": "MultiPolygon", "coordinates": [[ring(SUDZHA)], [ring(TYOTKINO)]]}
    deepstate(tmp_path, AUGUST_20, both)
    assert [row[1] for row in rows(tmp_path)] == ["sudzha", "tyotkino"]


def test_overlapping_polygons_count_once(tmp_path: Path) -> None:
    west, east = (35.0, 51.1, 35.2, 51.2), (35.1, 51.1, 35.3, 51.2)
    deepstate(
        tmp_path, AUGUST_20, feature(HELD, ring(west)), feature(HELD, ring(east)), feature(HELD, ring(east))
    )
    assert rows(tmp_path)[0][2] == pytest.approx(cell_km2(35.0, 51.1, 35.3, 51.2), abs=0.02)


def test_held_wins_over_unclear(tmp_path: Path) -> None:
    unclear = (35.1, 51.1, 35.3, 51.2)
    deepstate(tmp_path, AUGUST_20, feature(UNCLEAR, ring(unclear)), feature(HELD, ring(SUDZHA)))
    held_km2, unclear_km2 = rows(tmp_path)[0][2:4]
    assert held_km2 == pytest.approx(cell_km2(*SUDZHA), abs=0.011)
    assert unclear_km2 == pytest.approx(cell_km2(35.2, 51.1, 35.3, 51.2), abs=0.02)


def test_pockets_that_overlap_share_no_ground(tmp_path: Path) -> None:
    round_it = (34.1, 51.2, 34.7, 51.4)
    unclear = feature(UNCLEAR, ring(TYOTKINO))
    deepstate(tmp_path, AUGUST_20, feature(HELD, ring(round_it)), feature(HELD, ring(TYOTKINO)), unclear)
    sudzha, tyotkino = rows(tmp_path)
    assert sudzha[2] + tyotkino[2] == pytest.approx(cell_km2(*round_it), abs=0.1)
    # An unclear ring is drawn there, but nothing of it is left: this zero is measured.
    assert tyotkino[2] == pytest.approx(cell_km2(*TYOTKINO), abs=0.011)
    assert tyotkino[3] == 0


def test_held_wins_in_each_pocket(tmp_path: Path) -> None:
    both = [feature(fill, ring(box)) for fill in (UNCLEAR, HELD) for box in (SUDZHA, TYOTKINO)]
    deepstate(tmp_path, AUGUST_20, *both)
    assert [row[3] for row in rows(tmp_path)] == [0, 0]


def test_a_ring_that_crosses_itself_is_repaired(tmp_path: Path) -> None:
    west, south, east, north = SUDZHA
    bow_tie = [[west, south], [east, north], [east, south], [west, north], [west, south]]
    deepstate(tmp_path, AUGUST_20, feature(HELD, bow_tie))
    assert rows(tmp_path)[0][2] == pytest.approx(cell_km2(*SUDZHA) / 2, rel=1e-3)


def test_only_the_two_fills_count_and_only_inside_the_box(tmp_path: Path) -> None:
    others = [feature(fill, ring(SUDZHA)) for fill in (OCCUPIED, "#bcaaa4", "#0f9d58", None)]
    abroad = feature(HELD, ring((37.0, 50.0, 37.2, 50.1)))
    # It reaches into the box, but its centroid lies outside.
    belgorod = feature(HELD, ring((35.0, 50.0, 35.5, 50.9)))
    deepstate(tmp_path, AUGUST_20, *others, abroad, belgorod)
    assert rows(tmp_path) == [("2024-08-20", "sudzha", None, None, "not_drawn")]


def test_a_polygon_with_its_centroid_inside_counts_whole(tmp_path: Path) -> None:
    wide = (33.9, 51.0, 34.3, 51.1)
    deepstate(tmp_path, AUGUST_20, feature(HELD.upper(), ring(wide)))
    assert rows(tmp_path)[0][2] == pytest.approx(cell_km2(*wide), abs=0.02)


def test_not_drawn_is_blank_and_never_zero(tmp_path: Path) -> None:
    owlmaps(tmp_path, "20250311", ring(SUDZHA))
    owlmaps(tmp_path, "20250312")
    (tmp_path / "20250313.json").write_text('{"areas": []}')  # an early file: no key for Ukraine at all
    measured = control.measure("owlmaps", tmp_path)
    assert list(measured.rows["status"]) == ["drawn", "not_drawn", "not_drawn"]
    assert measured.skipped == ()
    assert control.csv_text(measured.rows).splitlines()[2:] == [
        "2025-03-12,owlmaps,sudzha,,,not_drawn,20250312.json",
        "2025-03-13,owlmaps,sudzha,,,not_drawn,20250313.json",
    ]


def test_unclear_alone_leaves_held_blank(tmp_path: Path) -> None:
    deepstate(tmp_path, AUGUST_20, feature(UNCLEAR, ring(SUDZHA)))
    expected = pytest.approx(cell_km2(*SUDZHA), abs=0.011)
    assert rows(tmp_path) == [("2024-08-20", "sudzha", None, expected, "drawn")]


def test_tyotkino_has_rows_from_the_first_day_it_is_drawn(tmp_path: Path) -> None:
    sudzha, tyotkino = feature(HELD, ring(SUDZHA)), feature(HELD, ring(TYOTKINO))
    for number, drawn in enumerate([[sudzha], [sudzha, tyotkino], [sudzha]]):
        deepstate(tmp_path, AUGUST_20 + number * DAY, *drawn)
    assert [(row[0], row[1], row[4]) for row in rows(tmp_path)] == [
        ("2024-08-20", "sudzha", "drawn"),
        ("2024-08-21", "sudzha", "drawn"),
        ("2024-08-21", "tyotkino", "drawn"),
        ("2024-08-22", "sudzha", "drawn"),
        ("2024-08-22", "tyotkino", "not_drawn"),
    ]
    assert rows(tmp_path)[2][2] == pytest.approx(cell_km2(*TYOTKINO), abs=0.011)


def test_the_last_snapshot_of_a_utc_day_stands_for_it(tmp_path: Path) -> None:
    last_second = AUGUST_20 + DAY - 1
    deepstate(tmp_path, AUGUST_20, feature(HELD, ring(SUDZHA)))
    deepstate(tmp_path, last_second, feature(HELD, ring(TYOTKINO)))
    deepstate(tmp_path, last_second + 1)
    frame = control.measure("deepstate", tmp_path).rows
    assert list(frame["snapshot"]) == [f"{last_second}.geojson"] * 2 + [f"{last_second + 1}.geojson"] * 2
    # A later snapshot that cannot be read gives way to the one before it.
    (tmp_path / f"{last_second}.geojson").write_text("{")
    frame = control.measure("deepstate", tmp_path).rows
    assert list(frame["snapshot"]) == [f"{AUGUST_20}.geojson", f"{last_second + 1}.geojson"]


WHOLE = json.dumps({"features": [feature(HELD, ring(SUDZHA))]})
BROKEN = {
    "empty": (b"", "empty file"),
    "blank": (b" \n", "empty file"),
    "truncated": (WHOLE[: len(WHOLE) // 2].encode(), "corrupt or truncated JSON"),
    "binary": (b"\xff\x00\x81garbage", "corrupt or truncated JSON"),
    "another object": (b'{"message": "Not Found"}', "cannot be measured"),
    "a list": (b"[]", "cannot be measured"),
    "no points": (json.dumps({"features": [feature(HELD, [[35, 51], [35.1, 51]])]}).encode(), "at least 4"),
    "not a number": (WHOLE.replace("51.2", "NaN").encode(), "not a number"),
    "infinite": (WHOLE.replace("51.2", "1e999").encode(), "not a number"),
    "words": (WHOLE.replace("51.2", '"51.2"').encode(), "TypeError"),
    "deep": (b"[" * 100_000, "RecursionError"),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("content", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_named_and_the_rest_is_measured(tmp_path: Path, content: bytes, reason: str) -> None:
    deepstate(tmp_path, AUGUST_20, feature(HELD, ring(SUDZHA)))
    broken = tmp_path / f"{AUGUST_20 + DAY}.geojson"
    broken.write_bytes(content)
    deepstate(tmp_path, AUGUST_20 + 2 * DAY, feature(HELD, ring(SUDZHA)))
    measured = control.measure("deepstate", tmp_path)
    assert list(measured.rows["date"]) == ["2024-08-20", "2024-08-22"]
    assert [name for name, _ in measured.skipped] == [broken.name]
    assert reason in measured.skipped[0][1]
    assert measured.provenance["files"] == 3
    assert measured.provenance["skipped"] == 1


def moved(east: float = 0, *, swapped: bool = False, scale: float = 1) -> bytes:
    """A snapshot whose only polygon has other coordinates than degrees of longitude and latitude."""
    points = [[scale * (x + east), scale * y] for x, y in ring(SUDZHA)]
    return json.dumps(
        {"features": [feature(UNCLEAR, [point[::-1] for point in points] if swapped else points)]}
    ).encode()


@pytest.mark.parametrize(
    "content", [moved(swapped=True), moved(360), moved(-360), moved(scale=111_319.5)],
    ids=["swapped", "a turn east", "a turn west", "metres"],
)  # fmt: skip
def test_an_archive_with_other_coordinates_is_not_taken_for_one_that_draws_nothing(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / f"{AUGUST_20}.geojson").write_bytes(content)
    measured = control.measure("deepstate", tmp_path, jobs=1)
    assert measured.rows.empty
    assert "latitude and longitude may be swapped" in measured.skipped[0][1]


def test_owlmaps_rings_of_longitude_and_latitude_are_not_taken_for_nothing(tmp_path: Path) -> None:
    owlmaps(tmp_path, "20240820", [[lat, lon] for lon, lat in ring(SUDZHA)])
    assert "may be swapped" in control.measure("owlmaps", tmp_path, jobs=1).skipped[0][1]


def test_a_map_that_draws_another_front_draws_nothing_here(tmp_path: Path) -> None:
    deepstate(tmp_path, AUGUST_20, feature(HELD, ring((36.4, 50.4, 36.5, 50.5))))
    assert rows(tmp_path) == [("2024-08-20", "sudzha", None, None, "not_drawn")]


def geometry(held: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"fill": HELD}, "geometry": held}


PLAIN = {"type": "Polygon", "coordinates": [ring(SUDZHA)]}
HOLE = (35.05, 51.12, 35.1, 51.15)
FEATURES: dict[str, tuple[list[dict[str, Any]], float]] = {
    "null": ([geometry(None), geometry(PLAIN)], 0),
    "collection": ([geometry({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [35, 51]}, PLAIN]})], 0),
    "collection in a collection": ([geometry({"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": [PLAIN]}]})], 0),
    "empty collection": ([geometry({"type": "GeometryCollection", "geometries": []}), geometry(PLAIN)], 0),
    "height of some points": ([geometry({"type": "Polygon", "coordinates": [[[*p, 0] if n % 2 else p for n, p in enumerate(ring(SUDZHA))]]})], 0),
    "opacity": ([feature(HELD + "80", ring(SUDZHA))], 0),
    "opacity, capitals": ([feature("#01579BFF", ring(SUDZHA))], 0),
    "hole outside": ([feature(HELD, ring(SUDZHA), ring((35.5, 51.5, 35.6, 51.6)))], 0),
    "hole partly outside": ([feature(HELD, ring(SUDZHA), ring((35.1, 51.1, 35.3, 51.2)))], cell_km2(35.1, 51.1, 35.2, 51.2)),
    "hole in a hole": ([feature(HELD, ring(SUDZHA), ring(HOLE), ring((35.06, 51.13, 35.07, 51.14)))], cell_km2(*HOLE)),
    "hole twice": ([feature(HELD, ring(SUDZHA), ring(HOLE), ring(HOLE))], cell_km2(*HOLE)),
}  # fmt: skip


@pytest.mark.parametrize(("features", "hole"), FEATURES.values(), ids=FEATURES.keys())
def test_every_form_of_a_polygon_has_the_same_area(
    tmp_path: Path, features: list[dict[str, Any]], hole: float
) -> None:
    deepstate(tmp_path, AUGUST_20, *features)
    measured = control.measure("deepstate", tmp_path, jobs=1)
    assert measured.skipped == ()
    assert measured.rows["held_km2"][0] == pytest.approx(cell_km2(*SUDZHA) - hole, abs=0.02)


def test_a_name_that_is_no_day_and_an_unreadable_file_are_reported(tmp_path: Path) -> None:
    owlmaps(tmp_path, "20240231", ring(SUDZHA))
    (tmp_path / "20240301.json").mkdir()
    owlmaps(tmp_path, "20240302", ring(SUDZHA))
    measured = control.measure("owlmaps", tmp_path)
    assert [name for name, _ in measured.skipped] == ["20240231.json", "20240301.json"]
    assert list(measured.rows["date"]) == ["2024-03-02"]


def test_nothing_readable_gives_no_rows_and_every_name(tmp_path: Path) -> None:
    (tmp_path / "20240820.json").write_text("")
    measured = control.measure("owlmaps", tmp_path)
    assert measured.rows.empty
    assert measured.skipped == (("20240820.json", "empty file"),)
    assert measured.provenance["first_date"] is None


def test_any_number_of_jobs_gives_the_same_measurement(tmp_path: Path) -> None:
    for number in range(40):
        box = (35.0, 51.1, 35.1 + number / 100, 51.2)
        deepstate(
            tmp_path, AUGUST_20 + number * DAY, feature(HELD, ring(box)), feature(UNCLEAR, ring(SUDZHA))
        )
    (tmp_path / f"{AUGUST_20 + DAY}.geojson").write_text("")
    steps: list[tuple[int, int]] = []
    one = control.measure("deepstate", tmp_path, jobs=1)
    two = control.measure("deepstate", tmp_path, jobs=2, progress=lambda done, of: steps.append((done, of)))
    pd.testing.assert_frame_equal(one.rows, two.rows)
    assert (one.skipped, one.provenance) == (two.skipped, two.provenance)
    assert steps == [(number + 1, 40) for number in range(40)]


def test_provenance_hashes_names_and_contents_and_nothing_else(tmp_path: Path) -> None:
    for day in ("20240820", "20240821"):
        owlmaps(tmp_path / "a", day, ring(SUDZHA))
    for day in ("20240821", "20240820"):
        owlmaps(tmp_path / "b", day, ring(SUDZHA))
    (tmp_path / "b" / "README.md").write_text("not a snapshot")
    first = control.measure("owlmaps", tmp_path / "a").provenance
    assert first == control.measure("owlmaps", tmp_path / "b").provenance
    assert (first["first_date"], first["last_date"], first["files"]) == ("2024-08-20", "2024-08-21", 2)
    assert set(first["versions"]) == {"shapely", "GEOS", "pyproj", "PROJ"}
    owlmaps(tmp_path / "b", "20240821", ring(TYOTKINO))
    assert first["sha256"] != control.measure("owlmaps", tmp_path / "b").provenance["sha256"]


@pytest.mark.parametrize(("observer", "below"), [("deepstate", "deepstate/geojsons"), ("owlmaps", "data")])
def test_the_root_of_the_public_archive_will_do(tmp_path: Path, observer: str, below: str) -> None:
    if observer == "deepstate":
        deepstate(tmp_path / below, AUGUST_20, feature(HELD, ring(SUDZHA)))
    else:
        owlmaps(tmp_path / below, "20240820", ring(SUDZHA))
    assert len(control.measure(observer, str(tmp_path)).rows) == 1


def test_wrong_input_is_refused(tmp_path: Path) -> None:
    owlmaps(tmp_path, "20240820", ring(SUDZHA))
    with pytest.raises(InputError, match="not a folder"):
        control.measure("owlmaps", tmp_path / "missing")
    with pytest.raises(InputError, match=r"no file is named <unix time>\.geojson"):
        control.measure("deepstate", tmp_path)
    with pytest.raises(InputError, match="allowed: deepstate, owlmaps"):
        control.measure("isw", tmp_path)
    with pytest.raises(InputError, match="jobs: 0"):
        control.measure("owlmaps", tmp_path, jobs=0)


@pytest.mark.parametrize("library", ["shapely", "pyproj"])
def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    spec = importlib.util.spec_from_file_location("kurskdata_measure_alone", control.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.raises(KurskdataError, match=r"pip install 'kurskdata\[control\]'"):
        spec.loader.exec_module(module)


def test_csv_text_is_sorted_with_line_feeds_and_two_decimals() -> None:
    cells = [
        ("2024-08-21", "owlmaps", "sudzha", 0.1 + 0.2, None, "drawn", "20240821.json"),
        ("2024-08-21", "deepstate", "tyotkino", 11.36, 5.0, "drawn", "1724198400.geojson"),
        ("2024-08-21", "deepstate", "sudzha", None, None, "not_drawn", "1724198400.geojson"),
    ]
    assert control.csv_text(pd.DataFrame(cells, columns=list(control.COLUMNS))) == (
        "date,observer,pocket,held_km2,unclear_km2,status,snapshot\n"
        "2024-08-21,deepstate,sudzha,,,not_drawn,1724198400.geojson\n"
        "2024-08-21,deepstate,tyotkino,11.36,5.00,drawn,1724198400.geojson\n"
        "2024-08-21,owlmaps,sudzha,0.30,,drawn,20240821.json\n"
    )


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(TABLE, dtype={"snapshot": str})


def test_table_keeps_its_own_rules(table: pd.DataFrame) -> None:
    key = ["date", "observer", "pocket"]
    assert tuple(table.columns) == control.COLUMNS
    assert not table.duplicated(key).any()
    assert control.csv_text(table).encode() == TABLE.read_bytes()
    blank = table["held_km2"].isna() & table["unclear_km2"].isna()
    assert (blank == (table["status"] == "not_drawn")).all()
    assert (table["held_km2"].dropna() > 0).all()
    owl = table[table["observer"] == "owlmaps"]
    assert owl["unclear_km2"].isna().all()
    assert set(owl["pocket"]) == {"sudzha"}
    assert (owl.loc[owl["date"] >= "2025-03-12", "status"] == "not_drawn").all()
    tyotkino = table[table["pocket"] == "tyotkino"]
    assert tyotkino["date"].min() == "2024-08-17"
    assert set(tyotkino.loc[tyotkino["date"] >= "2024-08-18", "held_km2"]) == {11.36}
