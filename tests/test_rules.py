"""The rules of the tables: each notices its breach by file, line, column and name; our tables and own rows pass."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import mutations
import pytest

from kurskdata.tables import descriptor, validation

Edit = Callable[[str, str, str], None]

# rule, table, text (a pattern), what replaces it, and what is said of which column
BREACHES = [
    ("reference", "area", "espreso-2024-08-08-isw-10-km,conf", '"es""preso",conf', "is not in sources"),
    ("reference", "article", "ev-2025-03-12-gerasimov-86", "ev-none", "column event_id: 'ev-none' is not in timeline"),
    ("letters", "places", "Зелёный Шлях,", "Зeлёный Шлях,", "column name_ru: Зeлёный Шлях comes from a wrong encoding"),
    ("letters", "places", "Суджа,", "Ð¡ÑƒÐ´Ð¶Ð°,", "column name_ru: "),
    ("letters", "timeline", "Zelenskyy: 74", "Zelеnskyy: 74", "column title: "),
    ("id-of-a-claim", "area", "(-depth-10,.*,depth),10,", r"\1,12,", "column claim_id: is not that of day, claimant"),
    ("id-of-a-claim", "area", "-depth-10,ISW", "-depth-10,DeepState", "column claimant: DeepState is not whom ids with isw name"),
    ("id-of-a-claim", "retaken", "-mod-sudzha,sudzha,", "-mod-sudzha,gornal,", "column claim_id: is not that of"),
    ("id-of-a-row", "timeline", "-zelenskyy-74,2024-08-13", "-zelenskyy-74,2024-08-14", "column event_id: does not carry"),
    ("id-of-a-row", "timeline", "-zelenskyy-74,", "-zelenskyy-47,", "column event_id: 47 is in none of the texts"),
    ("id-of-a-row", "timeline", "Zelenskyy: 74 settlements,", "Zelenskyy: 47 settlements,", "column short: 47 is neither"),
    ("id-of-a-row", "article", "share_retaken,86,", "share_retaken,68,", "column value: 68 is not the number in the id"),
    ("id-of-a-row", "places", ",Agronom,", ",Agronum,", "column place_id: is not the English name"),
    ("day-of-a-page", "sources", "2024-08-12,,shown", "2024-08-12,,not_shown", "column date_basis: a page has a day"),
    ("day-of-a-page", "sources", "(-2024-08-12-[^,]*,[^,]*),2024-08-12,", r"\1,2024-12-08,", "column published: 2024-12-08"),
    ("order-of-days", "area", "2025-03-08,2025-03-12,inferred", "2025-03-08,2025-03-13,inferred", "column window_end: is after"),
    ("order-of-days", "retaken", ",2024-09-19,,2024-09-18,", ",2024-09-19,,2024-09-20,", "column event_date: is after"),
    ("days-or-months", "area", ",independent,2024-08-07,,", ",independent,2024-08-07,2024-08,", "column reported_month: "),
    ("pages-of-a-claim", "area", "apostrophe-2025-04-19-99-percent;", "politico-2024-08-08-kursk;", "before the day"),
    ("pages-of-a-claim", "retaken", "regnum-2025-03-12-five;", "anews-2025-02-26-two-villages;", "column source_ids: anews"),
    ("pages-of-a-claim", "retaken", "regnum-2025-03-12-five;", "regnum-2025-03-12-five;regnum-2025-03-12-five;", "names a page twice"),
    ("one-meaning", "places", ",D,3,", ",D,2,", "column position_error_km: 2 is not what other rows of D have"),
    ("one-meaning", "area", ",DeepState,Ukrainian map project,independent,", ",DeepState,Ukrainian map project,ukraine,", "column side"),
    ("units-and-sizes", "area", ",10,km,at_most", ",10,percent,at_most", "column unit: percent does not fit depth; km mi would"),
    ("units-and-sizes", "area", ",1000,km2,more_than", ",1000,sq_mi,more_than", "is more than anybody named"),
    ("wordings", "area", ",489,sq_mi,", ",489,km2,", "column variant_of: differs from the main wording"),
    ("ranges", "area", ",28,km,at_least,", ",28,km,at_most,", "column range_with: is not the other end"),
    ("ledger", "retaken", "Apti Alaudinov,false,", "Apti Alaudinov,true,", "column official: is true for"),
    ("ledger", "retaken", ",2025-03-09-mod-cherkasskoye-porechnoye,false", ",,false", "column repeat_of: the earliest claim"),
    ("ledger", "retaken", "false,true,tass-2024-09-12", "false,false,tass-2024-09-12", "column in_tass_count: TASS counted 32"),
    ("ledger", "retaken", "(2025-03-12-mod-zamostye,.*,)2025-03-12,", r"\g<1>2025-03-11,", "5 settlements, but the ledger has 4"),
    ("curve-of-a-map", "control", "(2025-04-03,deepstate,sudzha),63.26", r"\1,36.26", "column held_km2: 36.26; the day before"),
    ("curve-of-a-map", "control", "20240801.json", "20240810.json", "column snapshot: 20240810.json is not of this day"),
    ("outline", "border", ",51.7369", ",51.3769", "column lat: is off the line"),
    ("positions", "places", ",51.2172,35.2648,", ",51.2172,,", "column lat: a position has coordinates"),
    ("positions", "places", ",51.2172,35.2648,", ",51.7172,35.2648,", "is over 12 km from the next place of Sudzhansky"),
    ("spellings", "places", ",Агроном,Агроном,", ",Агоном,Агроном,", ""),
    ("spellings", "places", ",Агроном,Агроном,", ",Агроном,Агроломм,", "column name_uk: Агроломм is not Агроном"),
]  # fmt: skip


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edit:
    folder = Path(shutil.copytree(descriptor.data_folder(), tmp_path / "data"))
    monkeypatch.setenv("KURSKDATA_DATA", str(folder))

    def replace(table: str, old: str, new: str) -> None:
        path = folder / f"{table}.csv"
        text, count = re.subn(old, new, path.read_text("utf-8"), count=1)
        assert count == 1
        path.write_bytes(text.encode())

    return replace


@pytest.mark.parametrize(("rule", "table", "old", "new", "said"), BREACHES)
def test_a_breach_is_named(edit: Edit, rule: str, table: str, old: str, new: str, said: str) -> None:
    edit(table, old, new)
    found = [fault for fault in validation.faults() if fault.endswith(f"[{rule}]") and said in fault]
    assert found, validation.faults()
    assert re.match(r"\w+\.csv: line \d+, column \w+: ", found[0])


def test_rows_stand_in_the_order_of_their_keys(edit: Edit) -> None:
    edit("places", "(?m)^(agronom,.*\n)(.*\n)", r"\2\1")
    (fault,) = validation.faults()
    assert re.fullmatch(
        r"places.csv: line 5, column place_id: stands after .*; rows are sorted by their key \[order\]", fault
    )


def test_every_rule_is_broken_here_once() -> None:
    assert {rule for rule, *_ in BREACHES} | {"order"} == set(validation.rules())


def test_asking_of_one_table_gives_the_faults_that_bear_on_it(edit: Edit) -> None:
    edit("places", ",D,3,", ",D,2,")
    edit("control", "20240801.json", "20240810.json")
    assert [fault.split(":")[0] for fault in validation.faults(["places"])] == ["places.csv"]
    assert {fault.split(":")[0] for fault in validation.faults()} == {"places.csv", "control.csv"}


@pytest.fixture(scope="module")
def sample() -> list[mutations.Noticed]:
    return list(mutations.run(96))


def test_hashes_and_corrections_stop_every_error(sample: list[mutations.Noticed]) -> None:
    assert [one.mutation[:6] for one in sample if not one.gate] == []
    assert len({one.mutation.kind for one in sample}) >= 10
    assert {one.mutation.table for one in sample} == set(mutations.TABLES)


def test_meaning_alone_notices_more_than_half_of_them(sample: list[mutations.Noticed]) -> None:
    assert sum(bool(one.faults) for one in sample) / len(sample) >= 0.6


def test_the_tables_are_as_before_when_the_errors_are_over(sample: list[mutations.Noticed]) -> None:
    assert sample
    assert validation.faults() == []


def test_the_methodology_has_the_shares_and_the_columns_to_look_at() -> None:
    text = (descriptor.data_folder() / "METHODOLOGY.md").read_text("utf-8")
    section = mutations.SECTION.search(text)
    assert section
    shares = dict(re.findall(r"^\| ([\w ]+) \| [\d,]+ \| (\d+)% \|$", section[0], re.M))
    assert int(shares["all"]) >= 60
    assert int(shares["all but order and encoding"]) >= 60
    for table, columns in re.findall(r"^\| (\w+) \| (`.*) \|$", section[0], re.M):
        assert set(re.findall(r"`(\w+)`", columns)) <= {field["name"] for field in descriptor.fields(table)}


def test_every_reference_of_the_description_is_looked_into() -> None:
    described = {("corrections", "source_id")}
    for table in descriptor.names():
        schema = descriptor.resource(table)["schema"]
        described |= {(table, link["fields"][0]) for link in schema.get("foreignKeys", [])}
        described |= {(table, field["name"]) for field in schema["fields"] if field["type"] == "list"}
    assert described == set(re.findall(r"\('(\w+)', '(\w+)', '\w+'\)", validation.rules()["reference"]))
