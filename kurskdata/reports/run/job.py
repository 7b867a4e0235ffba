"""One edition made on whatever machine a `concurrent.futures.Executor` runs it.

`work` is the one function that travels: a batch (everything that is the same for all editions, sent once) and a
task (one edition) go in, the files of the edition come out. It needs the package and nothing else, no common folder.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from kurskdata import disk
from kurskdata.editions import Edition
from kurskdata.errors import BuildError
from kurskdata.reports.edition import manifest
from kurskdata.reports.edition.notebooks import LATER, Executed, epoch, failure
from kurskdata.reports.run import fork_client, workers
from kurskdata.reports.run.fork_client import ReportEndedError
from kurskdata.tables.descriptor import data_folder, descriptor


@dataclasses.dataclass(frozen=True)
class Options:
    """How to build.

    ``engine`` is "kursk" (reports run in forks of one warm process) or "ipykernel" (a kernel each); ``jobs`` the number
    of editions made at a time, by default one a core; ``force`` makes also what is up to date; a cell may run for
    ``timeout`` seconds, a report hold ``memory`` bytes; ``dask`` is the address of a scheduler to build on; the
    editions of ``proof`` are shown on a proof sheet; without ``reuse`` every drawing is made anew; ``address`` is where
    the output folder will be published, as `web_folder` gives it.
    """

    engine: str = "kursk"
    jobs: int | None = None
    force: bool = False
    timeout: float | None = 120
    memory: int | None = 4 << 30
    dask: str | None = None
    proof: tuple[Edition, ...] = ()
    reuse: bool = True
    address: str = ""


@dataclasses.dataclass(frozen=True)
class Batch:
    """What all editions of a build share: its options, hashes of the inputs, the notebooks by name (text, and folder to
    run in), the folder of kept drawings, and the tables by content where they must travel."""

    options: Options
    now: manifest.Inputs
    texts: Mapping[str, str]
    folders: Mapping[str, str]
    cache: Path | None = None
    data: Mapping[str, bytes] | None = None


@dataclasses.dataclass(frozen=True)
class Task:
    """One edition: its reports with the reasons to make each, those that stand, the folder to write, if it can be
    reached, and what its charts say of corrections."""

    edition: Edition
    reasons: Mapping[str, list[str]]
    kept: Mapping[str, Executed]
    aside: str | None = None
    marks: list[dict[str, str]] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Made:
    """What came of a task: errors by report, and the files where there was no folder to write to."""

    errors: Mapping[str, str]
    files: Mapping[str, bytes]


def work(batch: Batch, task: Task) -> Made:
    """Makes one edition. Raises BuildError on a worker whose package is not the build's."""
    own = workers.lanes()
    own.converter.start()
    day = batch.now.common["source_date_epoch"] or epoch(task.edition)
    environment = {"SOURCE_DATE_EPOCH": day, "KURSKDATA_BUILD": "1"}
    if batch.data is not None:
        if manifest.package() != batch.now.common["package"]["sha256"]:
            raise BuildError("a worker has another version of kurskdata than the build")
        environment["KURSKDATA_DATA"] = str(unpacked(batch.data))
    reports = [task.kept.get(s) or _executed(own, batch, task.edition, s, environment) for s in task.reasons]
    with tempfile.TemporaryDirectory(prefix="kursk-") as folder:
        aside = Path(task.aside or folder)
        shutil.rmtree(aside, ignore_errors=True)  # what a build left that was killed
        finish = (task.edition, reports, aside, batch.now, batch.cache, environment, task.marks)
        errors = own.converter.call("kurskdata.reports.edition.files:finish", *finish)
        paths = [] if task.aside else [path for path in aside.rglob("*") if path.is_file()]
        return Made(errors, {path.relative_to(aside).as_posix(): path.read_bytes() for path in paths})


def _executed(
    own: workers.Lanes, batch: Batch, edition: Edition, stem: str, environment: Mapping[str, str]
) -> Executed:
    """One notebook, run; what stops it becomes part of the result."""
    text, cwd = batch.texts[stem], batch.folders.get(stem) or tempfile.gettempdir()
    request = {
        "notebook": text,
        "parameters": edition.parameters(),
        "cwd": cwd,
        "environment": environment,
        "memory": batch.options.memory,
        "options": {"coalesce_streams": True},
    }
    try:
        if batch.options.engine == "kursk" and fork_client.AVAILABLE:
            request["environment"] = {**environment, "KURSKDATA_SVG": LATER}
            answer = own.warm.run(request, timeout=batch.options.timeout)
        else:
            plain = "kurskdata.reports.run.kernel:execute"
            answer = own.converter.call(plain, request, batch.options.timeout, patience=threading.TIMEOUT_MAX)
    except ReportEndedError as fault:
        return Executed(stem, text, cwd, error=failure("", str(fault), cell=fault.cell, source=fault.source))
    return Executed(stem, answer["notebook"] or text, cwd, answer["tables"], answer["error"])


def packed(batch: Batch) -> Batch:
    """The batch as it travels to other machines: with the tables and their descriptor, without folders of this one."""
    names = ["datapackage.json", *(resource["path"] for resource in descriptor()["resources"])]
    data = {name: (data_folder() / name).read_bytes() for name in names}
    return dataclasses.replace(batch, folders={}, cache=None, data=data)


def unpacked(data: Mapping[str, bytes]) -> Path:
    """A folder in the user's cache that holds these files; the same for the same content.

    Where the cache cannot be written, as for a service without a home, it is a folder for temporary files.
    """
    from platformdirs import user_cache_path

    key = manifest.digest(b"".join(name.encode() + b"\0" + data[name] + b"\0" for name in sorted(data)))
    place = user_cache_path("kurskdata", appauthor=False) / "data" / key
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        user = os.getuid() if hasattr(os, "getuid") else 0
        place = Path(tempfile.gettempdir(), f"kursk-data-{user}-{key}")
    for name, content in data.items():
        if not (place / name).is_file():
            disk.write(place / name, content)
    return place
