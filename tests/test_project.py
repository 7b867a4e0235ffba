"""The project itself: what a new machine installs, and what no file may hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
import tomllib
import venv
from pathlib import Path

import processes
import pytest
import uv
import yaml


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


def tracked(root: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [root / name for name in listed.stdout.decode().split("\0") if name and (root / name).is_file()]


def test_environment_is_in_step_with_the_project(root: Path, project: dict) -> None:
    extras = project["optional-dependencies"]
    wanted = set(project["dependencies"])
    for name in ("charts", "build", "control", "lab", "parquet", "prose"):
        wanted |= {d for d in extras[name] if not d.startswith("kurskdata")}
    wanted.add("python" + project["requires-python"])
    listed = yaml.safe_load((root / "environment.yml").read_text("utf-8"))["dependencies"]
    plain = {d for d in listed if isinstance(d, str)} - {"pip"}
    (by_pip,) = (d["pip"] for d in listed if isinstance(d, dict))
    assert plain | set(by_pip) == wanted | {"--editable ."}


def test_what_pip_installs_for_conda_is_what_its_requirements_may_hold(root: Path) -> None:
    listed = yaml.safe_load((root / "environment.yml").read_text("utf-8"))["dependencies"]
    (by_pip,) = (d["pip"] for d in listed if isinstance(d, dict))
    for line in by_pip:
        assert re.fullmatch(r"--editable \.|[a-z0-9-]+>=[0-9.]+", line), (
            "no option but --editable may stand here"
        )


def test_every_pinned_package_has_hashes(root: Path) -> None:
    lock = (root / "requirements.lock").read_text("utf-8")
    pinned = re.findall(r"^([a-z0-9._-]+)==", lock, re.M)
    assert len(pinned) > 50
    assert len(re.findall(r"^[a-z0-9._-]+==[^\n]* \\\n    --hash=sha256:", lock, re.M)) == len(pinned)
    assert "://" not in lock


def test_the_lock_meets_every_lower_bound(root: Path, project: dict) -> None:
    from packaging.requirements import Requirement

    lock = dict(
        re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", (root / "requirements.lock").read_text("utf-8"), re.M)
    )
    for group in (project["dependencies"], *project["optional-dependencies"].values()):
        for text in group:
            need = Requirement(text)
            if need.name != "kurskdata":
                assert need.specifier.contains(lock[need.name]), text


def test_no_file_names_a_registry_host_or_a_folder_of_this_machine(root: Path) -> None:
    # Written in parts, so that this file does not find itself.
    hosts = [
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "registry." + "npmjs",
        "npmjs" + ".org",
        "npmjs" + ".com",
        "deb." + "debian",
    ]
    folders = ["/" + "work/", "/" + "root/", "/" + "home/", "/" + "tmp/"]
    found = []
    for path in tracked(root):
        if path.suffix in (".ttf", ".png", ".mo"):
            continue
        text = path.read_text("utf-8")
        found += [f"{path.relative_to(root)}: {word}" for word in (*hosts, *folders) if word in text]
    assert found == []


def test_the_command_answers_without_pandas() -> None:
    script = "import sys; from kurskdata.cli import main; main(['--help'], standalone_mode=False); print('pandas' in sys.modules)"
    done = processes.python("-c", script)
    assert done.stdout.strip().endswith("False"), done.stderr


def test_the_version_is_the_same_everywhere(root: Path, project: dict) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == project["version"]
    assert f"## {project['version']}" in (root / "CHANGELOG.md").read_text("utf-8")


def test_every_locked_package_names_its_licence() -> None:
    import release

    found = release.licences()
    assert len(found) > 100
    assert [name for name, _, licence in found if not licence] == []


def test_a_release_has_a_day_in_step_with_the_changelog(root: Path, project: dict) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    heads = re.findall(r"^## (.+)$", (root / "CHANGELOG.md").read_text("utf-8"), re.M)
    released = [head for head in heads if head != "Unreleased"]
    assert heads[0] in ("Unreleased", released[0])
    assert released[0].split()[0] == project["version"]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(citation["date-released"]))
    days = re.findall(r"\d{4}-\d{2}-\d{2}", released[0])
    assert days in ([], [str(citation["date-released"])])


@pytest.fixture(scope="module")
def clone(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout in a folder whose name has a space, installed there into a .venv of its own.

    The environment borrows the libraries of this one through a path file, so that nothing is downloaded.
    """
    folder = tmp_path_factory.mktemp("clone") / "my desk" / "kurskdata"
    for path in tracked(root):
        (folder / path.relative_to(root)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, folder / path.relative_to(root))
    home = folder / ".venv"
    venv.create(home, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [uv.find_uv_bin(), "pip", "install", "--offline", "--python", str(home / "bin" / "python")]
    install += ["--no-deps", "--no-build-isolation", "--editable", "."]
    subprocess.run(install, cwd=folder, check=True, capture_output=True)
    (home / ".ready").touch()
    return folder


def make(folder: Path, *arguments: str) -> str:
    """What make prints; no setting of a make that runs the tests reaches it."""
    ours = re.compile(r"PYTHONPATH|KURSKDATA_DATA|M(AKE)?FLAGS|MAKELEVEL|MAKE_.*")
    clean = {name: value for name, value in os.environ.items() if not ours.fullmatch(name)}
    done = subprocess.run(
        ["make", *arguments], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_report_is_made_in_a_folder_whose_name_has_a_space(clone: Path) -> None:
    pages = [clone / line for line in make(clone, "report").splitlines()]
    assert [page.name for page in pages] == ["report.html", "index.html"]
    assert all(page.is_file() for page in pages)


@pytest.mark.slow
def test_no_recipe_holds_the_path_of_the_folder(clone: Path) -> None:
    """What is not written cannot break at a space: every path in a recipe is relative."""
    (clone / ".venv" / ".ready").touch()
    for target in (
        "test",
        "quick",
        "lab",
        "bench",
        "docs",
        "notebooks",
        "pictures",
        "texts",
        "lock",
        "trust",
        "matrix",
        "coverage",
        "release",
    ):
        assert "my desk" not in make(clone, "-n", target)
    set_up = make(clone, "-n", "-W", "requirements.lock", "report")
    assert "my desk" not in set_up
    assert "--require-hashes --requirement requirements.lock" in set_up


def test_uv_is_taken_from_the_lock_with_its_hashes(root: Path) -> None:
    makefile = (root / "Makefile").read_text("utf-8")
    (program,) = re.findall(r"^\t@awk '(.+)' requirements\.lock", makefile, re.M)
    command = ["awk", program.replace("$$", "$"), root / "requirements.lock"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    first, *hashes = text.splitlines()
    assert re.fullmatch(r"uv==[0-9.]+ \\", first)
    assert len(hashes) > 10
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line) for line in hashes)
