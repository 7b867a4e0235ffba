"""Vega in a JavaScript engine of this process: a Vega-Lite specification as SVG.

The libraries are those that vl-convert carries. Its own engine asks a font service about every text of a chart,
which takes three quarters of the time and finds whatever font of that name a machine has; here texts are measured
by a table of the charts' own font. Nothing is fetched. A process in which the engine has started must not fork.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kurskdata.drawing import cache
from kurskdata.errors import BuildError

# What the libraries expect of a browser and never use here.
_BROWSER = """var window = globalThis, console = {}, setInterval = () => 0, clearInterval = () => 0,
addEventListener = () => {}, removeEventListener = () => {}, waits = 0, clearTimeout = () => 0,
setTimeout = then => waits++ < 1000 ? Promise.resolve().then(then) && 0 : 0,
structuredClone = x => JSON.parse(JSON.stringify(x));
for (const name of ["log", "warn", "error", "info", "debug"]) console[name] = () => {};"""

# Nothing here waits for anything but links and pictures, which Vega asks for again and again, so that the promise is
# kept when the call returns. It ends in a value: what the engine tells of an error holds the text of the libraries.
_DRAW = """let answer; const drawn = text => { answer = "-nothing came of it"; waits = 0; try {
vega.resetSVGDefIds();
const given = JSON.parse(text), parsed = /\\/vega\\//.test(given.$schema) ? given : vegaLite.compile(given).spec;
const faults = [], logger = vega.logger(vega.Warn, null, (_, level, told) => {
if (level === "ERROR") faults.push([...told].join(" "));
if (told[0] === "Loading failed") faults.push(`its rows must stand in it, not at ${told[1]}`); });
const view = new vega.View(vega.parse(parsed), {renderer: "none", logger});
view.toSVG().then(svg => faults.length ? "-" + faults[0] : "+" + svg, fault => "-" + fault)
.then(told => { answer = told; view.finalize(); });
} catch (fault) { answer = "-" + fault; } };
vega.textMetrics.width = (item, text) => {
const of = WIDTHS[item.fontWeight === "bold" || +item.fontWeight >= 600 ? 1 : 0]; let sum = 0;
for (const letter of text == null ? "" : String(text).trim()) sum += of[letter] ?? 0.55;
return sum * vega.textMetrics.height(item); };"""

_FRUGAL = ("--max-semi-space-size=4",)
"""Saves some 40 MB a process, at no cost in time."""

_MAKE = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"


def svg(source: str) -> str:
    """The SVG of a specification, given as JSON. Raises BuildError with what Vega says of one that it cannot draw."""
    engine().eval(f"drawn({json.dumps(source)});0")
    told = str(engine().eval("answer"))
    if not told.startswith("+"):
        raise BuildError(f"the chart cannot be drawn: {told[1:].splitlines()[0]}")
    return told[1:]


@functools.cache
def engine() -> Any:
    """The engine of this process, with the libraries; starting it takes as long as to draw several charts.

    Raises BuildError where vl-convert carries them in a form that is not known here."""
    from py_mini_racer import DEFAULT_V8_FLAGS, MiniRacer, init_mini_racer

    from kurskdata.drawing import letters

    text = script()
    vega, lite = (
        re.search(rf"\bconst (\w+)=function\(\)\{{return\{{{first}:", text)
        for first in ("Dataflow", "accessPathDepth")
    )
    if not vega or not lite:
        raise BuildError(
            f"the Vega libraries were not found in vl-convert {version('vl-convert-python')}; "
            "install the version that kurskdata asks for: pip install 'kurskdata[charts]'"
        )
    init_mini_racer(flags=(*DEFAULT_V8_FLAGS, *_FRUGAL), ignore_duplicate_init=True)
    # In this thread a loop may run, as in a notebook: the engine would end with it.
    with ThreadPoolExecutor(1) as aside:
        started = aside.submit(MiniRacer).result()
    atexit.register(started.close)  # later, while Python ends, it may wait for ever for a thread that is gone
    widths = json.dumps([letters.widths(bold=False), letters.widths(bold=True)])
    libraries = f"{text};const vega={vega[1]},vegaLite={lite[1]}"
    for part in (_BROWSER, libraries, f"const WIDTHS={widths}", _DRAW):
        started.eval(f"{part};0")
    script.cache_clear()  # megabytes that nobody asks for again
    return started


def load() -> None:
    """Loads what draws and starts nothing, so that processes forked from this one share it in memory."""
    import py_mini_racer
    import uharfbuzz  # noqa: F401

    for path in Path(py_mini_racer.__file__).parent.glob("*mini_racer.*"):
        if path.suffix in (".so", ".dylib"):
            ctypes.CDLL(str(path))
    script()


@functools.cache
def script() -> str:
    """The libraries as one script: vega-embed with Vega and Vega-Lite. Raises PackageNotFoundError without vl-convert."""
    folder = cache.folder()
    place = folder / f"vega-{version('vl-convert-python')}.js" if folder else None
    content = cache.read(place)
    if content is None:
        # In a process of its own: vl-convert starts an engine that does not survive a fork.
        made = subprocess.run([sys.executable, "-c", _MAKE], stdout=subprocess.PIPE, check=False)
        if made.returncode:
            raise BuildError("vl-convert could not put Vega together; install it again")
        content = made.stdout
        cache.write(place, content)
    return content.decode()
