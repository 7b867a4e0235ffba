"""The built wheel, installed into an empty environment away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel, and borrows its dependencies from this one.

    A path file adds the folder of the dependencies without reading the path files in it, so that the checkout,
    which is installed there in place, stays out.
    """
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "python"


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "KURSKDATA_DATA")}
    return subprocess.run(
        [python, *arguments], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_data_notebooks_fonts_and_types(wheel: Path, root: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in [*(root / "data").glob("*.csv"), *(root / "notebooks").glob("*.ipynb")]:
        assert f"kurskdata/{path.parent.name}/{path.name}" in names
    assert {
        "kurskdata/py.typed",
        "kurskdata/data/datapackage.json",
        "kurskdata/fonts/OFL.txt",
        "kurskdata/help/build.md",
    } <= names
    assert not [name for name in names if "/tests/" in name or name.startswith("tests/")]


def test_the_loaders_work_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    script = "import kurskdata as kd; print(kd.__file__); print(len(kd.retaken()))"
    done = run(installed, tmp_path, "-c", script)
    assert done.returncode == 0, done.stderr
    where, count = done.stdout.split()
    assert where.startswith(str(installed.parent.parent))
    assert count == "106"


def test_a_report_is_built_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-m", "kurskdata.cli", "build")
    assert done.returncode == 0, done.stderr
    page = tmp_path / "build" / "2025-03-14-en-km2" / "report.html"
    assert "3 + 4 + 0 + 12 + 5 = 24" in page.read_text("utf-8")
    assert str(page.relative_to(tmp_path)) in done.stdout
