"""The pictures of README.md, from the data: ``python tests/pictures.py``.

Charts as SVG, and the page of a checked article as a browser shows it: that one needs a Chromium, as the tests do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "notebooks" / "pictures"
KURSK = Path(sys.executable).with_name("kursk")
CHARTS = {
    "settlements": ["settlements"],
    "locator": ["locator"],
    "area-de-dark": ["area", "--as-of=2025-03-12", "--units=sq_mi", "--language=de", "--theme=dark"],
}
WIDTH, HEIGHT = 1000, 960
"""What the picture of the checked page shows of it, in pixels."""


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        for name, options in CHARTS.items():
            subprocess.run([KURSK, "export", *options, "-o", f"{made}/{name}"], check=True)
            shutil.copy(f"{made}/{name}/chart.svg", FOLDER / f"{name}.svg")
        article = ROOT / "data" / "examples" / "article.txt"
        subprocess.run([KURSK, "check", article, "-o", f"{made}/checked"], check=True)
        photograph(f"file://{made}/checked/check.html", FOLDER / "check.png")


def photograph(address: str, path: Path) -> None:
    """The top of a page as a PNG with a palette."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(address)
        page.screenshot(path=path)
        browser.close()
    Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main()
