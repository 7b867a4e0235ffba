"""The README: what it shows is current, and what it tells a newcomer to type works."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from documents import blocks, commands, unknown

import kurskdata as kd
from kurskdata.charts import by_name
from kurskdata.cli import main
from kurskdata.drawing.svg import editors_svg
from kurskdata.editions import edition

PICTURES = {
    "settlements": ("settlements", {}),
    "locator": ("locator", {}),
    "area-de-dark": (
        "area", {"as_of": "2025-03-12", "units": "sq_mi", "language": "de", "theme": "dark"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text("utf-8")


def test_it_can_be_read_in_a_sitting(readme: str) -> None:
    assert len(readme.splitlines()) <= 200


def test_its_pictures_are_those_listed_here(root: Path, readme: str) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(notebooks/pictures/([\w.-]+)\)", readme)
    assert sorted(shown) == sorted(path.name for path in (root / "notebooks/pictures").iterdir())
    assert sorted(shown) == sorted([*(f"{name}.svg" for name in PICTURES), "check.png"])


@pytest.mark.parametrize("picture", PICTURES)
def test_its_pictures_are_made_from_the_data_of_now(root: Path, picture: str) -> None:
    name, given = PICTURES[picture]
    drawn = editors_svg(by_name.spec(name, edition(given)))
    stands = (root / "notebooks" / "pictures" / f"{picture}.svg").read_text("utf-8")
    assert stands == drawn + "\n", "make pictures draws it again"


def test_its_links_lead_to_files_and_its_notebooks_are_all_there_are(root: Path, readme: str) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", readme)
    assert [target for target in targets if not (root / target).exists()] == []
    listed = [target for target in targets if target.endswith(".ipynb")]
    assert sorted(listed) == sorted(f"notebooks/{path.name}" for path in (root / "notebooks").glob("*.ipynb"))


def test_it_counts_the_rows_that_there_are(readme: str) -> None:
    counts = re.search(
        r"(\d+) claims on territory, (\d+) claims that a settlement was retaken, (\d+) events", readme
    )
    assert counts
    assert [int(n) for n in counts.groups()] == [len(kd.area()), len(kd.retaken()), len(kd.timeline())]


def test_its_python_gives_what_it_prints(readme: str) -> None:
    (example,), (printed,) = blocks(readme, "python"), blocks(readme, "text")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(example, {})
    assert out.getvalue() == printed


def test_every_call_that_it_names_is_there(readme: str) -> None:
    calls = re.findall(r"`kd\.(\w+)\(", readme)
    assert len(calls) >= 12
    assert [name for name in calls if not callable(getattr(kd, name, None))] == []


def test_every_command_in_it_exists_with_its_options(readme: str) -> None:
    typed = commands(readme)
    ours = [line for line in typed if re.match(r"(\.venv/bin/)?(kursk|make) ", line)]
    assert len(ours) >= 15
    assert {line: unknown(line) for line in ours if unknown(line)} == {}


def test_its_german_dark_square_mile_embed_is_one(readme: str, tmp_path: Path) -> None:
    typed = re.search(r"^\.venv/bin/kursk (export area .*--language de.*)$", readme, re.M)
    assert typed
    words = [str(tmp_path / "embed") if word == "embed" else word for word in shlex.split(typed[1])]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    page = (tmp_path / "embed" / "index.html").read_text("utf-8")
    assert '<html lang="de"' in page
    assert 'data-theme="dark"' in page
    assert "490\u00a0mi²" in page
    assert "12.\u00a0März 2025" in page


def test_its_check_of_an_article_marks_what_its_picture_shows(
    readme: str, root: Path, tmp_path: Path
) -> None:
    typed = re.search(r"`kursk (check data/examples/article\.txt -o )checked`", readme)
    assert typed
    article = root / "data" / "examples" / "article.txt"
    done = CliRunner().invoke(main, ["check", str(article), "-o", str(tmp_path / "checked")])
    assert done.exit_code == 0, done.output
    page = (tmp_path / "checked" / "check.html").read_text("utf-8")
    assert "two figures are marked" in readme
    assert "look again at 2:" in page
    claims = CliRunner().invoke(main, ["check", str(tmp_path / "checked" / "claims.csv")])
    assert [line[:2] for line in claims.output.splitlines()].count("! ") == 2
