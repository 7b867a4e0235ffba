"""What a reader waits for: our page beside what Altair saves, as bytes, requests and time to the chart.

The same chart three times: our ``index.html``; ``chart.save`` with the libraries in the page; ``chart.save`` with
the libraries from a server, here a local one in the place of the content delivery network. Everything is sent
compressed with brotli; each measurement starts with an empty cache. Time runs from the start of the navigation to
the first paint that has the chart, the middle one of several runs. Run: python tests/bench_embed.py
"""

from __future__ import annotations

import argparse
import http.server
import os
import re
import shutil
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import altair as alt
import brotli

from kurskdata import embed
from kurskdata.charts import by_name
from kurskdata.editions import Edition

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")

OURS, INLINE, SERVED = "kurskdata page", "chart.save, libraries inline", "chart.save, libraries served"

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
"""Slow 4G: 1.6 Mbit/s down, 150 ms; the processor runs at a quarter of its speed with it."""

# A chart is visible with the first paint that has content, once its drawing stands in the page.
WATCH = """(() => { const seen = () => [...document.querySelectorAll('svg')].some(s => s.getBoundingClientRect().width > 50 && s.querySelector('path, rect'));
const look = now => seen() ? window.foundAt = now : requestAnimationFrame(look);
requestAnimationFrame(look); })()"""
SHOWN = """() => { const painted = performance.getEntriesByName('first-contentful-paint')[0];
return window.foundAt && painted ? Math.max(window.foundAt, painted.startTime) : null }"""


def prepare(name: str, folder: Path) -> dict[str, Path]:
    """The three pages of a chart."""
    spec = by_name.spec(name, Edition())
    embed.write(spec, folder / "ours")
    plain = {k: v for k, v in spec.items() if k != "usermeta"}
    chart = alt.Chart.from_dict(plain)
    options = {"renderer": "svg", "actions": False}
    chart.save(str(folder / "inline.html"), inline=True, embed_options=options)
    chart.save(str(folder / "served.html"), embed_options=options)
    _libraries(folder)
    return {
        OURS: folder / "ours" / "index.html",
        INLINE: folder / "inline.html",
        SERVED: folder / "served.html",
    }


def _libraries(folder: Path) -> None:
    """Puts the libraries that a saved page names beside it.

    The renderer has them as one bundle: the first address gets it whole, the others get an empty script, so that
    bytes and requests are those of the real ones together.
    """
    import vl_convert

    page = (folder / "served.html").read_text("utf-8")
    for number, address in enumerate(re.findall(r'<script[^>]* src="([^"]+)"></script>', page)):
        (folder / f"library{number}.js").write_text("" if number else vl_convert.javascript_bundle(), "utf-8")
        page = page.replace(address, f"/library{number}.js")
    (folder / "served.html").write_text(page, "utf-8")


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Serves a folder compressed; the list grows by the size of every answer."""
    sent: list[int] = []
    ready: dict[str, bytes] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = folder / self.path.lstrip("/")
            if not path.is_file():
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if self.path not in ready:
                ready[self.path] = brotli.compress(path.read_bytes())
            kind = {".html": "text/html; charset=utf-8", ".js": "text/javascript"}.get(
                path.suffix, "text/plain"
            )
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Encoding", "br")
            self.send_header("Content-Length", str(len(ready[self.path])))
            self.end_headers()
            self.wfile.write(ready[self.path])
            sent.append(len(ready[self.path]))

        def log_message(self, *_: Any) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://localhost:{running.server_port}", sent
    running.shutdown()


def measure(browser: Any, address: str, *, slow: bool) -> float:
    """Milliseconds from the start of the navigation until the chart is on the screen."""
    context = browser.new_context(viewport={"width": 700, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    # Waiting inside the page would need what a strict policy forbids.
    for _ in range(300):
        shown: float | None = page.evaluate(SHOWN)
        if shown:
            context.close()
            return shown
        page.wait_for_timeout(200)
    raise TimeoutError(f"{address}: no chart after a minute")


def bench(name: str, runs: int) -> dict[str, dict[str, float]]:
    """Bytes, requests and times of the three pages of a chart."""
    from playwright.sync_api import sync_playwright

    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        pages = prepare(name, root)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with server(root) as (base, sent):
            for label, path in pages.items():
                address = f"{base}/{path.relative_to(root)}"
                measure(browser, address, slow=False)  # the first run warms the server
                sent.clear()
                fast = [measure(browser, address, slow=False) for _ in range(runs)]
                found[label] = {
                    "bytes": sum(sent) / runs,
                    "requests": len(sent) / runs,
                    "fast": statistics.median(fast),
                    "slow": statistics.median(measure(browser, address, slow=True) for _ in range(runs)),
                }
        browser.close()
    return found


def main() -> None:
    """Prints the table for every chart, and by how much ours is lighter and faster."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("charts", nargs="*", default=["settlements", "area"])
    options.add_argument("--runs", type=int, default=5)
    chosen = options.parse_args()
    for name in chosen.charts:
        found = bench(name, chosen.runs)
        ours = found[OURS]
        print(f"\n{name:<32}{'bytes':>9}{'requests':>10}{'unthrottled':>13}{'slow 4G, CPU/4':>16}")
        for label, row in found.items():
            print(
                f"{label:<32}{row['bytes']:>9,.0f}{row['requests']:>10.0f}{row['fast']:>10.0f} ms{row['slow']:>13.0f} ms"
            )
        for label in (INLINE, SERVED):
            row = found[label]
            ratios = [f"{row[key] / ours[key]:.1f}x" for key in ("bytes", "fast", "slow")]
            print(
                f"  ours against {label}: {ratios[0]} lighter, {ratios[1]} faster, {ratios[2]} faster throttled"
            )


if __name__ == "__main__":
    main()
