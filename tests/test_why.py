"""`kursk why`: every number that an edition writes leads to what it is made of, and to nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import batches
import pytest
from conftest import Kursk

from kurskdata.changes import contents, known, why
from kurskdata.errors import InputError

DAYS = ("2024-11-15", "2025-03-14")
LANGUAGES = ("en", "uk", "ru", "de")
GERASIMOV = "2025-03-12-gerasimov-share-retaken-86-more-than"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports and records of two days in four languages, in one unit or the other."""
    folder = tmp_path_factory.mktemp("why") / "out"
    words = [word for language in LANGUAGES for word in ("--language", language)]
    for day, units in zip(DAYS, ("sq_mi", "km2"), strict=True):
        done = batches.build(
            "-n", "report", "-n", "record", "--as-of", day, "--units", units, *words, "-o", folder
        )
        assert done.returncode == 0, done.stderr
    return folder


def article(out: Path) -> Path:
    return out / "2025-03-14-en-km2"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_numeral_leads_to_what_it_is(out: Path, language: str) -> None:
    count, orphans, rows = 0, [], set[str]()
    for edition in contents.editions(out):
        if edition.held["parameters"]["language"] != language:
            continue
        for where, text, _, origins in why.written_in(edition):
            for one, found in origins(text):
                count += 1
                rows |= {row for figure in found for row in figure.rows}
                if not found:
                    orphans.append(f"{edition.name}, {where}: {text[one.start : one.end]} in {text!r}")
    assert orphans == []
    assert [row for row in rows if not why.row(row)[0]] == []
    assert count > 3_000


@pytest.mark.parametrize(
    "text",
    [
        "more than 97.3 % retaken",
        "leaves Ukraine 1,111 sq km",
        "39 settlements in 5.5 days",
        "in 1943",
    ],
)
def test_what_is_not_in_the_data_leads_nowhere(out: Path, text: str) -> None:
    (edition,) = contents.editions(article(out))
    resolved = [found for _, found in known.Known(edition, edition.charts()).origins(text)]
    assert [] in resolved


def test_a_figure_leads_to_the_row_that_gives_it_and_no_other(out: Path) -> None:
    found = why.why("86 %", article(out))
    assert found[0].rows == (GERASIMOV,)
    assert found[0].how == "value 86"
    told = " ".join(found[0].places)
    assert "area, title" in told
    assert "report.html" in told
    titles = [
        one for one in why.why("83", article(out)) if any(": area, title:" in place for place in one.places)
    ]
    assert [one.rows for one in titles] == [("2025-03-12 deepstate",)]
    assert "213.57" in titles[0].how


def test_of_several_days_with_one_figure_the_day_counts_that_is_told_of(out: Path) -> None:
    """DeepState's map shows 152 sq km held on 12, 13 and 14 March."""
    sentence = "The DeepState map of 12 March leaves 152 to 214 sq km"
    found = [one for one in why.why("152", article(out)) if any(sentence in place for place in one.places)]
    assert [one.rows for one in found] == [("2025-03-12 deepstate",)]


def test_a_sum_leads_to_what_was_added_up(out: Path) -> None:
    sums = {one.how: one for one in why.why("24 settlements", article(out))}
    added = sums["3 + 4 + 0 + 12 + 5 = 24"]
    assert len(added.rows) == 24
    assert any("settlements, title" in place for place in added.places)


@pytest.mark.parametrize("asked", ["1,268", "1.268", "1 268 км²", "1268 sq km"])
def test_a_number_is_found_however_it_is_written(out: Path, asked: str) -> None:
    assert any(known.BASE in one.rows for one in why.why(asked, article(out)))


def test_the_command_tells_rows_sources_and_places(out: Path, kursk: Kursk) -> None:
    done = kursk("why", "86 %", article(out))
    assert done.returncode == 0
    assert (
        f"  {GERASIMOV}: Valery Gerasimov, russia, 2025-03-12, share_retaken, more_than, 86.0, percent"
        in done.stdout
    )
    assert "    Fontanka: https://" in done.stdout
    told = json.loads(kursk("why", "86 %", article(out), "--json").stdout)
    assert told[0]["sources"][GERASIMOV]


def test_the_bundle_of_a_chart_will_do(kursk: Kursk) -> None:
    kursk("export", "settlements", "-o", "chart")
    done = kursk("why", "24", "chart")
    assert "24: 3 + 4 + 0 + 12 + 5 = 24" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("86 %",), "kursk: build: is missing; name an edition or a folder of kursk build"),
        (
            ("many", "OUT"),
            "kursk: 'many': no number in digits; write one as it stands in a text, such as 86 % or 1,100",
        ),
        (("71.3 %", "OUT"), "kursk: '71.3 %' is written nowhere in "),
    ],
)
def test_wrong_questions_are_answered_in_one_line(
    out: Path, kursk: Kursk, words: tuple[str, ...], said: str
) -> None:
    done = kursk("why", *(article(out) if word == "OUT" else word for word in words))
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def test_a_damaged_bundle_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "chart.vl.json").write_text("{}")
    with pytest.raises(InputError, match=r"chart\.vl\.json: not of the form"):
        why.why("86", tmp_path)
