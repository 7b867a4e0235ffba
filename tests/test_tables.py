"""Loading a table: typed when it keeps its description, and one clear error when it does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kurskdata.errors import InputError
from kurskdata.tables import descriptor, reader

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data that the package reads in place of its own."""
    copy = Path(shutil.copytree(descriptor.data_folder(), tmp_path / "data"))
    monkeypatch.setenv("KURSKDATA_DATA", str(copy))
    return copy


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replaces the first occurrence of a text in a table."""

    def replace(table: str, old: str, new: str) -> Path:
        path = folder / f"{table}.csv"
        text = path.read_text("utf-8")
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode())
        return path

    return replace


# table, text, what replaces it, and what the error says after the name of the file
CELLS = {
    "value outside a list": (
        "area", ",independent,2024-08-07,", ",neutral,2024-08-07,",
        "line 2, column side: 'neutral' is not allowed; allowed: russia, ukraine, independent",
    ),
    "qualifier outside its list": (
        "area", ",10,km,at_most,", ",10,km,up to,",
        "line 2, column qualifier: 'up to' is not allowed; allowed: exact, about, more_than, at_least, less_than, "
        "at_most, nearly",
    ),
    "day in another form": (
        "area", ",independent,2024-08-07,", ",independent,07.08.2024,",
        "line 2, column reported: '07.08.2024' is not a day written YYYY-MM-DD",
    ),
    "day that does not exist": (
        "area", ",independent,2024-08-07,", ",independent,2024-02-30,",
        "line 2, column reported: '2024-02-30' is not a day written YYYY-MM-DD",
    ),
    "day with a time": (
        "area", ",independent,2024-08-07,", ",independent,2024-08-07T00:00,",
        "line 2, column reported: '2024-08-07T00:00' is not a day written YYYY-MM-DD",
    ),
    "day before the period": (
        "area", ",independent,2024-08-07,", ",independent,2023-08-07,",
        "line 2, column reported: 2023-08-07 is below 2024-08-01",
    ),
    "day after the period": (
        "area", ",independent,2024-08-07,", ",independent,2042-08-07,",
        "line 2, column reported: 2042-08-07 is above 2026-12-31",
    ),
    "month that does not exist": (
        "area", ",independent,2024-08-07,,", ",independent,,2024-13,",
        "line 2, column reported_month: '2024-13' is not a month written YYYY-MM",
    ),
    "text for a number": (
        "area", ",depth,10,", ",depth,ten,", "line 2, column value: 'ten' is not a number with a decimal point",
    ),
    "decimal comma": (
        "area", ",depth,10,", ',depth,"10,5",',
        "line 2, column value: '10,5' is not a number with a decimal point",
    ),
    "no number": (
        "area", ",depth,10,", ",depth,nan,", "line 2, column value: 'nan' is not a number with a decimal point",
    ),
    "endless number": (
        "area", ",depth,10,", ",depth,1e999,",
        "line 2, column value: '1e999' is not a number with a decimal point",
    ),
    "number with a blank": (
        "area", ",depth,10,", ",depth, 10,", "line 2, column value: ' 10' is not a number with a decimal point",
    ),
    "number below its limit": ("area", ",depth,10,", ",depth,-10,", "line 2, column value: -10 is below 0"),
    "number above its limit": (
        "places", ",51.2172,", ",91.2172,", "line 2, column lat: 91.2172 is above 53",
    ),
    "fraction for a whole number": (
        "places", ",2681,", ",2681.5,", "line 11, column population: '2681.5' is not a whole number",
    ),
    "yes for true": (
        "places", ",Sudzhansky,true,", ",Sudzhansky,yes,",
        "line 2, column district_inferred: 'yes' is not true or false",
    ),
    "required cell empty": (
        "area", ",ISW,", ",,", "line 2, column claimant: empty, a value is required",
    ),
    "id of another form": (
        "area", "\n2024-08-07-isw-depth-10,", "\nISW depth,",
        "line 2, column claim_id: 'ISW depth' does not have the form [a-z0-9][a-z0-9.-]*",
    ),
    "text too long": (
        "timeline", ",Ukraine crosses the border,", f",{'x' * 31},",
        "line 2, column short: 31 characters, at most 30 are allowed",
    ),
    "key twice": (
        "places", "\n2-y-knyazhy,", "\n1-y-knyazhy,",
        "line 3, column place_id: '1-y-knyazhy' stands in line 2 too",
    ),
    "key of several columns twice": (
        "control", "\n2024-08-01,owlmaps,", "\n2024-08-01,deepstate,",
        "line 3, column date+observer+pocket: '2024-08-01/deepstate/sudzha' stands in line 2 too",
    ),
    "a cell too many": ("places", ",Agronom,", ",Agronom,,", "line 4: 20 cells, the header has 19"),
    "a cell too few": ("places", ",Agronom,", ",", "line 4: 18 cells, the header has 19"),
}  # fmt: skip

HEADERS = {
    "a column too many": (
        ",note\n",
        ",note,remark\n",
        "line 1: column not known: 'remark'; allowed columns: place_id",
    ),
    "a column missing": (",note\n", "\n", "line 1: column missing: note; allowed columns: place_id"),
    "a column of another name": (
        "name_en",
        "name",
        "column missing: name_en; column not known: 'name'; allowed",
    ),
    "a column twice": (
        ",note\n",
        ",kind\n",
        "line 1: column missing: note; column twice: kind; allowed columns",
    ),
}

FILES = {
    "empty": (lambda _: b"", "the file is empty; its first line must name the columns"),
    "nothing but blank lines": (lambda _: b"\n\n", "the file is empty; its first line must name the columns"),
    "semicolons": (
        lambda b: b.replace(b",", b";"),
        "line 1: the columns are separated by semicolons; use commas",
    ),
    "UTF-16": (lambda b: b.decode().encode("utf-16"), "line 1: not UTF-8; save it as “CSV UTF-8”"),
    "UTF-16 without mark": (lambda _: "a,b\n".encode("utf-16-le"), "not a text file in UTF-8"),
    "Windows-1251": (lambda b: b.decode().encode("cp1251", "replace"), "not UTF-8"),
    "a quotation mark left open": (lambda b: b + b'"', "line 107: broken quotation marks"),
    "a quotation mark inside": (lambda b: b.replace(b'"Point: ', b'"Point: "', 1), "broken quotation marks"),
}


@pytest.mark.parametrize(("table", "old", "new", "said"), CELLS.values(), ids=CELLS.keys())
def test_a_fault_in_a_cell_is_named_by_file_line_and_column(
    edit: Edit, table: str, old: str, new: str, said: str
) -> None:
    path = edit(table, old, new)
    with pytest.raises(InputError) as caught:
        reader.load(table)
    assert str(caught.value) == f"{path}: {said}"


@pytest.mark.parametrize(("old", "new", "said"), HEADERS.values(), ids=HEADERS.keys())
def test_a_fault_in_the_header_lists_the_columns_that_are_allowed(
    edit: Edit, old: str, new: str, said: str
) -> None:
    path = edit("places", old, new)
    with pytest.raises(InputError) as caught:
        reader.load("places")
    assert str(caught.value).startswith(f"{path}: line 1: ")
    assert said in str(caught.value)
    assert str(caught.value).endswith(", ".join(f["name"] for f in descriptor.fields("places")))


@pytest.mark.parametrize(("change", "said"), FILES.values(), ids=FILES.keys())
def test_a_file_that_is_no_such_table_is_refused(
    folder: Path, change: Callable[[bytes], bytes], said: str
) -> None:
    path = folder / "places.csv"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(InputError) as caught:
        reader.load("places")
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("table", "old", "new", "column"),
    [
        pytest.param("places", ",2681,", ",2_681,", "population"),
        pytest.param("places", ",2681,", ", 2681,", "population"),
        pytest.param("places", ",51.2172,", ",٥١.٢,", "lat"),
        pytest.param(
            "area",
            ",2024-08-07,",
            ",٢٠٢٤-08-07,",
            "reported",
        ),
    ],
)
def test_a_number_in_an_odd_form_is_refused(edit: Edit, table: str, old: str, new: str, column: str) -> None:
    edit(table, old, new)
    with pytest.raises(InputError, match=f"column {column}: "):
        reader.load(table)


def test_all_faults_are_told_at_once(edit: Edit) -> None:
    edit("area", ",depth,10,km,at_most,", ",depth,ten,leagues,at_most,")
    path = edit("area", ",45,km2,exact,", ",-45,km2,exact,")
    with pytest.raises(InputError) as caught:
        reader.load("area")
    head, *faults = str(caught.value).splitlines()
    assert head == f"{path}: 3 faults"
    assert [fault.split(":")[0].strip() for fault in faults] == [
        "line 2, column value",
        "line 2, column unit",
        "line 3, column value",
    ]


def test_many_faults_are_listed_up_to_a_limit_and_counted(folder: Path) -> None:
    path = folder / "area.csv"
    path.write_text(path.read_text("utf-8").replace(",independent,", ",neutral,"), "utf-8")
    with pytest.raises(InputError, match="128 faults") as caught:
        reader.load("area")
    assert len(str(caught.value).splitlines()) == 22
    assert str(caught.value).endswith("and 108 more")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "places.csv").unlink()
    with pytest.raises(InputError, match=r"places\.csv: the file is missing"):
        reader.load("places")


def test_a_missing_or_broken_descriptor_is_named(folder: Path) -> None:
    path = folder / "datapackage.json"
    path.write_text("{", "utf-8")
    with pytest.raises(InputError, match=r"datapackage\.json: not a JSON file"):
        reader.load("places")
    path.unlink()
    with pytest.raises(InputError, match=r"datapackage\.json: the file is missing"):
        reader.load("places")


def test_an_unknown_table_lists_the_known_ones() -> None:
    allowed = "sources, places, retaken, area, control, timeline, article"
    with pytest.raises(InputError, match=f"table: 'battles' is not known; allowed: {allowed}"):
        reader.load("battles")


def test_columns_have_the_types_of_the_descriptor() -> None:
    expected = {
        "date": "datetime64[s]", "number": "float64", "integer": "Int64", "boolean": "bool",
        "string": "str", "yearmonth": "str", "list": "str",
    }  # fmt: skip
    for table in descriptor.names():
        types = reader.load(table).dtypes.astype(str).to_dict()
        assert types == {f["name"]: expected[f["type"]] for f in descriptor.fields(table)}, table


def test_an_empty_cell_is_a_missing_value() -> None:
    area = reader.load("area").set_index("claim_id")
    row = area.loc["nd-15min.lt-area-seized-1300"]
    assert row[["reported", "reported_month", "as_of", "window_start", "variant_of"]].isna().all()


def test_a_loaded_table_is_a_copy() -> None:
    first = reader.load("places")
    first.loc[:, "name_en"] = "changed"
    del first["lat"]
    again = reader.load("places")
    assert "changed" not in set(again["name_en"])
    assert "lat" in again


def test_a_changed_file_is_read_anew(edit: Edit) -> None:
    before = reader.load("places").set_index("place_id").loc["sudzha", "name_en"]
    edit("places", "\nsudzha,Sudzha,", "\nsudzha,Suja,")
    after = reader.load("places").set_index("place_id").loc["sudzha", "name_en"]
    assert (before, after) == ("Sudzha", "Suja")


@pytest.mark.parametrize(
    "change",
    [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n"), lambda b: b + b"\n\n"],
    ids=["byte order mark", "carriage returns", "blank lines at the end"],
)
def test_what_spreadsheets_add_does_no_harm(folder: Path, change: Callable[[bytes], bytes]) -> None:
    whole = reader.load("places")
    path = folder / "places.csv"
    path.write_bytes(change(path.read_bytes()))
    pd.testing.assert_frame_equal(reader.load("places"), whole)


def test_columns_may_stand_in_any_order(folder: Path) -> None:
    whole = reader.load("article")
    whole.pipe(lambda f: f[list(reversed(f.columns))]).to_csv(folder / "article.csv", index=False)
    pd.testing.assert_frame_equal(reader.load("article"), whole, check_dtype=False)


def test_a_table_without_rows_keeps_its_types(folder: Path) -> None:
    path = folder / "places.csv"
    types = reader.load("places").dtypes
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    assert len(reader.load("places")) == 0
    pd.testing.assert_series_equal(reader.load("places").dtypes, types)


def test_optional_columns_may_be_left_out_of_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("claim_id,value\nmine,7\n", "utf-8")
    chosen = [f for f in descriptor.fields("article") if f["name"] in ("claim_id", "value", "note")]
    frame = reader.read(path, chosen, key=["claim_id"], optional=frozenset({"note"}))
    assert frame["value"].tolist() == [7.0]
    assert frame["note"].isna().all()
    with pytest.raises(InputError, match="column missing: note"):
        reader.read(path, chosen, key=["claim_id"])
