"""DataFrames that users bring: the right chart from every form of the same rows, or a message that names row and column."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import decimal
import functools
import hashlib
import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import kurskdata as kd
from kurskdata import charts, display, embed, sentences
from kurskdata.charts import by_name
from kurskdata.check import Checked, check_claims
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.tables import reader

ROWS = [("2025-02-03", 2, "Ilyino; Petrovo"), ("2025-02-04", 0, ""), ("2025-02-05", 11, "")]
TEXT = "date,settlements,names\n" + "".join(f"{day},{count},{names}\n" for day, count, names in ROWS)


def rows(**changed: Any) -> pd.DataFrame:
    """Announcements of three days, 13 settlements in all, with other cells in whole columns."""
    columns = {
        "date": pd.to_datetime([row[0] for row in ROWS]),
        "settlements": [row[1] for row in ROWS],
        "names": [row[2] for row in ROWS],
    }
    return pd.DataFrame({**columns, **changed})


def read(**options: Any) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(TEXT), **options)


def meta(chart: Any) -> dict[str, Any]:
    return dict(chart.to_dict()["usermeta"]["kurskdata"])


DAYS = [dt.date(2025, 2, 3), dt.date(2025, 2, 4), dt.date(2025, 2, 5)]
COUNTS = [2, 0, 11]
SAME: dict[str, Callable[[], pd.DataFrame]] = {
    "csv.DictReader": lambda: pd.DataFrame(csv.DictReader(io.StringIO(TEXT))),
    "read_csv": read,
    "read_csv with days": lambda: read(parse_dates=["date"]),
    "read_csv, all text": lambda: read(dtype=str),
    "read_csv, empty text": lambda: read(keep_default_na=False),
    "pyarrow types": lambda: read(dtype_backend="pyarrow", engine="pyarrow"),
    "nullable types": lambda: read(dtype_backend="numpy_nullable"),
    "convert_dtypes": lambda: rows().convert_dtypes(),
    "objects": lambda: rows().astype(object),
    "categories": lambda: rows().astype("category"),
    "Decimal": lambda: rows(settlements=[decimal.Decimal(n) for n in ("2", "0", "11.0")]),
    "floats": lambda: rows(settlements=[2.0, 0.0, 11.0]),
    "small integers": lambda: rows(settlements=np.array(COUNTS, "uint8")),
    "integers and texts": lambda: rows(settlements=[2, "0", np.int64(11)]),
    "sparse": lambda: rows(settlements=pd.arrays.SparseArray(COUNTS)),
    "dates": lambda: rows(date=DAYS),
    "datetimes": lambda: rows(date=[dt.datetime(d.year, d.month, d.day) for d in DAYS]),
    "numpy days": lambda: rows(date=np.array(DAYS, "datetime64[D]").astype(object)),
    "time zone": lambda: rows(date=pd.to_datetime(DAYS).tz_localize("Europe/Kyiv")),
    "nanoseconds": lambda: rows(date=pd.to_datetime(DAYS).astype("datetime64[ns]")),
    "days with points": lambda: rows(date=["03.02.2025", "4.2.2025", "05.02.2025"]),
    "None": lambda: rows(names=["Ilyino; Petrovo", None, np.nan]),
    "NA": lambda: rows(names=["Ilyino; Petrovo", pd.NA, pd.NaT]),
    "names without blanks": lambda: rows(names=["Ilyino;Petrovo", " ", ";"]),
    "names in lists": lambda: rows(names=[["Ilyino", "Petrovo"], [], []]),
    "other order": lambda: rows().iloc[::-1],
    "columns in other order": lambda: rows()[["names", "date", "settlements"]][["date", "settlements", "names"]],
    "index": lambda: rows().set_index("names", drop=False),
    "columns more": lambda: rows(note=[{"a": 1}, object(), "x"], secret="y"),
    "columns as categories": lambda: rows().set_axis(pd.CategoricalIndex(["date", "settlements", "names"]), axis=1),
}  # fmt: skip


@pytest.mark.parametrize("make", SAME.values(), ids=SAME.keys())
def test_every_form_of_the_same_rows_gives_the_same_chart_and_stays_as_it_was(
    make: Callable[[], pd.DataFrame], edition: Edition
) -> None:
    frame = make()
    before = frame.copy(deep=True)
    chart = charts.settlements(frame, edition, claimant="Tula Gazette")
    assert meta(chart)["title"] == "Tula Gazette: 13 settlements announced as retaken in 3 days"
    assert chart.to_dict() == charts.settlements(rows(), edition, claimant="Tula Gazette").to_dict()
    assert "13 settlements" in str(sentences.settlements(frame, edition))
    pd.testing.assert_frame_equal(frame, before)


WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "text": (lambda: rows(settlements=[2, "some", 11]), "row 1, column settlements: 'some' is not a whole number"),
    "thousands or decimals": (lambda: rows(settlements=["1,021", 0, 11]), "row 0, column settlements: '1,021 (thousands"),
    "infinity": (lambda: rows(settlements=[2, 0, np.inf]), "row 2, column settlements: 'inf' is not a whole number"),
    "missing count": (lambda: rows(settlements=[2, np.nan, 11]), "row 1, column settlements: empty, a value is required"),
    "missing count, NA": (lambda: rows(settlements=pd.array([2, None, 11], "Int64")), "row 1, column settlements: empty"),
    "empty text": (lambda: rows(settlements=["2", "", "11"]), "row 1, column settlements: empty"),
    "parts": (lambda: rows(settlements=[2, 0.5, 11]), "row 1, column settlements: '0.5' is not a whole number"),
    "below zero": (lambda: rows(settlements=[2, 0, -11]), "row 2, column settlements: -11 is below 0"),
    "truth": (lambda: rows(settlements=[True, False, True]), "row 0, column settlements: 'true' is not a whole number"),
    "list": (lambda: rows(settlements=[[2], [0], [11]]), "row 0, column settlements: 'list [2]' is not a whole number"),
    "complex": (lambda: rows(settlements=[2j, 0j, 11j]), "column settlements: '2j' is not a whole number"),
    "no day": (lambda: rows(date=["2025-02-03", None, "2025-02-05"]), "row 1, column date: empty"),
    "NaT": (lambda: rows(date=[DAYS[0], pd.NaT, DAYS[2]]), "row 1, column date: empty"),
    "month or day": (lambda: rows(date=["2025-02-03", "4/2/2025", "2025-02-05"]), "row 1, column date: '4/2/2025' is not a day"),
    "number for a day": (lambda: rows(date=[1, 2, 3]), "row 0, column date: '1' is not a day written YYYY-MM-DD"),
    "time of day": (lambda: rows(date=pd.to_datetime(DAYS) + pd.Timedelta("9h")), "row 0, column date: '2025-02-03 09:00:00' is not a day"),
    "a day twice": (lambda: rows(date=[DAYS[0], DAYS[1], "03.02.2025"]), "row 2, column date: '2025-02-03' stands in row 0 too"),
    "more than the names": (lambda: rows(settlements=[5, 0, 11]), "row 0, column settlements: 5, but the cell names has 2"),
    "names on a day without": (lambda: rows(names=["Ilyino; Petrovo", "Orlovka", ""]), "row 1, column settlements: 0, but the cell names has 1"),
    "label": (lambda: rows(settlements=["x", 0, 11]).set_axis(["a", "b", "c"]), "row a, column settlements: 'x'"),
    "column missing": (lambda: rows().drop(columns=["names", "date"]), "settlements: column missing: date, names"),
    "column twice": (lambda: pd.concat([rows(), rows()[["date"]]], axis=1), "settlements: column twice: date"),
    "no rows": (lambda: rows().iloc[:0], "the table has no rows, so there is nothing to show"),
    "no table": (lambda: rows().to_dict("records"), "settlements: a DataFrame is needed, not list"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_cell_is_named_by_row_and_column(
    make: Callable[[], Any], said: str, edition: Edition
) -> None:
    for function in (charts.settlements, sentences.settlements):
        with pytest.raises(InputError) as caught:
            function(make(), edition)
        assert said in str(caught.value)


def test_days_are_counted_from_the_calendar_and_those_left_out_have_no_number(edition: Edition) -> None:
    some = rows().iloc[[2, 0]]
    chart = charts.settlements(some, edition)
    assert "13 settlements announced as retaken in 3 days" in meta(chart)["title"]
    plotted = chart.to_dict()["datasets"]["rows"]
    assert [(row["date"], row.get("settlements")) for row in plotted] == [
        ("2025-02-03", 2), ("2025-02-04", None), ("2025-02-05", 11),
    ]  # fmt: skip
    spread = rows(date=["2024-09-01", "2024-12-24", "2025-02-05"])
    assert meta(charts.settlements(spread, edition))["chart"] == "settlements-campaign"
    assert meta(charts.settlements(spread, edition))["title"].startswith(
        "13 settlements announced as retaken"
    )


def test_the_ministry_heads_its_own_announcements_only(edition: Edition) -> None:
    official = kd.settlements_per_day(start="2025-03-05", end="2025-03-14")
    titles = {
        "In 10 days Russia’s Defence Ministry announced 28": official,
        "Apti Alaudinov: ": kd.settlements_per_day(
            start="2025-03-05", end="2025-03-14", claimant="Apti Alaudinov"
        ),
        "13 settlements announced": rows(),
        "Tula Gazette: 13": rows(claimant="Tula Gazette"),
        "13 settlements announced as": rows(claimant=["Tula Gazette", "Orel Gazette", ""]),
    }
    for title, view in titles.items():
        chart = charts.settlements(view, edition)
        texts = json.dumps(meta(chart), ensure_ascii=False) + str(sentences.settlements(view, edition))
        assert meta(chart)["title"].startswith(title)
        assert ("Defence Ministry" in texts) == (view is official)
        assert ("Data: kurskdata" in texts) == title.startswith(("In 10 days Russia", "Apti"))
    of_others = official.assign(claimant="Tula Gazette")
    assert "Ministry" not in json.dumps(meta(charts.settlements(of_others, edition)))


def test_russia_heads_the_map_of_its_own_claims_only(edition: Edition) -> None:
    places = kd.settlement_places()
    assert "Russia claimed" in meta(charts.locator(places, edition))["title"]
    of_others = places.assign(claimed_by="Tula Gazette", place_id=[f"own-{n}" for n in places.index])
    for view, ours in ((of_others, False), (kd.settlement_places(claimant="Apti Alaudinov"), True)):
        chart = charts.locator(view, edition)
        assert meta(chart)["title"].startswith("Where the ")
        assert not any("Ministry" in meta(chart)[text] for text in ("title", "alt", "source"))
        assert ("Data: kurskdata" in meta(chart)["source"]) == ours
        assert ("Source: Tula Gazette; border" in meta(chart)["source"]) != ours


def test_a_claim_beside_rows_of_others_does_not_name_the_ministry(edition: Edition) -> None:
    claim = {"claimant": "Tula Gazette", "value": "12", "reported": "2025-02-06", "window_start": "2025-02-03", "window_end": DAYS[2]}  # fmt: skip
    chart = charts.settlements(rows(), edition, claim=claim)
    assert "counted 12" in meta(chart)["title"]
    text = str(sentences.settlements(rows(), edition, claim))
    assert "2 + 0 + 11 = 13" in text
    assert "Ministry" not in text + json.dumps(meta(chart))
    with pytest.raises(InputError, match="claim: row 0, column value: 'a dozen' is not a whole number"):
        charts.settlements(rows(), edition, claim={**claim, "value": "a dozen"})


def test_ids_are_compared_as_text(edition: Edition) -> None:
    claims = pd.DataFrame(
        {"claim_id": [7, 8], "measure": ["area_held", "share_retaken"], "value": ["140", 86.5], "unit": ["km2", "%"], "as_of": [dt.date(2025, 3, 13), "12.03.2025"]}
    )  # fmt: skip
    found = check_claims(claims)
    assert set(found["claim_id"]) == {"7", "8"}
    specs = [
        charts.claims(found.assign(claim_id=found["claim_id"].astype(form)), edition, evidence=found.evidence.assign(claim_id=found.evidence["claim_id"].astype(of))).to_dict()
        for form, of in ((str, int), (int, float), (object, str), (float, "Int64"))
    ]  # fmt: skip
    assert all(spec == specs[0] for spec in specs)


EDITION = Edition()


@functools.cache
def checked_article() -> Checked:
    return check_claims(kd.article_claims())


VIEWS: dict[str, tuple[Callable[[], pd.DataFrame], Callable[[pd.DataFrame], Any]]] = {
    "area": (kd.area_claims, lambda view: charts.area(view, EDITION)),
    "maps": (kd.area_held, lambda view: charts.area(kd.area_claims(), EDITION, maps=view)),
    "timeline": (kd.timeline, lambda view: charts.timeline(view, EDITION)),
    "places": (kd.settlement_places, lambda view: charts.locator(view, EDITION)),
    "checked": (checked_article, lambda view: charts.claims(view, EDITION, evidence=checked_article().evidence)),
    "evidence": (lambda: checked_article().evidence, lambda view: charts.claims(checked_article(), EDITION, evidence=view)),
}  # fmt: skip
WRONG_IN_VIEWS = [
    ("area", {"value": "many"}, "area: row 0, column value: 'many' is not a number"),
    ("area", {"held_low_km2": np.inf}, "area: row 0, column held_low_km2: 'inf' is not a number"),
    ("area", {"side": "Elbonia"}, "area: row 0, column side: 'Elbonia' is not allowed; allowed: "),
    ("maps", {"held_km2": "1,021"}, "maps: row 0, column held_km2: '1,021 (thousands or decimals?)'"),
    ("maps", {"date": "3/4/2025"}, "maps: row 0, column date: '3/4/2025' is not a day"),
    ("timeline", {"side": "Elbonia"}, "timeline: row 0, column side: 'Elbonia' is not allowed"),
    ("timeline", {"importance": "high"}, "timeline: row 0, column importance: 'high' is not a whole number"),
    (
        "places",
        {"lat": None, "lon": 35.1, "position_error_km": 2},
        "places: row 0, column lat: empty, but the row gives a part of a position",
    ),
    ("places", {"disputed": "perhaps"}, "places: row 0, column disputed: 'perhaps' is not true or false"),
    (
        "places",
        {"lat": 35.1, "lon": 51.2, "position_error_km": 2},
        "places: 2 faults\n  row 0, column lat: 35.1 is below 43",
    ),
    (
        "places",
        {"lat": np.inf, "lon": 35.1, "position_error_km": 2},
        "places: row 0, column lat: 'inf' is not a number",
    ),
    ("maps", {"held_km2": -3}, "maps: row 0, column held_km2: -3 is below 0"),
    ("evidence", {"claim_low": "low"}, "evidence: row 0, column claim_low: 'low' is not a number"),
    ("checked", {"measure": "feelings"}, "checked: row 0, column measure: 'feelings' is not allowed"),
]


@pytest.mark.parametrize(("view", "changed", "said"), WRONG_IN_VIEWS)
def test_a_wrong_cell_of_any_view_is_named(view: str, changed: dict[str, Any], said: str) -> None:
    make, draw = VIEWS[view]
    frame = make().astype(dict.fromkeys(changed, object)).reset_index(drop=True)
    for column, cell in changed.items():
        frame.loc[0, column] = cell
    with pytest.raises(InputError) as caught:
        draw(frame)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("view", VIEWS)
def test_views_from_a_file_and_of_other_types_give_the_same_chart(view: str, tmp_path: Path) -> None:
    make, draw = VIEWS[view]
    frame = make()
    expected = draw(frame).to_dict()
    frame.to_csv(tmp_path / "own.csv", index=False)
    own = tmp_path / "own.csv"
    for form in (
        pd.read_csv(own),
        pd.read_csv(own, dtype=str, keep_default_na=False),
        pd.read_csv(own, dtype_backend="pyarrow", engine="pyarrow"),
        frame.convert_dtypes(),
        frame.astype(object),
        frame.assign(extra=[[n] for n in range(len(frame))]),
    ):
        before = form.copy(deep=True)
        assert draw(form).to_dict() == expected
        pd.testing.assert_frame_equal(form, before)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_with_a_column_missing_or_without_rows_is_no_traceback(view: str) -> None:
    make, draw = VIEWS[view]
    frame = make()
    with pytest.raises(InputError, match=f"^{view}: column missing: "):
        draw(frame.drop(columns=frame.columns[0]))
    with contextlib.suppress(InputError):  # any other error fails the test
        draw(frame.iloc[:0])


def test_sentences_check_their_tables(edition: Edition) -> None:
    with pytest.raises(InputError, match="area: column missing: "):
        sentences.area(rows(), edition)
    with pytest.raises(InputError, match="timeline: column missing: "):
        sentences.timeline(rows(), edition)
    with pytest.raises(InputError, match="answers: column missing: others, look"):
        sentences.claims(rows(), kd.article_claims(), edition)
    with pytest.raises(InputError, match="article: a DataFrame is needed, not NoneType"):
        sentences.claims(check_claims(kd.article_claims()), None, edition)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="claim: a row is needed, as a dict or Series, not list"):
        sentences.settlements(rows(), edition, [1])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="claims: a DataFrame is needed, not dict"):
        check_claims({"claim_id": ["a"]})  # type: ignore[arg-type]


@pytest.mark.parametrize("make", SAME.values(), ids=SAME.keys())
def test_a_table_shows_every_form_of_rows(make: Callable[[], pd.DataFrame]) -> None:
    page = display.Table(make().drop(columns=["note", "secret"], errors="ignore"), EDITION)._repr_html_()
    assert "Ilyino" in page
    assert "2025" in page
    assert "&lt;NA&gt;" not in page
    assert ">nan<" not in page


OPTIONS = [
    ("future.infer_string", False), ("future.infer_string", True), ("future.distinguish_nan_and_na", True),
    ("future.python_scalars", True), ("future.infer_freq_returns_offset", True), ("future.no_silent_downcasting", True),
    ("mode.string_storage", "python"), ("mode.string_storage", "pyarrow"), ("mode.copy_on_write", False),
    ("mode.chained_assignment", "raise"), ("mode.performance_warnings", False), ("mode.sim_interactive", True),
    ("compute.use_numexpr", False), ("compute.use_bottleneck", False), ("display.precision", 1),
    ("display.max_rows", 2), ("display.max_columns", 2), ("display.max_colwidth", 5), ("display.width", 20),
    ("display.float_format", "{:.0f}".format), ("display.date_dayfirst", True), ("display.date_yearfirst", True),
    ("display.chop_threshold", 100.0), ("display.encoding", "cp1252"), ("display.html.border", 3),
    ("display.notebook_repr_html", False), ("display.html.use_mathjax", False), ("styler.format.precision", 0),
    ("io.parquet.engine", "pyarrow"),
]  # fmt: skip


def everything(folder: Path) -> dict[str, str]:
    """Hashes of the tables, views, checks, charts and exports."""
    views = (kd.settlements_per_day, kd.settlement_places, kd.area_claims, kd.area_held, kd.timeline, kd.sources, kd.places, kd.retaken, kd.area, kd.control, kd.article)  # fmt: skip
    found = {
        view.__name__: view().to_csv(date_format="%Y-%m-%d") + str([*map(str, view().dtypes)])
        for view in views
    }
    found["check"] = check_claims(kd.article_claims()).to_csv()
    found |= {name: json.dumps(by_name.spec(name, EDITION), sort_keys=True) for name in by_name.names()}
    own = {column: [str(n) for n in cells] for column, cells in rows().items()}
    chart = charts.settlements(pd.DataFrame(own), EDITION).to_dict()
    embed.write(chart, folder)
    found |= {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    found["table"] = display.Table(kd.area_claims(), EDITION)._repr_html_()
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in found.items()}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return everything(tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize(("option", "value"), OPTIONS)
def test_no_option_of_pandas_changes_a_byte(
    option: str, value: Any, plain: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = functools.cache(reader._loaded.__wrapped__)  # type: ignore[attr-defined]
    monkeypatch.setattr(reader, "_loaded", read)  # or the tables were read before the option was set
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with pd.option_context(option, value):
                assert everything(tmp_path) == plain
        except pd.errors.OptionError:
            pytest.skip(f"this pandas has no option {option}")
