"""A build on Dask gives the same files, also when a worker is lost in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from batches import build, command, files, notebook, own_data, until

pytest.importorskip("distributed")

pytestmark = pytest.mark.slow

DAYS = "2025-03-08..2025-03-14"


class Cluster:
    """A scheduler and two worker processes on this machine, with nothing but the package."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workers = folder, []
        told = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1", "--scheduler-file", str(told)
        )
        until(lambda: told.is_file() and told.read_text("utf-8").endswith("}"))
        self.address = json.loads(told.read_text("utf-8"))["address"]
        for number in range(2):
            self.workers.append(self._worker(number))

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        return self._start(
            "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", f"w{number}",
            "--preload", "kurskdata.reports.run.dask", "--local-directory", str(self.folder / f"w{number}"),
        )  # fmt: skip

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{arguments[0]}-{len(self.workers)}.log").open("wb")
        environment = {**os.environ, "KURSKDATA_CACHE": "off"}
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
            stdout=log, stderr=log, cwd=self.folder, env=environment, start_new_session=True,
        )  # fmt: skip

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    found = Cluster(tmp_path / "cluster")
    yield found
    found.stop()


def test_the_same_files_on_dask_with_a_worker_lost_in_the_middle(cluster: Cluster, tmp_path: Path) -> None:
    data = own_data(tmp_path / "data")
    timeline = data / "timeline.csv"
    timeline.write_text("".join(timeline.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    path = notebook(tmp_path / "n.ipynb", "import time\ntime.sleep(1)\nlen(kd.timeline())", chart=True)
    bad = notebook(tmp_path / "bad.ipynb", "assert as_of != '2025-03-10', 'a bad day'")
    given = ("-n", path, "-n", bad, "--as-of", DAYS)
    here = build(*given, "-o", tmp_path / "here", KURSKDATA_DATA=str(data))
    assert here.returncode == 1
    process = subprocess.Popen(
        command(*given, "-o", tmp_path / "there", "--dask", cluster.address),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "KURSKDATA_DATA": str(data), "KURSKDATA_CACHE": "off"},
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    cluster.workers[0].send_signal(signal.SIGKILL)
    _, told = process.communicate(timeout=300)
    assert process.returncode == 1, told
    assert "1 of 7 editions failed" in told
    assert "a bad day" in told
    assert files(tmp_path / "there") == files(tmp_path / "here")
    again = build(*given, "-o", tmp_path / "there", "--dask", cluster.address, KURSKDATA_DATA=str(data))
    assert "6 up to date" in again.stderr


def test_a_scheduler_that_is_not_there_is_one_message(tmp_path: Path) -> None:
    path = notebook(tmp_path / "n.ipynb")
    done = build("-n", path, "-o", tmp_path / "out", "--dask", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert "no scheduler answers at tcp://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr
