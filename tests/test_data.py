"""The tables as they are on disk: form, references, dates. The fast tier reads bytes, the slow one validates."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from kurskdata.tables import descriptor, intervals, reader, validation

DATA = descriptor.data_folder()
TABLES = descriptor.names()
FIRST, LAST = (day.isoformat() for day in descriptor.covered())
Row = dict[str, str]

# Claims made after the period, kept as end points.
END_POINTS = {
    "2025-06-22-bbc-news-area-seized-1000",
    "2025-06-22-deepstate-area-held-5.5",
    "2025-06-22-syrskyi-area-held-90",
    "2025-08-06-ua-general-staff-area-seized-1300",
    "2025-08-07-syrskyi-prisoners-taken-by-ukraine-1018",
    "2026-01-01-tass-settlements-retaken-in-window-40",
}
REFERENCES = {
    "source_ids": ("sources", "source_id"),
    "context_source_ids": ("sources", "source_id"),
    "candidate_place_ids": ("places", "place_id"),
}


def rows(table: str) -> list[Row]:
    """The cells of a table as written."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_id(table: str) -> dict[str, Row]:
    key = descriptor.resource(table)["schema"]["primaryKey"][0]
    return {row[key]: row for row in rows(table)}


def columns(kind: str) -> list[tuple[str, str]]:
    return [(table, f["name"]) for table in TABLES for f in descriptor.fields(table) if f["type"] == kind]


def test_the_tables_of_the_design_are_there_and_no_others() -> None:
    assert TABLES == [
        "sources",
        "places",
        "retaken",
        "area",
        "control",
        "timeline",
        "article",
        "border",
        "corrections",
    ]
    assert {path.stem for path in DATA.glob("*.csv")} == set(TABLES)


def test_no_row_was_lost() -> None:
    counts = {table: len(rows(table)) for table in TABLES if table not in ("control", "corrections")}
    assert counts == {
        "sources": 717, "places": 105, "retaken": 106, "area": 247, "timeline": 111, "article": 44,
        "border": 93,
    }  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_size_and_hash_are_those_of_the_descriptor(table: str) -> None:
    resource = descriptor.resource(table)
    content = (DATA / resource["path"]).read_bytes()
    assert resource["bytes"] == len(content)
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.mark.parametrize("table", TABLES)
def test_files_are_utf8_with_line_feeds_and_without_stray_blanks(table: str) -> None:
    content = (DATA / f"{table}.csv").read_bytes()
    text = content.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert [
        cell for cell in cells if cell != cell.strip() or "  " in cell or "\N{NO-BREAK SPACE}" in cell
    ] == []


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_sorted_by_their_key_and_no_key_stands_twice(table: str) -> None:
    names = descriptor.resource(table)["schema"]["primaryKey"]
    keys = [tuple(row[name] for name in names) for row in rows(table)]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("table", TABLES)
def test_columns_that_must_be_unique_are(table: str) -> None:
    unique = [f["name"] for f in descriptor.fields(table) if f.get("constraints", {}).get("unique")]
    twice = {name: n for name in unique for n, c in Counter(r[name] for r in rows(table)).items() if c > 1}
    assert twice == {}


@pytest.mark.parametrize(("table", "column"), columns("number") + columns("integer"))
def test_numbers_are_written_without_float_noise(table: str, column: str) -> None:
    decimals = 5 if column in ("lat", "lon") else 2
    form = re.compile(rf"\d+(\.\d{{1,{decimals}}})?")
    assert [row[column] for row in rows(table) if row[column] and not form.fullmatch(row[column])] == []


@pytest.mark.parametrize("table", ["retaken", "area", "article"])
def test_every_claim_has_someone_who_made_it_and_a_source(table: str) -> None:
    speaker = "speaker" if table == "article" else "claimant"
    assert [row["claim_id"] for row in rows(table) if not (row[speaker] and row["source_ids"])] == []


