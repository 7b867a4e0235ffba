"""The engine `kursk` records what a plain kernel records, and nothing leaks from one report into the next."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import processes
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.exceptions import PapermillExecutionError

from kurskdata.reports.edition import notebooks
from kurskdata.reports.run import fork_client, job, workers

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not fork_client.AVAILABLE, reason="needs fork")]

TORTURE = [
    "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')\n1 + 1",
    "from IPython.display import HTML, Markdown, Image, JSON, SVG, clear_output, display\n"
    "first = display('first', display_id='one')\nprint('between')\nsecond = display(Markdown('*second*'), display_id=True)",
    "first.update(HTML('<b>changed later</b>'))\nsecond.update('changed too')",
    "print('gone'); clear_output(); print('stays')",
    "print('gone late'); clear_output(wait=True); display('stays too')",
    "import kurskdata as kd\nprint(kd.sources().head(2))\nkd.sources().head(2)",
    "import pandas as pd\nprint(pd.get_option('display.max_columns'))\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "import warnings\nwarnings.warn('mind this')\n5",
    "import os\nos.system('echo from a program')\n!echo from a shell\n",
    "lines = !printf 'a\\nb\\n'\nlines",
    "%%timeit -n1 -r1 -q\npass",
    "%%capture kept\nprint('captured')",
    "kept.stdout, Out[1], _i1[:10]",
    "import asyncio\nawait asyncio.sleep(0.01)\nasync def f():\n    return 'awaited'\nawait f()",
    "display(Image(data=bytes.fromhex('89504e470d0a1a0a') + b'x'), JSON({'a': None}), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))",
    "class Both:\n    def _repr_html_(self): return '<i>both</i>'\n    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n'\n    def __repr__(self): return 'both'\nBoth()",
    "display({'text/plain': 'raw', 'application/x-own+json': {'b': 1, 'a': [None, True]}}, raw=True, metadata={'text/plain': {'k': 1}})",
    "print('no newline', end=''); print('\\x1b[31mred\\x1b[0m \\u0416', flush=True)",
    "",
    "x = 3;\nx;",
    "help(len)",
    "a = [i for i in range(100)]; a",
    "__name__, __doc__, 'kursk' in repr(get_ipython()), sys.argv[0][:0]",
    "%who_ls",
    "sys.stdout.isatty(), sys.stdout.encoding, os.environ.get('MPLBACKEND', '')[:6], os.environ['TERM']",
    "len?",
    "from ipykernel.comm import Comm\nc = Comm(target_name='nobody', data={'state': {}})\nc.send({'x': 1})",
]
ERRORS = {
    "representation": "class Broken:\n    def _repr_html_(self): raise ValueError('no html')\n    def __repr__(self): return 'broken'\nBroken()",
    "exception": "def deep(n):\n    return 1 / n\n\ndeep(0)",
    "syntax": "for in x:",
    "chained": "try:\n    {}['a']\nexcept KeyError as e:\n    raise RuntimeError('second') from e",
    "input": "input('name? ')",
    "exit": "import sys; sys.exit(3)",
    "silent exit": "import sys; sys.exit(0)",
    "group": "raise ExceptionGroup('several', [ValueError('a'), TypeError('b')])",
}


@pytest.fixture(scope="module", autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    workers.stop()


def outputs(notebook: Any) -> list[Any]:
    """What a notebook shows, without the numbers of processes."""

    def plain(value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"0x[0-9a-f]{6,}", "0x", re.sub(r"ipykernel_\d+", "ipykernel", value))
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items()}
        return [plain(v) for v in value] if isinstance(value, list) else value

    return [(c.cell_type, c.get("execution_count"), plain(c.get("outputs", []))) for c in notebook.cells]


def both(path: Path, tmp_path: Path, **options: Any) -> tuple[Any, Any]:
    """The notebook executed by papermill's engine and by ours."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # where it is set, ipykernel does not listen to programs
    found = []
    for engine in (None, "kursk"):
        out = tmp_path / f"{engine}.ipynb"
        try:
            papermill.execute_notebook(
                path, out, engine_name=engine, kernel_name="python3", progress_bar=False,
                coalesce_streams=True, cwd=tmp_path, **options,
            )  # fmt: skip
        except PapermillExecutionError as fault:
            fault_told = (fault.ename, fault.evalue, fault.cell_index)
        else:
            fault_told = None
        found.append((nbformat.read(out, 4), fault_told))
    assert found[0][1] == found[1][1]
    return found[0][0], found[1][0]


