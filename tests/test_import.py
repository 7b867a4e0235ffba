"""What importing costs, and what the package offers: one interpreter a question."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import processes
import pytest

import kurskdata

ROOT = Path(kurskdata.__file__).parent.parent
HEAVY = (
    "altair",
    "papermill",
    "babel",
    "click",
    "shapely",
    "pyproj",
    "vl_convert",
    "py_mini_racer",
    "uharfbuzz",
    "nbformat",
    "jinja2",
)


def run(code: str) -> str:
    """What a program prints, in an interpreter of its own and away from the checkout."""
    done = processes.python("-c", code, cwd="/", PYTHONPATH=str(ROOT), PYTHONWARNINGS="error")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def loaded(code: str) -> set[str]:
    """The top-level packages that are loaded when a program ends."""
    return set(
        json.loads(
            run(f"{code}\nimport json, sys; print(json.dumps([m for m in sys.modules if '.' not in m]))")
        )
    )


def test_the_check_sees_what_is_loaded() -> None:
    assert "click" in loaded("import click")


def test_importing_the_package_loads_no_library() -> None:
    assert loaded("import kurskdata") & {*HEAVY, "pandas", "numpy"} == set()


def test_tables_and_views_cost_pandas_and_no_more() -> None:
    names = list(kurskdata.__all__)
    use = (
        "kurskdata.area(), kurskdata.control(), kurskdata.settlements_per_day(), kurskdata.area_percentages()"
    )
    found = loaded(
        f"import kurskdata\nfor name in {names}: getattr(kurskdata, name)\n{use}, kurskdata.describe('area')"
    )
    assert "pandas" in found
    assert found & set(HEAVY) == set()


def test_checks_load_words_but_no_charts() -> None:
    found = loaded("import kurskdata; kurskdata.check_claims(kurskdata.article())")
    assert found & set(HEAVY) <= {"babel"}


def test_editions_are_checked_without_pandas() -> None:
    assert "pandas" not in loaded("import kurskdata; kurskdata.edition(as_of='2025-03-09')")


def test_charts_load_altair_on_first_use() -> None:
    pytest.importorskip("altair")
    assert "altair" in loaded("import kurskdata; kurskdata.charts.area")


@pytest.mark.slow
def test_altair_loads_without_the_grammars_of_web_addresses_and_checks_them_when_asked() -> None:
    pytest.importorskip("altair")
    slow = {"rfc3987_syntax", "rfc3986_validator", "lark"}
    quick = "from kurskdata.drawing.altair_import import load_altair; alt = load_altair()"
    assert loaded(quick) & {"altair", *slow} == {"altair"}
    pytest.importorskip("rfc3987_syntax")
    check = "[jsonschema.FormatChecker().conforms(text, 'iri') for text in ('http://a.b/c', 'a b')]"
    assert run(f"{quick}; import jsonschema; print({check})") == "[True, False]"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a Python that has pandas, what pandas needs, and click: nothing of any extra but that."""
    folder = tmp_path_factory.mktemp("bare")
    for name in ("pandas", "numpy", "dateutil", "six", "click"):
        origin = Path(str(importlib.import_module(name).__file__))
        origin = origin.parent if origin.name == "__init__.py" else origin
        for path in (origin, origin.with_name(f"{name}.libs")):
            if path.exists():
                (folder / path.name).symlink_to(path)
    return {"PATH": os.environ["PATH"], "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def run_bare(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-S", *arguments]  # -S: without the packages that are installed here
    return subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)