def test_every_event_has_a_source() -> None:
    assert [row["event_id"] for row in rows("timeline") if not row["source_ids"]] == []


def outlet(source: Row) -> str:
    """Who published a page, without whose text it carries."""
    return source["publisher"].split(" (")[0]


def test_a_publisher_has_one_spelling_and_one_kind() -> None:
    kinds: dict[str, set[str]] = {}
    spellings: dict[str, set[str]] = {}
    for row in rows("sources"):
        name = outlet(row)
        kinds.setdefault(name, set()).add(row["kind"])
        plain = re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("the "))
        spellings.setdefault(plain, set()).add(name)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}
    assert [found for found in spellings.values() if len(found) > 1] == []


def test_copies_and_texts_put_together_by_machine_are_aggregators() -> None:
    copies = {row["kind"] for row in rows("sources") if "(copy of " in row["publisher"]}
    assert copies == {"aggregator", "blog", "encyclopedia"}
    assert {row["kind"] for row in rows("sources") if outlet(row) in ("Devdiscourse", "UrduPoint")} == {
        "aggregator"
    }


def test_addresses_have_no_port_no_trailing_dot_and_no_way_to_change_a_page() -> None:
    hosts = {row["source_id"]: re.sub(r"^https?://([^/]+).*", r"\1", row["url"]) for row in rows("sources")}
    assert [i for i, host in hosts.items() if host.endswith(".") or ":" in host] == []
    assert [r["source_id"] for r in rows("sources") if re.search(r"/(delete|edit)/?$", r["url"])] == []


def test_every_list_of_ids_is_known_to_refer_to_a_table() -> None:
    assert {name for _, name in columns("list")} == set(REFERENCES)


@pytest.mark.parametrize(("table", "column"), columns("list"))
def test_every_id_in_a_list_resolves_and_stands_once(table: str, column: str) -> None:
    target, _ = REFERENCES[column]
    known = set(by_id(target))
    lists = [row[column].split(";") for row in rows(table) if row[column]]
    assert {one for ids in lists for one in ids} - known == set()
    assert [ids for ids in lists if len(ids) != len(set(ids))] == []


@pytest.mark.parametrize("table", TABLES)
def test_foreign_keys_resolve(table: str) -> None:
    for key in descriptor.resource(table)["schema"].get("foreignKeys", []):
        (column,), target = key["fields"], key["reference"]["resource"] or table
        assert {row[column] for row in rows(table) if row[column]} <= set(by_id(target)), column


def test_validation_of_the_package_finds_nothing() -> None:
    assert validation.faults() == []


@pytest.mark.parametrize("table", TABLES)
def test_values_of_closed_columns_are_allowed_and_labelled(table: str) -> None:
    for field in descriptor.fields(table):
        allowed = field.get("constraints", {}).get("enum")
        if allowed:
            assert {row[field["name"]] for row in rows(table)} <= {*allowed, ""}, field["name"]
            assert [c["value"] for c in field["categories"]] == allowed
            assert all(c["label"] for c in field["categories"])


def test_qualifiers_and_units_are_those_that_intervals_reads() -> None:
    for table in ("area", "article"):
        assert tuple(descriptor.allowed(table, "qualifier")) == intervals.QUALIFIERS
    assert descriptor.allowed("area", "side") == ["russia", "ukraine", "independent"]
    counted = intervals.COUNTED & set(descriptor.allowed("area", "unit"))
    assert counted == {"settlements", "persons", "assaults"}


@pytest.mark.parametrize("table", ["area", "article"])
def test_a_unit_fits_its_measure(table: str) -> None:
    fitting = {"share": {"percent"}, "reduction": {"percent"}, "area": {"km2", "sq_mi"}}
    fitting |= {"settlements": {"settlements"}, "prisoners": {"persons"}, "assaults": {"assaults"}}
    fitting |= {"depth": {"km", "mi"}, "front": {"km", "mi"}, "distance": {"km", "mi"}, "ceasefire": {"days"}}
    for row in rows(table):
        kind = row["measure"].split("_")[0]
        if kind == "duration":
            assert row["measure"] == f"duration_{row['unit']}"
        elif kind and kind != "event":
            assert row["unit"] in fitting[kind], row["claim_id"]


