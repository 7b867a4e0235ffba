"""The linter of the charts: ``python tests/lint_charts.py`` draws every chart of twelve days of the campaign in every
language, decides the rules of `chart_rules` for each at widths from 320 to 1200 pixels in both themes, and lists what fails.

``--chart``, ``--language`` and ``--day`` limit it. ``--axe`` opens pages of the charts, a report, the gallery, the proof
sheet and a check in a browser too and asks axe, all of its rules. ``--faults FOLDER`` writes what fails to a file for each chart.
Exit code 1 where something fails. No command of the package.
"""

from __future__ import annotations

import argparse
import atexit
import datetime as dt
import functools
import itertools
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from chart_rules import RULES, Page, Rule, page_of

from kurskdata.drawing.altair_import import load_altair
from kurskdata.words.language import LANGUAGES

DAYS = (
    "2024-08-06", "2024-08-07", "2024-08-20", "2024-10-01", "2024-11-23", "2025-01-05", "2025-02-20", "2025-03-08",
    "2025-03-12", "2025-03-14", "2025-04-26", "2025-05-31",
)  # fmt: skip
"""The first and the last day that the tables cover, the turns of the campaign, and days between."""

ROOT = Path(__file__).parents[1]

DARK = Rule(0, "Light and dark editions are drawn alike", "one language a day, all marks compared", ())

Job = tuple[str, str, str]
"""A chart, a language and a day."""


class Fault(NamedTuple):
    chart: str
    language: str
    day: str
    rule: int
    where: str
    what: str


def charts() -> list[str]:
    """The names of all charts; the map of control is drawn from an archive made up here."""
    from kurskdata import charts
    from kurskdata.charts import by_name

    return [*dict.fromkeys([*by_name.names(), *(["control"] if hasattr(charts, "control") else [])])]