def test_tables_and_views_work_with_pandas_alone(bare: dict[str, str]) -> None:
    code = "from kurskdata import *; print(len(retaken()), len(settlements_per_day()) > 0)"
    done = run_bare(bare, "-c", f"{code}; import kurskdata; kurskdata.display.Table(area())")
    assert (done.stdout, done.stderr) == ("106 True\n", "")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("from kurskdata import charts", "charts need altair and babel: pip install 'kurskdata[charts]'"),
        ("kd.charts.area", "charts need altair and babel: pip install 'kurskdata[charts]'"),
        ("kd.display.enable()", "charts need altair: pip install 'kurskdata[charts]'"),
        ("kd.check_claims(kd.article())", "need babel: pip install 'kurskdata[charts]'"),
        ("kd.display.Table(kd.area())._repr_html_()", "pages need jinja2: pip install 'kurskdata[charts]'"),
        ("from kurskdata.embed import write", "charts for articles need babel and jinja2"),
        ("from kurskdata.reports.batch import build", "reports need papermill and nbformat"),
        ("from kurskdata.tables import measure", "map measurements need pyproj and shapely"),
    ],
)
def test_what_an_extra_brings_is_named_where_it_is_missing(
    bare: dict[str, str], code: str, message: str
) -> None:
    program = f"""
import kurskdata as kd
try:
    {code}
except ImportError as fault:
    print(type(fault).__name__, isinstance(fault, kd.KurskdataError), fault)
"""
    done = run_bare(bare, "-c", program)
    assert done.stdout.startswith("MissingExtraError True "), done.stderr
    assert message in done.stdout
    assert re.search(r"pip install 'kurskdata\[\w+\]'$", done.stdout.strip())


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        ("build", "build"),
        ("lab", "lab"),
        ("measure owlmaps .", "control"),
        ("export area -o out", "charts"),
        ("check data/article.csv", "charts"),
        ("data export --format parquet -o {out}", "parquet"),
    ],
)
def test_the_command_names_the_extra_that_is_missing(
    bare: dict[str, str], tmp_path: Path, command: str, extra: str
) -> None:
    words = [word.format(out=tmp_path).replace("data/", f"{ROOT}/data/") for word in command.split()]
    done = run_bare(bare, "-m", "kurskdata.cli", *words)
    assert done.returncode == 2, done.stderr
    assert re.fullmatch(rf"kursk: [\w ]+ need [\w ]+: pip install 'kurskdata\[{extra}\]'\n", done.stderr)


def test_display_is_a_module() -> None:
    assert run("import kurskdata; print(kurskdata.display.__name__)") == "kurskdata.display"


def test_every_public_name_is_there_and_documented() -> None:
    code = "import kurskdata as k; print([n for n in k.__all__ if not getattr(k, n).__doc__])"
    assert run(code) == "[]"


def test_public_names_can_be_imported_by_name_or_all_at_once() -> None:
    assert (
        run("from kurskdata import timeline, Interval, check_claims; print(timeline.__module__)")
        == "kurskdata.tables.views"
    )
    assert run("from kurskdata import *; print(len(places()))") == str(len(kurskdata.places()))


def test_the_names_that_type_checkers_see_are_those_that_are_found() -> None:
    tree = ast.parse(Path(kurskdata.__file__).with_suffix(".pyi").read_text("utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    homes = {alias.name: node.module for node in imports for alias in node.names}
    submodules = {name for name, home in homes.items() if home == "kurskdata"}
    assert submodules == {"charts", "display"}
    found = {name: getattr(kurskdata, name).__module__ for name in homes if name not in submodules}
    assert {name: homes[name] for name in found} == found
    # A star import works with pandas alone; checks, charts and display need more.
    assert set(kurskdata.__all__) == set(found) - {"check_claims"}
    (listed,) = (ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign))
    assert set(listed) == set(kurskdata.__all__)


def test_completion_offers_what_loads_later() -> None:
    assert {"area", "check_claims", "charts", "display", "__version__"} <= set(dir(kurskdata))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'kurskdata' has no attribute 'battles'"):
        kurskdata.battles  # noqa: B018


def test_the_version_is_that_of_the_installed_package() -> None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        installed = version("kurskdata")
    except PackageNotFoundError:
        pytest.skip("kurskdata is not installed")
    assert kurskdata.__version__ == installed


def test_no_public_name_is_also_a_module() -> None:
    """Importing a module binds its name in the package and would hide a function of that name."""
    modules = {path.stem for path in Path(kurskdata.__file__).parent.iterdir()}
    functions = {name for name in kurskdata.__all__ if callable(getattr(kurskdata, name))}
    assert functions & modules == set()


@pytest.mark.slow
def test_without_the_renderer_a_notebook_still_draws(root: Path) -> None:
    """As in a browser, where the renderer does not run: JupyterLab draws, tables show."""
    code = """
import sys
sys.modules["vl_convert"] = sys.modules["py_mini_racer"] = sys.modules["nbformat"] = sys.modules["nbconvert"] = None
import kurskdata as kd
from kurskdata import charts, display
display.enable()
edition = kd.edition(as_of="2025-03-14")
chart = charts.timeline(kd.timeline(as_of=edition.as_of), edition)
print(sorted(chart._repr_mimebundle_()))
print(display.Table(kd.timeline().tail(2), edition)._repr_html_()[:4])
"""
    done = processes.python("-c", code, cwd=root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["['application/vnd.vegalite.v5+json', 'text/plain']", "<div"]


def test_a_build_with_dask_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from kurskdata.reports.run import dask

    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(
            kurskdata.KurskdataError, match=r"need distributed: pip install 'kurskdata\[cluster\]'"
        ),
        dask.scheduler("tcp://nowhere:1", None),  # type: ignore[arg-type]
    ):
        pass
