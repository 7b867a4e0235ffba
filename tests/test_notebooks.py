"""The notebooks: committed executed, readable, and true for other days than the one they show."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import nbformat
import processes
import pytest
from conftest import NOTEBOOKS, ROOT

from kurskdata.display import MIME
from kurskdata.editions import PARAMETERS

DAYS = ("2024-08-20", "2025-01-17", "2025-03-09", "2025-03-14", "2025-04-26")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_code_cell_was_executed_in_order(notebook: nbformat.NotebookNode) -> None:
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


def test_every_code_cell_but_the_first_two_shows_something(notebook: nbformat.NotebookNode) -> None:
    assert all(cell.outputs for cell in code(notebook)[2:])


def test_no_output_is_an_error_or_a_stream(notebook: nbformat.NotebookNode) -> None:
    kinds = {output.output_type for cell in code(notebook) for output in cell.outputs}
    assert kinds <= {"execute_result", "display_data"}


def test_the_parameters_are_typed_and_complete(notebook: nbformat.NotebookNode) -> None:
    (cell,) = [c for c in code(notebook) if "parameters" in c.metadata.get("tags", [])]
    assert re.findall(r"^(\w+): str = ", cell.source, re.M) == list(PARAMETERS)


def test_charts_are_native_in_jupyterlab_and_show_as_svg_elsewhere(notebook: nbformat.NotebookNode) -> None:
    bundles = [o.data for c in code(notebook) for o in c.outputs if MIME in o.get("data", {})]
    assert bundles
    for data in bundles:
        assert data[MIME]["$schema"].endswith("/vega-lite/v5.json")
        assert data["image/svg+xml"].startswith("<svg")
        assert len(data["text/plain"]) > 80


def test_no_time_folder_or_machine_is_recorded(notebook: nbformat.NotebookNode) -> None:
    text = json.dumps(notebook)
    assert "execution" not in {key for cell in notebook.cells for key in cell.metadata}
    assert "papermill" not in notebook.metadata
    assert str(Path.home()) not in text
    assert str(ROOT) not in text


def test_cells_are_short(notebook: nbformat.NotebookNode) -> None:
    assert max(len(cell.source.splitlines()) for cell in code(notebook)) <= 8


@pytest.mark.slow
def test_all_notebooks_run_for_other_days(tmp_path: Path) -> None:
    names = [argument for path in NOTEBOOKS for argument in ("-n", path.stem)]
    done = processes.kursk("build", "--as-of", ",".join(DAYS), "-o", "out", *names, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for day, path in itertools.product(DAYS, NOTEBOOKS):
        page = (tmp_path / "out" / f"{day}-en-km2" / f"{path.stem}.html").read_text("utf-8")
        assert "<svg" in page or (path.stem == "claims" and "the article had not appeared" in page)
        assert "Traceback" not in page


@pytest.mark.slow
def test_plain_papermill_runs_a_notebook_from_another_folder(tmp_path: Path) -> None:
    words = ("-m", "papermill", ROOT / "notebooks" / "area.ipynb", "out.ipynb", "-p", "as_of", "2025-03-09")
    done = processes.python(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    executed = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    texts = " ".join(
        o.data.get("text/markdown", "") for c in code(executed) for o in c.outputs if "data" in o
    )
    assert "Sergei Rudskoi said on 20\N{NO-BREAK SPACE}February 2025" in texts
    assert "Gerasimov" not in texts


@pytest.mark.slow
def test_a_changed_datum_makes_nbval_fail(tmp_path: Path) -> None:
    """nbval passes on anything that was never executed; this shows that it compares here."""
    data = tmp_path / "data"
    data.mkdir()
    for path in (ROOT / "data").glob("*.*"):
        (data / path.name).write_bytes(path.read_bytes())
    table = data / "retaken.csv"
    changed = table.read_text("utf-8").replace(
        "2025-03-12-mod-mirny,mirny,,Russian Defence Ministry,true,daily,2025-03-12",
        "2025-03-12-mod-mirny,mirny,,Russian Defence Ministry,true,daily,2025-03-13",
    )
    assert changed != table.read_text("utf-8")
    table.write_text(changed, "utf-8")
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval")
    for folder, expected in ((ROOT / "data", 0), (data, 1)):
        path = ROOT / "notebooks" / "settlements.ipynb"
        done = processes.python(*words, path, cwd=tmp_path, KURSKDATA_DATA=str(folder))
        assert done.returncode == expected, done.stdout


@pytest.mark.slow
def test_a_wrong_parameter_is_one_readable_line_and_stops_the_run(tmp_path: Path) -> None:
    words = ("-m", "papermill", ROOT / "notebooks" / "timeline.ipynb", "out.ipynb", "-p", "units", "acres")
    done = processes.python(*words, cwd=tmp_path)
    assert done.returncode != 0
    executed = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    (error,) = [o for c in code(executed) for o in c.outputs if o.output_type == "error"]
    assert error.traceback == ["InputError: units: 'acres' is not known; allowed: km2, sq_mi"]