@pytest.mark.parametrize(("table", "column"), columns("date"))
def test_dates_lie_in_the_period(table: str, column: str) -> None:
    if table == "sources":
        bounds = ("2014-01-01", dt.date(2026, 11, 22).isoformat())
    elif table == "corrections":
        bounds = ("2026-11-27", "2036-12-31")
    elif table == "control":
        bounds = ("2024-08-01", "2025-06-15")
    elif column == "later_date":
        bounds = (FIRST, "2026-01-01")
    else:
        bounds = (FIRST if table != "article" else "2024-08-01", LAST)
    outside = [row for row in rows(table) if row[column] and not bounds[0] <= row[column] <= bounds[1]]
    assert {row.get("claim_id") for row in outside} <= (END_POINTS if table == "area" else set())


def test_claims_after_the_period_are_the_known_end_points() -> None:
    assert {row["claim_id"] for row in rows("area") if row["reported"] > LAST} == END_POINTS


@pytest.mark.parametrize(
    ("table", "day", "month"),
    [(table, column.removesuffix("_month"), column) for table, column in columns("yearmonth")],
)
def test_a_month_stands_only_where_the_day_is_not_known(table: str, day: str, month: str) -> None:
    assert [row for row in rows(table) if row[day] and row[month]] == []
    assert any(row[month] for row in rows(table)) or table == "sources"


def test_nothing_is_reported_before_the_day_that_it_speaks_of() -> None:
    assert [r["claim_id"] for r in rows("area") if r["as_of"] > r["reported"] > ""] == []
    assert [r["claim_id"] for r in rows("area") if r["as_of_month"] > r["reported"][:7] > ""] == []
    assert [r["claim_id"] for r in rows("retaken") if r["event_date"] > r["reported"] > ""] == []


def test_windows_have_two_ends_in_order_and_end_by_the_report() -> None:
    for table in ("area", "article"):
        windows = [row for row in rows(table) if row["window_start"] or row["window_end"]]
        assert all("" < row["window_start"] <= row["window_end"] for row in windows)
    measured = [row for row in rows("area") if row["measure"].endswith("_in_window")]
    assert all(row["window_end"] for row in measured)
    assert [row["claim_id"] for row in rows("area") if row["window_end"] > row["reported"] > ""] == []


def test_how_a_window_is_known_is_told_and_a_bulletin_speaks_of_its_own_day() -> None:
    bulletins = 0
    for row in rows("area"):
        window = (row["window_start"], row["window_end"])
        assert bool(row["window_basis"]) == bool(window[0]), row["claim_id"]
        if row["window_basis"] == "bulletin":
            assert window == (row["reported"], row["reported"]), row["claim_id"]
            bulletins += 1
        if row["window_basis"] == "weekly":
            start = dt.date.fromisoformat(row["reported"]) - dt.timedelta(days=6)
            assert window == (start.isoformat(), row["reported"]), row["claim_id"]
        if row["window_basis"] == "inferred":
            assert "window dates inferred" in row["note"], row["claim_id"]
    assert bulletins == 5


def test_what_became_known_later_has_a_day_after_the_row() -> None:
    for table in ("timeline", "area", "retaken", "article"):
        for row in rows(table):
            public = (
                row.get("reported")
                or row.get("reported_month")
                or str(descriptor.resource(table).get("published", ""))
            )
            assert bool(row["later"]) == bool(row["later_date"]), row
            assert not row["later_date"] or row["later_date"] > public, row


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})(?: (\d{{4}}))?")
_CELLS = {
    "timeline": ("title", "short", "detail"),
    "area": ("capacity", "note"),
    "retaken": ("note",),
    "article": ("note",),
}
_ANNOUNCED = {"ev-2024-08-20-deadline-october", "ev-2025-04-19-easter-truce"}  # days that were set ahead


