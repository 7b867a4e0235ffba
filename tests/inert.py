"""Files that a reader opens do nothing, whatever the data say: no script but our own, no handler of an event, no address
but of the web, no formula in a spreadsheet, nothing that ends a script early."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

LINKS = ("href", "src", "xlink:href", "action", "formaction", "data", "poster", "srcset", "ping")
SAFE = re.compile(
    r"(?:https?:|mailto:|data:(?:image/(?:png|svg\+xml|webp|gif|jpeg)|text/csv|font/)|[^:]*$|[^:]*[/?#])",
    re.IGNORECASE,
)


@functools.cache
def _own_scripts() -> tuple[re.Pattern[str], ...]:
    """The scripts of our templates; what a template fills in is a group."""
    import kurskdata

    folder = Path(kurskdata.__file__).parent / "templates"
    texts = [path.read_text("utf-8") for path in folder.glob("*.html")]
    found = [script for text in texts for script in re.findall(r"<script[^>]*>(.*?)</script>", text, re.S)]
    found += [path.read_text("utf-8") for path in folder.glob("*.js")]
    parts = [re.split(r"\{\{.*?\}\}", script.strip(), flags=re.S) for script in found]
    return tuple(re.compile("(.*?)".join(map(re.escape, one)), re.S) for one in parts)


def _is_own(script: str) -> bool:
    """Whether a script is that of a template, filled with JSON alone."""
    for pattern in _own_scripts():
        if match := pattern.fullmatch(script.strip()):
            try:
                return all(json.loads(part) is not None and "</" not in part for part in match.groups())
            except ValueError:
                continue
    return False


class _Reader(HTMLParser):
    """Collects what a page would do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._script: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            clean = re.sub(r"[\x00-\x20]", "", value or "")
            if name.startswith("on") and not (name == "onerror" and tag == "img"):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name in LINKS and not SAFE.match(clean):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name == "http-equiv" and clean.lower() == "refresh":
                self.faults.append("<meta refresh>")
        if tag in ("object", "embed", "applet") or (tag == "base" and "href" in dict(attrs)):
            self.faults.append(f"<{tag}>")
        if tag == "script":
            self._script = (dict(attrs).get("type") or "", "")

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script = (self._script[0], self._script[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            kind, text = self._script
            self._script = None
            if kind.endswith("json"):
                json.loads(text)
            elif not _is_own(text):
                self.faults.append(f"a script not ours: {text[:80]!r}")


def of_page(text: str) -> list[str]:
    """What a page or a drawing would do."""
    reader = _Reader()
    try:
        reader.feed(text)
        reader.close()
    except ValueError as fault:
        return [f"JSON in a page: {fault}"]
    return reader.faults


def of_table(text: str) -> list[str]:
    """Cells that a spreadsheet would take for a formula."""
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
    return [
        f"formula: {c[:60]!r}"
        for c in cells
        if re.match(r"[=+@\t\r-]", c) and not re.fullmatch(r"[+-]?[\d.,e]+%?", c)
    ]


def faults(folder: Path) -> list[str]:
    """Of every file below a folder: what it would do, with its name."""
    found = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if not path.is_file() or path.name == "interactive.html":
            continue
        if path.suffix in (".html", ".svg"):
            found += [f"{path.name}: {one}" for one in of_page(path.read_text("utf-8", "replace"))]
        elif path.suffix == ".csv":
            found += [f"{path.name}: {one}" for one in of_table(path.read_text("utf-8", "replace"))]
        elif path.suffix in (".json", ".jsonld"):
            json.loads(path.read_bytes())
    return found
