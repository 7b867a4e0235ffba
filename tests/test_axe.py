"""Pages of every kind as axe sees them, all of its rules: reports, gallery, proof sheet, charts, a check, a failed report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lint_charts import spec
from test_browser import browser, pytestmark, watch  # noqa: F401
from test_check_page import ARTICLE

from kurskdata import embed
from kurskdata.check import check_claims
from kurskdata.check import page as check_page
from kurskdata.editions import Edition
from kurskdata.prose import read_article
from kurskdata.reports import overview

pytestmark = [*pytestmark, pytest.mark.slow]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pages")
    build = [
        sys.executable,
        "-m",
        "kurskdata.cli",
        "build",
        "-o",
        str(out),
        "--theme",
        "light",
        "--theme",
        "dark",
    ]
    subprocess.run([*build, "--address", "https://example.org/a"], check=True, capture_output=True)
    overview.proof(out, overview.on_proof([Edition()]))
    embed.write(spec("control", "de", "2025-03-14"), out / "control")
    (out / "check.html").write_text(check_page.html(check_claims(read_article(ARTICLE))), "utf-8")
    return out


def kinds(out: Path) -> list[Path]:
    found = [
        *out.glob("*.html"),
        *out.glob("*/report.html"),
        *(out / "control" / name for name in ("index.html", "sources.html")),
    ]
    found += [*sorted(out.glob("*/report.html"))[0].parent.glob("charts/*/index.html")]
    # The check, the gallery, the proof sheet; two reports; two pages of the map of control; five charts.
    assert len(found) == 12
    return found


@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing_on_any_page(watch: Any, pages: Path, width: int) -> None:  # noqa: F811
    from axe_playwright_python.sync_playwright import Axe

    with watch(viewport={"width": width, "height": 800}) as seen:
        for path in kinds(pages):
            seen.page.goto(path.as_uri())
            seen.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
            for scheme in ("light", "dark"):
                seen.page.emulate_media(color_scheme=scheme)
                found = Axe().run(seen.page, options={"resultTypes": ["violations"]})
                assert found.violations_count == 0, f"{path.name} {scheme} {found.generate_report()}"
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, path.name


CUT = """() => [...document.querySelectorAll('.kd-table')].flatMap(region => {
  const edge = region.getBoundingClientRect();
  return [...region.querySelectorAll('a, td')].filter(one => [...one.getClientRects()].some(
    box => box.right > edge.right + 1 || box.left < edge.left - 1)).map(one => one.textContent); })"""


@pytest.mark.parametrize("width", [320, 360, 640, 1000])
def test_tables_of_a_report_fit_and_cut_no_link(watch: Any, pages: Path, width: int) -> None:  # noqa: F811
    with watch(viewport={"width": width, "height": 800}) as seen:
        for path in pages.glob("*/report.html"):
            seen.page.goto(path.as_uri())
            assert seen.page.locator(".kd-table").count() > 0
            assert seen.page.evaluate(CUT) == []