@pytest.mark.parametrize("table", _CELLS)
def test_no_text_of_a_row_names_a_day_after_the_row(table: str) -> None:
    ahead = []
    for row in rows(table):
        public = row.get("reported") or row.get("reported_month") or "2025-03-14"
        for found in (match for column in _CELLS[table] for match in _DAY.finditer(row[column])):
            day, month, year = int(found[1]), _MONTHS.index(found[2]) + 1, found[3]
            # Without a year it is that of the row, or the one before for a month that lies far ahead of it.
            years = int(public[:4]) - (month - int(public[5:7]) > 6) + (int(public[5:7]) - month > 6)
            said = f"{year or years}-{month:02}-{day:02}"
            key = row[descriptor.resource(table)["schema"]["primaryKey"][0]]
            if said[: len(public)] > public and key not in _ANNOUNCED:
                ahead.append((key, found[0]))
    assert ahead == []


def test_days_of_an_event_are_in_order() -> None:
    for row in rows("timeline"):
        assert row["date"] <= row["reported"], row["event_id"]
        assert not row["end_date"] or row["end_date"] > row["date"], row["event_id"]
        if row["disputed_date"]:
            assert row["disputed"] == "true", row["event_id"]
            assert row["disputed_date"] > row["reported"], row["event_id"]
        assert row["event_id"].startswith(f"ev-{row['date']}-")


# Ids keep the day first recorded where that turned out wrong; the note of the row says so.
_CORRECTED_DAYS = {
    "2024-08-19-unnamed-ukrainian-colonel-prisoners-taken-by-ukraine-2000": "2024-08-16",
    "2024-09-06-babel-prisoners-taken-by-ukraine-600": "2024-09-03",
    "2025-02-14-syrskyi-area-held-500-about": "2025-02-13",
    "2025-02-14-syrskyi-area-held-500-more-than": "2025-02-13",
}


def test_ids_of_claims_begin_with_the_day_or_month_of_announcement() -> None:
    for table in ("area", "retaken"):
        for row in rows(table):
            when = row["reported"] or row["reported_month"] or "nd"
            if row["claim_id"] in _CORRECTED_DAYS:
                assert when == _CORRECTED_DAYS[row["claim_id"]]
                assert "the id keeps" in row["note"]
            else:
                assert row["claim_id"].startswith(f"{when}-")


def test_homonyms_are_separate_places_in_different_districts() -> None:
    names = Counter(row["name_en"] for row in rows("places"))
    assert {name for name, count in names.items() if count > 1} == {"Krupets", "Viktorovka"}
    for name in ("Krupets", "Viktorovka"):
        districts = {row["place_id"]: row["district"] for row in rows("places") if row["name_en"] == name}
        assert set(districts) == {f"{name.lower()}-{district.lower()}" for district in districts.values()}


def test_each_viktorovka_was_claimed_once_and_the_two_are_not_repeats() -> None:
    claims = [r for r in rows("retaken") if r["place_id"].startswith("viktorovka") and not r["repeat_of"]]
    assert {(r["reported"], r["place_id"]) for r in claims} == {
        ("2024-09-12", "viktorovka-korenevsky"),
        ("2025-03-08", "viktorovka-sudzhansky"),
    }


def test_a_claim_has_a_place_or_several_candidates() -> None:
    for row in rows("retaken"):
        assert bool(row["place_id"]) != bool(row["candidate_place_ids"]), row["claim_id"]
    open_claims = {r["claim_id"]: r["candidate_place_ids"] for r in rows("retaken") if not r["place_id"]}
    assert open_claims == {"2024-08-15-mod-krupets": "krupets-belovsky;krupets-rylsky"}


def test_retaken_places_lie_in_the_kursk_oblast() -> None:
    places = by_id("places")
    assert {places[r["place_id"]]["oblast"] for r in rows("retaken") if r["place_id"]} == {"Kursk"}