@functools.cache
def archive() -> Path:
    """A small map archive: an area that grows and shrinks, with unclear land round it."""
    from test_measure import HELD, UNCLEAR, deepstate, feature

    folder = Path(tempfile.mkdtemp(prefix="lint-charts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sizes = (2, 9, 12, 15, 12, 10, 8, 6, 3, 2)
    days = ("2024-08-06", "2024-08-20", "2024-09-06", "2024-10-01", "2024-11-23", "2025-01-05", "2025-02-20", "2025-03-08", "2025-03-12", "2025-05-31")  # fmt: skip
    for n, (day, size) in enumerate(zip(days, sizes, strict=True)):
        far = [1 + 0.3 * math.sin(turn * 1.7 + n) for turn in range(40)]
        rings = [
            [
                [35.1 + 1.6 * grown * size / 100 * far[k % 40] * math.cos(k * math.pi / 20),
                 51.22 + grown * size / 100 * far[k % 40] * math.sin(k * math.pi / 20)]
                for k in range(41)
            ]
            for grown in (1.2, 1)
        ]  # fmt: skip
        at = int(dt.datetime.fromisoformat(f"{day}T12:00+00:00").timestamp())
        deepstate(folder, at, feature(UNCLEAR, rings[0]), feature(HELD, rings[1]))
    return folder


def spec(name: str, language: str, day: str, theme: str = "light") -> dict[str, Any]:
    from kurskdata.charts import by_name
    from kurskdata.editions import edition

    options = {"archive": archive()} if name == "control" else {}
    return by_name.spec(name, edition(as_of=day, language=language, theme=theme), **options)


def pages(name: str, language: str, day: str, theme: str = "light") -> Page:
    """The page of a chart as of a day."""
    return page_of(spec(name, language, day, theme), _trail())


@functools.cache
def _trail() -> Any:
    from kurskdata.embed.table import Trail

    return Trail()


def judged(page: Page) -> tuple[Counter[int], list[Fault]]:
    """How many decisions each rule made on a page, and what fails; a fault that several widths share stands there once."""
    decided: Counter[int] = Counter()
    faults: dict[tuple[int, str], list[str]] = defaultdict(list)
    for rule in RULES:
        for decide in rule.decide:
            for where, wrong in decide(page):
                decided[rule.number] += 1
                if wrong:
                    faults[rule.number, wrong].append(where)
    day = page.day.isoformat()
    found = [
        Fault(page.chart, page.language, day, number, _together(places), what)
        for (number, what), places in faults.items()
    ]
    return decided, found


def _together(places: list[str]) -> str:
    names = list(dict.fromkeys(places))
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _job(job: Job) -> tuple[Counter[int], list[Fault]]:
    load_altair()
    name, language, day = job
    page = pages(*job)
    decided, found = judged(page)
    # Colours are judged in both themes on one drawing, which is why the other theme's must be the same.
    if language == LANGUAGES[DAYS.index(day) % len(LANGUAGES) if day in DAYS else 0]:
        decided[0] += 1
        if pages(name, language, day, "dark").pictures != page.pictures:
            found.append(Fault(name, language, day, 0, "dark", "the dark edition is drawn in another way"))
    return decided, found


def run(jobs: list[Job], processes: int) -> tuple[dict[str, Counter[int]], list[Fault]]:
    """Decisions of each chart by rule, and all faults."""
    decided: dict[str, Counter[int]] = defaultdict(Counter)
    faults = []
    # One process is this one: under a runner of tests that has threads a fork may never end.
    pool = ProcessPoolExecutor(processes) if processes > 1 else None
    done = pool.map(_job, jobs, chunksize=6) if pool else map(_job, jobs)
    for (name, *_), (counts, found) in zip(jobs, done, strict=True):
        decided[name] += counts
        faults += found
    return decided, faults


def table(decided: dict[str, Counter[int]], faults: list[Fault]) -> str:
    """Decisions and failures of every rule, as text; a rule that decided nothing is seen."""
    failed = Counter((fault.chart, fault.rule) for fault in faults)
    lines = [f"{'rule':<5}{'decided':>9}{'failed':>8}"]
    for rule in (*RULES, DARK):
        made = sum(counts[rule.number] for counts in decided.values())
        by_chart = {name: failed[name, rule.number] for name in decided if failed[name, rule.number]}
        told_of = ", ".join(f"{name} {count}" for name, count in by_chart.items()) or rule.text
        lines.append(f"{rule.number:<5}{made:>9,}{sum(by_chart.values()):>8,}  {told_of}")
    return "\n".join(lines)


def told(faults: list[Fault]) -> list[str]:
    """Faults as lines, the first of those that differ in numbers, days and languages only, with how many there are."""
    groups: dict[tuple[str, int, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        name = re.sub(r"“.*”|[\d.,]+", "#", fault.what)
        groups[fault.chart, fault.rule, name[:28]].append(fault)
    lines = []
    for (chart, rule, _), same in sorted(groups.items(), key=lambda item: (*item[0][:2], -len(item[1]))):
        first = same[0]
        more = f" (and {len(same) - 1} like it: {','.join(dict.fromkeys(f.language for f in same))}; "
        more += f"{same[0].day} to {max(f.day for f in same)})"
        lines.append(
            f"{chart} {first.language} {first.day} rule {rule}, {first.where}: {first.what}{more if len(same) > 1 else ''}"
        )
    return lines


# What a browser finds.

BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def opened(folder: Path, names: Iterable[str]) -> Iterator[Path]:
    """Writes pages of the charts, of several languages and days, a build with gallery and proof sheet, and the page of a
    check; yields each page."""
    from kurskdata import embed
    from kurskdata.check import check_claims
    from kurskdata.check import page as check_page
    from kurskdata.prose import read_article

    jobs = zip(names, itertools.cycle(LANGUAGES), itertools.cycle(DAYS[5:]), strict=False)
    for name, language, day in jobs:
        for one, when in ((language, "2025-03-14"), ("en", day), ("en", DAYS[0])):
            place = folder / f"{name}-{one}-{when}"
            embed.write(spec(name, one, when), place)
            yield place / "index.html"
        yield place / "sources.html"
    kursk = Path(sys.executable).with_name("kursk")
    subprocess.run([kursk, "build", "-o", folder / "build", "--proof"], check=True, capture_output=True)
    yield from sorted((folder / "build").glob("*.html"))
    yield from sorted((folder / "build").glob("*/report.html"))
    checked = check_claims(read_article((ROOT / "data" / "examples" / "article.txt").read_text("utf-8")))
    (folder / "check.html").write_text(check_page.html(checked), "utf-8")
    yield folder / "check.html"


def asked(names: Iterable[str]) -> list[str]:
    """What axe finds on pages of the charts, the report, the gallery, the proof sheet and a check, narrow and wide, light
    and dark."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    found = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER, args=["--no-sandbox", "--disable-quic", "--no-first-run"]
        )
        page = browser.new_page()
        for path in opened(Path(folder), names):
            page.goto(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
            for width, scheme in itertools.product((360, 1200), ("light", "dark")):
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme=scheme)
                for one in Axe().run(page).response["violations"]:
                    where = f"{path.parent.name}/{path.name} {scheme} {width} px"
                    found.append(
                        f"axe {where}: {one['id']}, {len(one['nodes'])} places: {one['nodes'][0]['html'][:160]}"
                    )
        browser.close()
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("chart", "language", "day"):
        parser.add_argument(f"--{name}", action="append")
    parser.add_argument("--axe", action="store_true")
    parser.add_argument("--faults", type=Path)
    parser.add_argument("-j", type=int, default=min(2, os.cpu_count() or 1))
    given = parser.parse_args(arguments)
    started = time.monotonic()
    names = given.chart or charts()
    jobs = list(itertools.product(names, given.language or LANGUAGES, given.day or DAYS))
    decided, faults = run(jobs, given.j)
    lines = told(faults)
    if given.faults:
        for name in names:
            own = [line for line in lines if line.startswith(f"{name} ")]
            (given.faults / f"lint_{name}.txt").write_text("\n".join([*own, ""]), "utf-8")
    else:
        print(*lines, sep="\n")
    print(table(decided, faults))
    made = sum(sum(counts.values()) for counts in decided.values())
    print(f"{len(jobs)} charts, {made:,} decisions, {len(faults)} faults, {time.monotonic() - started:.0f} s")
    found: list[str] = []
    if given.axe:
        found = asked(names) if BROWSER else ["axe: no Chromium found; set CHROMIUM"]
        print(*found, f"axe: {len(found)} faults, {time.monotonic() - started:.0f} s in all", sep="\n")
    return int(bool(faults or found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
