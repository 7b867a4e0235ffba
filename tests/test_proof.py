"""The proof sheet: every chart of a day in all languages, light and dark, at three widths."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import batches
import pytest

from kurskdata.editions import THEMES, edition
from kurskdata.reports import overview
from kurskdata.words.language import LANGUAGES

# One worker makes the sheet for all of these.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("proof")
    small = batches.notebook(folder / "small.ipynb", chart=True)
    done = batches.build("-n", small, "-o", folder / "out", "--as-of", "2025-03-12,2025-03-14", "--proof")
    assert done.returncode == 0, done.stderr
    return folder / "out", done.stdout


def test_it_shows_every_language_theme_and_width(built: tuple[Path, str]) -> None:
    out, told = built
    assert told.splitlines()[-1] == str(out / "proof.html")
    page = (out / "proof.html").read_text("utf-8")
    frames = re.findall(
        r'<iframe loading="lazy" title="([^"]*)" src="([^"]*)" width="(\d+)" style="height:(\d+)px"', page
    )
    wanted = {
        (f"2025-03-14-{language}-km2/charts/settlements/index.html#{theme}", str(width))
        for language in LANGUAGES
        for theme in THEMES
        for width in overview.WIDTHS
    }
    assert {(src, width) for _, src, width, _ in frames} == wanted
    assert len(frames) == len(wanted)
    for _, src, width, height in frames:
        assert (out / src.partition("#")[0]).is_file()
        assert 300 < int(height) < 2000, width


def test_the_gallery_leads_to_it_and_it_asks_for_nothing(built: tuple[Path, str]) -> None:
    out, _ = built
    assert 'href="proof.html"' in (out / "index.html").read_text("utf-8")
    assert "http" not in (out / "proof.html").read_text("utf-8")


def test_a_build_without_it_keeps_it(built: tuple[Path, str]) -> None:
    out, _ = built
    before = (out / "proof.html").read_bytes()
    small = out.parent / "small.ipynb"
    again = batches.build("-n", small, "-o", out, "--as-of", "2025-03-14")
    assert "nothing to do" in again.stderr
    assert (out / "proof.html").read_bytes() == before


def test_check_asks_for_the_sheet_and_verify_compares_it(built: tuple[Path, str], tmp_path: Path) -> None:
    before, _ = built
    out = shutil.copytree(before, tmp_path / "out")
    given = ("-n", before.parent / "small.ipynb", "-o", out, "--as-of", "2025-03-12,2025-03-14")
    assert batches.build(*given, "--proof", "--check").returncode == 0
    again = batches.build("-n", before.parent / "small.ipynb", "--verify", out)
    assert again.returncode == 0, again.stdout + again.stderr
    page = (out / "proof.html").read_text("utf-8")
    (out / "proof.html").write_text(page.replace("</h2>", " </h2>"), "utf-8")
    checked = batches.build(*given, "--proof", "--check")
    assert checked.returncode == 1
    assert checked.stdout == "proof.html: shows other charts than stand here\n"
    again = batches.build("-n", before.parent / "small.ipynb", "--verify", out)
    assert (again.returncode, again.stdout) == (1, "proof.html: differs\n")
    (out / "proof.html").unlink()
    assert batches.build(*given, "--proof", "--check").stdout == "proof.html: missing\n"


def test_it_is_not_made_in_a_shard(built: tuple[Path, str], tmp_path: Path) -> None:
    before, _ = built
    given = ("-n", before.parent / "small.ipynb", "-o", tmp_path / "out", "--proof")
    refused = batches.build(*given, "--shard", "2/2")
    assert refused.returncode == 2
    assert refused.stderr.startswith("kursk: proof: a shard holds no whole day")
    assert not (tmp_path / "out").exists()


def test_a_failed_build_does_not_name_it(tmp_path: Path) -> None:
    broken = batches.notebook(tmp_path / "broken.ipynb", "1 / 0")
    failed = batches.build("-n", broken, "-o", tmp_path / "out", "--as-of", "2025-03-14", "--proof")
    assert failed.returncode == 1
    assert "proof.html" not in failed.stdout


def test_its_editions_are_those_of_the_last_day_in_every_language() -> None:
    batch = [
        edition(as_of="2025-03-12", language="de"),
        edition(as_of="2025-03-14", units="sq_mi", theme="dark"),
    ]
    shown = overview.on_proof(batch)
    assert [e.language for e in shown] == list(LANGUAGES)
    assert {(str(e.as_of), e.units, e.theme) for e in shown} == {("2025-03-14", "sq_mi", "light")}
