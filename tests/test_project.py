"""The project itself: what a new machine installs, and what no file may hold."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import processes
import pytest
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
    for name in ("charts", "build", "control", "lab", "parquet"):
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
