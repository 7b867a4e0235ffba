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

_FRUGAL = ("--max-semi-space-size=4",)
"""Saves some 40 MB a process, at no cost in time."""

_MAKE = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"


def svg(source: str, sides: str = "null") -> str:
    """The SVG of a specification, given as JSON. Raises BuildError with what Vega says of one that it cannot draw.

    With the names that colours have, as JSON, an object with the SVG in all its forms: ``svg`` as the renderer writes
    it, ``editors`` with its marks in groups with names, and ``page``, its body and size for a page; where marks are
    clipped or have gradients, a ``fault`` in the place of the last two.
    """
    engine().eval(f"drawn({json.dumps(source)},{sides});0")
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
    names = ("browser.js", "flat.js", "draw.js")
    browser, *ours = (Path(__file__).with_name(name).read_text("utf-8") for name in names)
    for part in (browser, libraries, f"const WIDTHS={widths}", *ours):
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