def written(cells: list[str], path: Path) -> Path:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    numbered = [new_code_cell(source, id=f"c{number}") for number, source in enumerate(cells)]
    nbformat.write(new_notebook(cells=numbered, metadata=kernel), path)
    return path


def test_every_kind_of_output_is_as_from_a_kernel(tmp_path: Path) -> None:
    plain, ours = both(written(TORTURE, tmp_path / "torture.ipynb"), tmp_path)
    for source, expected, found in zip(TORTURE, outputs(plain), outputs(ours), strict=True):
        assert found == expected, source


@pytest.mark.parametrize("source", ERRORS.values(), ids=ERRORS.keys())
def test_every_kind_of_error_is_as_from_a_kernel(tmp_path: Path, source: str) -> None:
    plain, ours = both(written(["1", source, "'not reached'"], tmp_path / "error.ipynb"), tmp_path)
    assert outputs(ours) == outputs(plain)


@pytest.mark.parametrize("path", sorted(notebooks.folder().glob("*.ipynb")), ids=lambda p: p.stem)
def test_our_notebooks_are_as_from_a_kernel(path: Path, tmp_path: Path) -> None:
    plain, ours = both(path, tmp_path, parameters={"as_of": "2025-03-12", "units": "sq_mi"})
    assert outputs(ours) == outputs(plain)
    assert ours.metadata.language_info == plain.metadata.language_info
    keys = ("cells", "metadata", "nbformat")
    assert set(keys) <= set(ours)
    assert [set(c.metadata) for c in ours.cells] == [set(c.metadata) for c in plain.cells]


LEAKS = """
import os, sys, builtins, pandas as pd, altair as alt, kurskdata as kd, warnings, locale, random, logging
state = [
    pd.get_option("display.max_rows"), alt.renderers.active, alt.theme.active, os.environ.get("LEAK"), os.getcwd() == HERE,
    hasattr(builtins, "leak"), "leak" in sys.modules, "/leak" in sys.path, len(warnings.filters), random.random(),
    logging.getLogger().level, len(kd.sources()), "leak" in dir(pd), alt.Chart("x").mark_bar().interactive().to_dict()["params"][0]["name"],
]
print(state)
pd.set_option("display.max_rows", 3); alt.renderers.enable("json"); alt.theme.enable("dark"); os.environ["LEAK"] = "1"; os.chdir("/")
builtins.leak = 1; sys.modules["leak"] = sys; sys.path.append("/leak"); warnings.simplefilter("ignore"); random.seed(1)
logging.getLogger().setLevel(1); pd.leak = 1; kd.sources().drop(kd.sources().index, inplace=True)
"""


def test_nothing_leaks_from_one_report_into_the_next(tmp_path: Path) -> None:
    source = LEAKS.replace("HERE", repr(str(tmp_path))).replace(
        "random.random()", "random.Random(1).random()"
    )
    path = written([source], tmp_path / "leak.ipynb")
    shown = []
    for _ in range(3):
        done = papermill.execute_notebook(path, None, engine_name="kursk", progress_bar=False, cwd=tmp_path)
        shown.append(done.cells[0].outputs[0].text)
    assert shown[0] == shown[1] == shown[2]
    assert "True, False, False, False" in shown[0]