def test_official_claims_are_those_of_the_two_institutions() -> None:
    for row in rows("retaken"):
        institution = row["claimant"] in ("Russian Defence Ministry", "Russian General Staff")
        assert (row["official"] == "true") == institution, row["claim_id"]


def test_repeats_name_the_earliest_claim_on_the_same_place() -> None:
    claims, first = by_id("retaken"), {}
    dated = [r for r in claims.values() if r["reported"] and r["variant"] == "false" and r["place_id"]]
    for row in sorted(dated, key=lambda r: (r["reported"], r["claim_id"])):
        assert row["repeat_of"] == first.get(row["place_id"], ""), row["claim_id"]
        first.setdefault(row["place_id"], row["claim_id"])


def test_variants_name_a_main_wording_by_the_same_claimant_on_the_same_day() -> None:
    claims = by_id("area")
    for row in claims.values():
        if row["variant_of"]:
            main = claims[row["variant_of"]]
            assert not main["variant_of"], row["claim_id"]
            same = ("claimant", "side", "reported", "reported_month")
            assert [row[name] for name in same] == [main[name] for name in same], row["claim_id"]
            # One relay may give as a total what another gives for a window.
            kinds = {claim["measure"].removesuffix("_in_window") for claim in (row, main)}
            assert len(kinds) == 1, row["claim_id"]


def test_ends_of_a_range_point_at_each_other() -> None:
    claims = by_id("area")
    ends = [row for row in claims.values() if row["range_with"]]
    assert len(ends) == 12
    for row in ends:
        other = claims[row["range_with"]]
        assert other["range_with"] == row["claim_id"]
        assert {row["qualifier"], other["qualifier"]} == {"at_least", "at_most"}
        low, high = sorted([row, other], key=lambda end: float(end["value"]))
        assert (low["qualifier"], high["qualifier"]) == ("at_least", "at_most")
        same = ("claimant", "measure", "unit", "reported", "as_of")
        assert [row[name] for name in same] == [other[name] for name in same]


def test_a_position_has_coordinates_a_grade_an_error_and_a_source_or_none_of_them() -> None:
    errors = {"A": "0.5", "B": "1", "C": "2", "D": "3"}
    for row in rows("places"):
        located = bool(row["lat"])
        assert located == bool(row["lon"]) == bool(row["position_grade"]), row["place_id"]
        assert row["position_error_km"] == errors.get(row["position_grade"], "")
        assert row["source_ids"] or not located


def test_every_value_of_control_comes_with_its_status() -> None:
    for row in rows("control"):
        assert (row["status"] == "drawn") == bool(row["held_km2"] or row["unclear_km2"])
        assert row["snapshot"].endswith(".geojson" if row["observer"] == "deepstate" else ".json")


@pytest.mark.slow
def test_frictionless_validates_the_package() -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.flatten(["rowNumber", "fieldName", "message"]) == []
    assert report.valid
    assert report.stats["tasks"] == len(TABLES)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "old", "new", "kind"),
    [
        ("area", "more_than", "morethan", "hash-count"),
        (
            "retaken",
            "\n2024-08-10-alaudinov-martynovka,martynovka,",
            "\n2024-08-10-x,nowhere,",
            "foreign-key",
        ),
    ],
)
def test_frictionless_would_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, old: str, new: str, kind: str
) -> None:
    frictionless = pytest.importorskip("frictionless")
    copy = Path(shutil.copytree(DATA, tmp_path / "data"))
    text = (copy / f"{table}.csv").read_text("utf-8")
    assert old in text
    (copy / f"{table}.csv").write_text(text.replace(old, new, 1), "utf-8")
    monkeypatch.chdir(copy)
    report = frictionless.validate("datapackage.json")
    assert kind in {found for (found,) in report.flatten(["type"])}


def test_every_table_loads() -> None:
    assert {table: len(reader.load(table)) for table in TABLES} == {t: len(rows(t)) for t in TABLES}
