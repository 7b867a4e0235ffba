"""JupyterLab: copies that keep edits, and every chart drawn by JupyterLab itself with the network cut."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import NOTEBOOKS

from kurskdata import lab
from kurskdata.display import MIME

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def test_copies_are_made_once_and_edits_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert lab.prepare(folder) == folder
    assert {path.name for path in folder.iterdir()} == {path.name for path in NOTEBOOKS}
    (folder / "area.ipynb").write_text("edited")
    (folder / "claims.ipynb").unlink()
    lab.prepare(folder)
    assert (folder / "area.ipynb").read_text() == "edited"
    assert (folder / "claims.ipynb").is_file()


def test_in_a_checkout_the_notebooks_are_opened_where_they_lie() -> None:
    assert lab.prepare(None) == NOTEBOOKS[0].parent


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab on copies of the notebooks, and its address."""
    folder = lab.prepare(tmp_path_factory.mktemp("lab") / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        str(folder),
        "--no-browser",
        f"--port={port}",
        "--allow-root",
    ]
    options = [
        "--IdentityProvider.token=",
        "--ServerApp.port_retries=0",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with (tmp_path_factory.mktemp("log") / "lab.log").open("w") as log:
        process = subprocess.Popen([*command, *options], stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        yield address
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # it waits for kernels, which end by themselves when it is gone
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("no Chromium; install Debian's chromium or name one in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.mark.browser
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_run_all_draws_every_chart_natively_and_asks_nothing_outside(
    server: str, browser: Any, path: Path
) -> None:
    notebook = nbformat.read(path, as_version=4)
    outputs = [o for c in notebook.cells for o in c.get("outputs", [])]
    expected = sum(MIME in o.get("data", {}) for o in outputs)
    page = browser.new_page(viewport={"width": 1300, "height": 12000})
    outside: list[str] = []
    page.on(
        "request",
        lambda r: (
            None
            if r.url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))
            else outside.append(r.url)
        ),
    )
    page.goto(f"{server}/lab/tree/{path.name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Restart Kernel and Run All Cells").click()
    page.locator(".jp-Dialog button.jp-mod-warn, .jp-Dialog button.jp-mod-accept").last.click()
    last = page.locator(".jp-CodeCell .jp-InputArea-prompt").last
    page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')];"
        " return all.length && all.every(p => /\\[\\d+\\]/.test(p.textContent)); }",
        timeout=120_000,
    )
    assert "[" in last.text_content()
    page.wait_for_function(
        f"() => document.querySelectorAll('.vega-embed .marks').length >= {expected}", timeout=60_000
    )
    assert page.locator(".vega-embed .marks").count() == expected
    assert (
        page.locator(
            '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
        ).count()
        == 0
    )
    assert outside == []
    page.close()
