"""What the README shows and tells a newcomer to type."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kurskdata.charts import by_name
from kurskdata.cli import main
from kurskdata.drawing.svg import render_svg
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


def test_its_pictures_are_those_listed_here(root: Path, readme: str) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(notebooks/pictures/([\w-]+)\.svg\)", readme)
    assert (
        sorted(shown) == sorted(PICTURES) == sorted(p.stem for p in (root / "notebooks/pictures").iterdir())
    )


@pytest.mark.parametrize("picture", PICTURES)
def test_its_pictures_are_made_from_the_data_of_now(root: Path, picture: str) -> None:
    name, given = PICTURES[picture]
    drawn = render_svg(by_name.spec(name, edition(given)))
    stands = (root / "notebooks" / "pictures" / f"{picture}.svg").read_text("utf-8")
    assert stands == drawn + "\n", "make pictures draws it again"


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
