"""Nothing is lost: a failing report costs itself alone, and a build may be stopped at any moment."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from batches import build, command, files, notebook, until

from kurskdata.reports.run import fork_client

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not fork_client.AVAILABLE, reason="needs fork"),
]

DAYS = "2025-03-12..2025-03-14"

FAULTS = {
    "error": ("raise ValueError('no <figure> here')", "cell 5: ValueError: no <figure> here"),
    "exit": ("import os\nos._exit(0)", "its process ended"),
    "crash": ("import ctypes\nctypes.string_at(0)", "its process ended"),
    "memory": ("x = bytearray(10 ** 10)", "cell 5: MemoryError"),
    "endless": ("while True: pass", "stopped: the cell ran longer than 3 s"),
    "endless in C": ("(1 << 10 ** 9).__str__() if 0 else sum(range(10 ** 12))", "longer than 3 s"),
    "asleep below": ("import subprocess\nsubprocess.run(['sleep', '1000'])", "longer than 3 s"),
    "closed streams": ("import os\nos.closerange(3, 256)", "its process ended"),
}


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """A build of three days in which every kind of fault stops a notebook of its own on the second day."""
    folder = tmp_path_factory.mktemp("failing")
    names = [name.replace(" ", "-") for name in FAULTS]
    for name, (cell, _) in zip(names, FAULTS.values(), strict=True):
        notebook(folder / f"{name}.ipynb", f"if as_of == '2025-03-13':\n    exec({cell!r})")
    notebook(folder / "good.ipynb", "'fine'")
    chosen = [word for name in [*names, "good"] for word in ("-n", folder / f"{name}.ipynb")]
    done = build(*chosen, "--as-of", DAYS, "-o", folder / "out", "--timeout", "3", "--memory", "2048")
    return done, folder / "out"


@pytest.mark.parametrize("name", FAULTS)
def test_a_report_that_fails_costs_itself_alone(
    failing: tuple[subprocess.CompletedProcess[str], Path], name: str
) -> None:
    done, out = failing
    stem, message = name.replace(" ", "-"), FAULTS[name][1]
    assert done.returncode == 1
    assert "1 of 3 editions failed" in done.stderr
    (line,) = [line for line in done.stderr.splitlines() if f"{stem}.ipynb, 2025-03-13-en-km2, cell " in line]
    assert message in line
    page = (out / "2025-03-13-en-km2" / f"{stem}.html").read_text("utf-8")
    assert "2025-03-13" in page
    assert "could not be made" in page
    for other in (f"2025-03-12-en-km2/{stem}", "2025-03-13-en-km2/good", f"2025-03-14-en-km2/{stem}"):
        assert "could not be made" not in (out / f"{other}.html").read_text("utf-8")


def test_what_a_stopped_report_started_ends_with_it(
    failing: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    assert "asleep-below.ipynb" in failing[0].stderr
    processes = subprocess.run(["ps", "axo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 1000" not in processes


def test_a_report_that_failed_is_made_again(tmp_path: Path) -> None:
    path, mark = tmp_path / "n.ipynb", tmp_path / "mark"
    notebook(path, f"open({str(mark)!r}).read()")
    assert build("-n", path, "-o", tmp_path / "out").returncode == 1
    done = build("-n", path, "-o", tmp_path / "out", "--check")
    assert "failed the last time" in done.stdout
    mark.write_text("there")
    assert build("-n", path, "-o", tmp_path / "out").returncode == 0
    page = (tmp_path / "out" / "2025-03-14-en-km2" / "n.html").read_text("utf-8")
    assert "could not be made" not in page


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("whole")
    path = notebook(folder / "n.ipynb", "import time\ntime.sleep(0.6)", chart=True)
    assert build("-n", path, "--as-of", "2025-03-09..2025-03-14", "-o", folder / "out").returncode == 0
    return path, files(folder / "out")


def started(path: Path, out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("-n", path, "--as-of", "2025-03-09..2025-03-14", "-o", out),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "KURSKDATA_CACHE": "off", "BUILD_OF_TEST": str(out)},
    )  # fmt: skip


def running(out: Path) -> list[psutil.Process]:
    """What still runs of a build into a folder, whoever its parent is by now."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("BUILD_OF_TEST") == str(out):
                found.append(process)
    return found


MOMENTS = {
    "the folder is held": (".kursk/process", 1),
    "an edition was begun": (".*.part", 1),
    "a page is written": (".*.part/*.html", 1),
    "a manifest is written": (".*.part/manifest.json", 1),
    "an edition stands": ("2025-*/manifest.json", 1),
    "four editions stand": ("2025-*/manifest.json", 4),
}
"""Files whose appearance in the output folder tells how far a build has come, and how many of them."""


@pytest.mark.parametrize(("files_there", "count"), MOMENTS.values(), ids=MOMENTS.keys())
def test_a_killed_build_leaves_nothing_half_written_and_the_next_carries_on(
    whole: tuple[Path, dict[str, str]], tmp_path: Path, files_there: str, count: int
) -> None:
    path, expected = whole
    out = tmp_path / "out"
    process = started(path, out)
    until(lambda: len(list(out.glob(files_there))) >= count)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    until(lambda: not running(out))
    visible = {k: v for k, v in files(out).items() if not k.startswith(".")}
    kept = ("index.html", "ro-crate-metadata.json")
    assert all(expected[name] == found for name, found in visible.items() if name not in kept)
    stand = {name.split("/")[0] for name in visible if "/" in name}
    assert stand == {name.split("/")[0] for name in visible if name.endswith("manifest.json")}
    done = build("-n", path, "--as-of", "2025-03-09..2025-03-14", "-o", out, "--json")
    summary = json.loads(done.stdout.splitlines()[-1])["summary"]
    assert summary == {"made": 6 - len(stand), "kept": len(stand), "failed": 0}
    assert files(out) == expected


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_stopped_keeps_what_is_done(
    whole: tuple[Path, dict[str, str]], tmp_path: Path, end: signal.Signals
) -> None:
    path, expected = whole
    process = started(path, tmp_path / "out")
    assert process.stdout is not None
    process.stdout.readline()
    begun = time.monotonic()
    process.send_signal(end)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert time.monotonic() - begun < 20
    assert "stopped; " in told
    assert "Traceback" not in told
    assert (tmp_path / "out" / "index.html").is_file()
    assert not [p for p in (tmp_path / "out").iterdir() if p.name.endswith((".part", ".old"))]
    until(lambda: not running(tmp_path / "out"))
    assert build("-n", path, "--as-of", "2025-03-09..2025-03-14", "-o", tmp_path / "out").returncode == 0
    assert files(tmp_path / "out") == expected


def test_a_second_build_into_the_same_folder_is_refused(
    whole: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    path, expected = whole
    first = started(path, tmp_path / "out")
    until((tmp_path / "out" / ".kursk" / "process").is_file)
    second = build("-n", path, "-o", tmp_path / "out")
    assert second.returncode == 1
    assert f"another build (process {first.pid}) is writing to this folder" in second.stderr
    first.communicate()
    assert first.returncode == 0
    assert files(tmp_path / "out") == expected


@pytest.mark.skipif(
    os.geteuid() != 0 or not Path("/proc/mounts").exists(), reason="needs to mount a small disk"
)
def test_a_full_disk_fails_what_did_not_fit(whole: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    path, expected = whole
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("cannot mount")
    try:
        done = build("-n", path, "--as-of", "2025-03-09..2025-03-14", "-o", disk / "out")
        assert done.returncode == 1
        assert "No space left on device" in done.stderr
        assert "Traceback" not in done.stderr
        found = {k: v for k, v in files(disk / "out").items() if "/" in k and not k.startswith(".")}
        assert all(expected[name] == content for name, content in found.items())
    finally:
        subprocess.run(["umount", disk], check=True)
