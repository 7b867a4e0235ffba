"""A round trip of every chart through a graphics editor: Inkscape opens chart.svg and writes it again.

Needs Inkscape: Debian's package ``inkscape``, or any that the environment variable INKSCAPE names.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kurskdata.charts import by_name
from kurskdata.drawing.png import pixels_of
from kurskdata.drawing.svg import editors_svg
from kurskdata.editions import edition
from kurskdata.words.language import LANGUAGES

INKSCAPE = os.environ.get("INKSCAPE") or shutil.which("inkscape")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not INKSCAPE,
        reason="SKIPPED FOR WANT OF INKSCAPE: install Debian's inkscape or set INKSCAPE=/path/to/it",
    ),
]

SPACE = "{http://www.w3.org/2000/svg}"


def groups(root: ElementTree.Element) -> list[tuple[str | None, int]]:
    """The groups of a drawing in the order of painting: the name of each and how many marks it has."""
    return [(group.get("id"), len(group)) for group in root.iter(f"{SPACE}g")]


def texts(root: ElementTree.Element) -> list[tuple[str, str | None]]:
    """The texts of a drawing, each with its font."""
    return [("".join(text.itertext()), text.get("font-family")) for text in root.iter(f"{SPACE}text")]


@pytest.mark.parametrize("name", by_name.names())
def test_an_editor_keeps_groups_texts_and_picture(tmp_path: Path, name: str) -> None:
    language = LANGUAGES[by_name.names().index(name) % len(LANGUAGES)]
    drawn = editors_svg(by_name.spec(name, edition(language=language)))
    given, made = tmp_path / "chart.svg", tmp_path / "made.svg"
    given.write_text(drawn, "utf-8")
    call = [INKSCAPE, "--export-plain-svg", f"--export-filename={made}", str(given)]
    subprocess.run(
        call, check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)}
    )
    before, after = ElementTree.fromstring(drawn), ElementTree.parse(made).getroot()
    assert groups(after) == groups(before)
    assert texts(after) == texts(before)
    # One attribute a line, which the converter to pixels takes as well.
    written = re.sub(r"\s*\n\s*(?=[\w:-]+=)", " ", made.read_text("utf-8"))
    assert (pixels_of(written, 2) == pixels_of(drawn, 2)).all()
