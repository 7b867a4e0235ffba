"""On which pages the rows rest, and what changes without a page."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from conftest import Kursk

import kurskdata as kd
from kurskdata import rests_on
from kurskdata.errors import InputError
from kurskdata.tables import reader

SEVERAL = "2025-03-12-gerasimov-share-retaken-86-more-than"


def test_every_claim_and_event_has_a_row() -> None:
    rows = kd.support()
    counts = {table: len(reader.load(table)) for table in ("area", "retaken", "timeline")}
    assert rows.groupby("table").size().to_dict() == counts
    assert rows["key"].is_unique
    assert (rows["pages"] >= rows["publishers"]).all()
    assert rows["publishers"].min() == 1
    pd.testing.assert_series_equal(rows["rests_on"].notna(), rows["pages"] == 1, check_names=False)


@pytest.mark.parametrize(
    ("key", "own", "variant"),
    [
        ("2025-03-13-the-moscow-times-area-seized-1376", True, None),
        ("2025-03-14-el-pais-share-held-10", False, None),  # a copy
        ("2025-03-12-gerasimov-area-retaken-1000", False, "2025-03-12-gerasimov-area-retaken-1100-more-than"),
    ],
)
def test_a_row_says_whose_page_it_is_and_whose_wording(key: str, own: bool, variant: str | None) -> None:
    row = kd.support().set_index("key").loc[key]
    assert row["own_page"] == own
    assert variant == (None if pd.isna(row["variant_of"]) else row["variant_of"])


def test_pages_published_later_do_not_count_as_of_a_day() -> None:
    key = "2025-03-12-gerasimov-area-retaken-425"
    early, late = (kd.support(as_of=day).set_index("key").loc[key] for day in ("2025-03-12", "2025-05-31"))
    assert early["pages"] == 1
    assert early["pages"] <= late["pages"]
    with pytest.raises(InputError, match="before the first day"):
        kd.support(as_of="2024-08-05")


def test_a_check_changes_with_the_only_page_of_its_evidence_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = [
        "2025-03-14-el-pais-share-held-10",
        "2024-08-12-actualno.com-depth-30",
        "ev-2025-03-14-trump-spare",
    ]
    few = kd.support(as_of="2025-03-14").set_index("key", drop=False).loc[[*keys, SEVERAL]]
    monkeypatch.setattr(rests_on, "_rows", lambda _: few.reset_index(drop=True))
    article = kd.article_claims(as_of="2025-03-14")
    before = kd.check_claims(article, as_of="2025-03-14")
    rows = kd.support(as_of="2025-03-14", claims=article).set_index("key")
    assert "pct-86" in rows.loc[keys[0], "checks"].split(";")
    assert rows.loc[[keys[1], SEVERAL], ["checks", "sentences"]].eq("").all(axis=None)
    assert rows.loc[keys[2], "sentences"] == "timeline"
    pd.testing.assert_frame_equal(before, kd.check_claims(article, as_of="2025-03-14"))
    sentences = kd.support(claims=article.head(1)).set_index("key")["sentences"]
    assert sentences.eq("").all(), "sentences are those of a day"


def test_claims_that_name_an_event_without_its_page_are_still_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = kd.support().set_index("key", drop=False).loc[["ev-2025-03-13-deepstate-140"]]
    monkeypatch.setattr(rests_on, "_rows", lambda _: event)
    claim = kd.article().head(1).assign(event_id=event.index[0])
    assert kd.support(claims=claim)["checks"].item() == claim["claim_id"].item()


def test_tables_and_embeds_say_which_rows_rest_on_one_page() -> None:
    area = kd.area().set_index("claim_id", drop=False)
    one, several = (
        area.loc[[key], ["value", "source_ids"]] for key in ("2025-03-14-el-pais-share-held-10", SEVERAL)
    )
    assert "rests on one page</td>" in kd.display.Table(one)._repr_html_()
    assert "beruht auf einer einzigen Seite" in kd.display.Table(one, kd.edition(language="de"))._repr_html_()
    assert "rests on one page" not in kd.display.Table(several)._repr_html_()
    archives = reader.load("sources").query("kind == 'map_archive'")["source_id"]
    measured = pd.DataFrame({"held_km2": 140.28, "source_ids": archives})
    assert "rests on one page" not in kd.display.Table(measured)._repr_html_()


def test_a_check_says_which_evidence_rests_on_one_page(kursk: Kursk, tmp_path: Path) -> None:
    claims = "claim_id,measure,value,unit,as_of\nx,share_retaken,86,percent,2025-03-12\n"
    (tmp_path / "claims.csv").write_text(claims, "utf-8")
    done = kursk("check", "claims.csv", "--as-of", "2025-03-14", "--full")
    lines = {
        who: [line for line in done.stdout.splitlines() if who in line]
        for who in ("El Pais", "DeepState map")
    }
    assert all(line.endswith("(rests on one page)") for line in lines["El Pais"])
    assert lines["El Pais"]
    assert lines["DeepState map"]
    assert not any("one page" in line for line in lines["DeepState map"])