def test_the_warm_process_draws_nothing() -> None:
    """V8 does not survive a fork: a process that reports are forked from must not have started it."""
    request = {
        "notebook": nbformat.writes(
            new_notebook(
                cells=[
                    new_code_cell(
                        "from kurskdata.drawing import vega_engine\nvega_engine.engine.cache_info().currsize"
                    )
                ]
            )
        )
    }
    answer = workers.lanes().warm.run(request, timeout=60)
    shown = nbformat.reads(answer["notebook"], 4).cells[0].outputs[0]
    assert shown.data["text/plain"] == "0"


def test_a_report_may_draw_by_itself(tmp_path: Path) -> None:
    source = "from kurskdata.drawing.svg import render_svg\nlen(render_svg({'$schema': 'https://vega.github.io/schema/vega-lite/v5.json', 'mark': 'point', 'data': {'values': []}})) > 50"
    done = papermill.execute_notebook(
        written([source], tmp_path / "n.ipynb"), None, engine_name="kursk", progress_bar=False
    )
    assert done.cells[0].outputs[0].data["text/plain"] == "True"


def test_a_cell_that_never_ends_is_stopped(tmp_path: Path) -> None:
    path = written(["1", "while True: pass"], tmp_path / "n.ipynb")
    with pytest.raises(Exception, match="cell 2: stopped: the cell ran longer than 2 s"):
        papermill.execute_notebook(path, None, engine_name="kursk", execution_timeout=2, progress_bar=False)


def test_the_command_line_of_papermill_knows_the_engine(tmp_path: Path) -> None:
    path = written(["6 * 7"], tmp_path / "n.ipynb")
    words = ("-m", "papermill", "--engine", "kursk", "--no-progress-bar", "n.ipynb", "out.ipynb")
    done = processes.python(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert nbformat.read(tmp_path / "out.ipynb", 4).cells[0].outputs[0].data["text/plain"] == "42"
    assert path.is_file()


class Answering:
    """A process that answers every call with its own number."""

    started = 0

    def __init__(self) -> None:
        Answering.started += 1
        self.number = Answering.started

    def send(self, what: object) -> None:
        pass

    def recv(self) -> tuple[bool, int]:
        return True, self.number

    def end(self) -> None:
        pass

    kill = end


def test_a_converter_is_started_anew_after_its_lifetime() -> None:
    converter = workers.Converter(Answering, lifetime=2)
    assert [converter.call("finish") for _ in range(5)] == [1, 1, 2, 2, 3]


def test_a_converter_answers_in_a_process_of_its_own_where_nothing_can_fork(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fork_client, "AVAILABLE", False)
    lanes = workers.Lanes()
    try:
        assert lanes.converter.call("os:getpid") not in (os.getpid(), None)
        assert len(lanes.converter.call("operator:mul", b"x", 1_000_000)) == 1_000_000
        with pytest.raises(ZeroDivisionError):
            lanes.converter.call("operator:floordiv", 1, 0)
        with pytest.raises(fork_client.ReportEndedError, match="the process that draws charts ended"):
            lanes.converter.call("os:_exit", 1)
    finally:
        lanes.stop()


def test_a_report_process_that_ends_names_the_cell_that_ran() -> None:
    cells = [new_code_cell("1"), new_code_cell("import os; os._exit(0)")]
    request = {"notebook": nbformat.writes(new_notebook(cells=cells))}
    with pytest.raises(fork_client.ReportEndedError, match="its process ended") as raised:
        workers.lanes().warm.run(request, timeout=60)
    assert (raised.value.cell, raised.value.source) == (1, "import os; os._exit(0)")


def test_tables_that_travel_are_unpacked_once_and_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    tables = {"area.csv": b"a", "datapackage.json": b"{}"}
    folder = job.unpacked(tables)
    assert folder.is_relative_to(tmp_path / "cache")
    (folder / "area.csv").unlink()
    assert job.unpacked(dict(reversed(tables.items()))) == folder
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == tables
    assert job.unpacked({**tables, "area.csv": b"b"}) != folder
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "file")
    assert (job.unpacked(tables) / "area.csv").read_bytes() == b"a"
