"""The files of a release: ``python tests/release.py`` makes wheel, sdist, the data as a zip, licences and checksums in
``dist``, twice, and compares the bytes. Times in the archives are those of the last commit (SOURCE_DATE_EPOCH).

``--licences`` prints the licence of every installed package of the lock.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.metadata as installed
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def locked() -> dict[str, str]:
    """Name and version of every package that the lock pins."""
    return dict(
        re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.M)
    )


def licences() -> list[tuple[str, str, str]]:
    """Package, version and licence of all that the lock pins and that is installed here: the rest is for other systems."""
    found = []
    for name, version in locked().items():
        try:
            metadata = installed.metadata(name)
        except installed.PackageNotFoundError:
            continue
        classified = [
            c.split(" :: ")[-1]
            for c in metadata.get_all("Classifier") or []
            if c.startswith("License ::") and c.count("::") > 1
        ]
        declared = (
            metadata.get("License-Expression") or "; ".join(classified) or metadata.get("License") or ""
        ).strip()
        if not declared:  # what a package does not declare stands at the head of its licence
            files = [one for one in installed.files(name) or [] if one.name.upper().startswith("LICEN")]
            declared = files[0].read_text().strip() if files else ""
        found.append((name, version, declared.splitlines()[0].strip() if declared else ""))
    return found


def _epoch() -> str:
    """The time of the last commit."""
    told = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return told.stdout.strip()


def _data(path: Path, epoch: str) -> None:
    """All tables with their description, as a data package."""
    when = time.gmtime(int(epoch))[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted((ROOT / "data").rglob("*")):
            if one.is_file():
                entry = zipfile.ZipInfo(f"kurskdata-data/{one.relative_to(ROOT / 'data').as_posix()}", when)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, one.read_bytes())


def made(out: Path) -> dict[str, str]:
    """Makes everything but the checksums in a folder; the hash of each file."""
    epoch, version = (
        _epoch(),
        tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"],
    )
    out.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(out.resolve())]
    subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": epoch}
    )
    _data(out / f"kurskdata-data-{version}.zip", epoch)
    with (out / "licences.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("package", "version", "licence"), *licences()])
    names = ("*.whl", "*.tar.gz", "*.zip", "licences.csv")
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for name in names for path in out.glob(name)
    }


def main(arguments: list[str]) -> int:
    if "--licences" in arguments:
        print("\n".join(f"{name} {version}: {licence}" for name, version, licence in licences()))
        return 0
    out = ROOT / "dist"
    for old in out.glob("*") if out.is_dir() else ():
        old.unlink()
    first = made(out)
    with tempfile.TemporaryDirectory() as again:
        second = made(Path(again))
    if first != second:
        print(
            f"not the same bytes twice: {sorted(name for name in first if first[name] != second.get(name))}"
        )
        return 1
    (out / "SHA256SUMS").write_text(
        "".join(f"{digest}  {name}\n" for name, digest in sorted(first.items())), "utf-8"
    )
    print("\n".join(f"dist/{name}" for name in [*sorted(first), "SHA256SUMS"]))
    print("twice the same bytes")
    unmet = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "check", "--python", sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    print(unmet.stderr.strip().splitlines()[-1])
    print(
        "known faults of locked packages: offline, hashes and requirements are checked; advisories need a service such as pip-audit"
    )
    return unmet.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
