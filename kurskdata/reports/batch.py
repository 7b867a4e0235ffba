"""Editions x notebooks -> reports: runs notebooks, writes pages, charts, manifests and the index.

What stands as it should is left alone. An edition is made in a folder beside its place and moved there when it
is whole, so that a build that stops at any moment leaves what was finished, and the next one carries on.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from kurskdata import disk
from kurskdata.drawing import cache
from kurskdata.editions import Edition
from kurskdata.errors import BuildError, InputError, choice
from kurskdata.reports import stale
from kurskdata.reports.edition import manifest
from kurskdata.reports.edition.notebooks import Executed, check_parameters, without_outputs
from kurskdata.reports.edition.notebooks import find as notebook
from kurskdata.reports.edition.notebooks import folder as notebooks_folder
from kurskdata.reports.lock import locked
from kurskdata.reports.run import dask, fork_client, job, workers

__all__ = ["Options", "Outcome", "build", "notebook", "notebooks_folder", "run", "shard"]

ENGINES = ("kursk", "ipykernel")


@dataclasses.dataclass(frozen=True)
class Options:
    """How to build: engine, editions at a time, limits, a Dask scheduler to build on, and the editions that the
    proof sheet shows, if there is to be one."""

    engine: str = "kursk"
    jobs: int | None = None
    force: bool = False
    timeout: float | None = 120
    memory: int | None = 4 << 30
    dask: str | None = None
    proof: tuple[Edition, ...] = ()


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one edition: the pages written, none where it stood as it should, and what failed."""

    edition: Edition
    pages: tuple[Path, ...] = ()
    error: str = ""
    reasons: tuple[str, ...] = ()


def shard(editions: Iterable[Edition], number: int, of: int) -> list[Edition]:
    """The editions of one of several shards: by the hash of their parameters, whatever else is in the batch."""
    if not 1 <= number <= of:
        raise InputError(f"shard: {number}/{of} is not known; write 1/{of} to {of}/{of}")
    parameters = {e: json.dumps(e.parameters(), sort_keys=True).encode() for e in editions}
    return [e for e, told in parameters.items() if int(manifest.digest(told), 16) % of == number - 1]


def build(
    editions: Iterable[Edition],
    notebooks: Iterable[Path],
    out: Path,
    options: Options = Options(),
) -> Iterator[Outcome]:
    """Makes what does not stand as it should and yields what became of each; at the end writes the index."""
    choice("engine", options.engine, ENGINES)
    paths = list(notebooks)
    if len({path.stem for path in paths}) < len(paths):
        raise InputError("notebook: two notebooks of one name cannot stand in one edition")
    for path in paths:
        check_parameters(path)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise InputError(f"{out}: cannot be used as output folder ({fault.strerror})") from None
    with locked(out):
        batch = _batch(paths, options)
        tasks, reasons = [], {}
        for edition in editions:
            why = stale.reasons(out, edition, list(batch.texts), batch.now)
            if options.force:
                why = {stem: [*told, "forced"] for stem, told in why.items()}
            if any(why.values()):
                reasons[edition] = tuple(dict.fromkeys(r for told in why.values() for r in told))
                tasks.append(_task(edition, why, out))
            else:
                yield Outcome(edition)
        try:
            if tasks:
                for outcome in _made(batch, tasks, out, options):
                    yield dataclasses.replace(outcome, reasons=reasons[outcome.edition])
        finally:  # also when the build is stopped: what is done is kept and listed
            try:
                _round_off(out, batch, options.proof)
            except OSError as fault:
                told = f"{out}: the index cannot be written ({fault.strerror}); the editions that stand are whole"
                raise BuildError(told) from None


def _batch(paths: list[Path], options: Options) -> job.Batch:
    return job.Batch(
        manifest.inputs(paths),
        {path.stem: without_outputs(path) for path in paths},
        {path.stem: str(path.resolve().parent) for path in paths},
        options.engine if fork_client.AVAILABLE else "ipykernel",
        options.timeout,
        options.memory,
        cache.folder(),
    )


def _task(edition: Edition, why: dict[str, list[str]], out: Path) -> job.Task:
    """The work on one edition; a notebook that stands as it should is taken from there."""
    known = manifest.read(out / edition.name).get("reports", {})
    standing = {}
    for stem, reasons in why.items():
        if not reasons:
            text = (out / edition.name / f"{stem}.ipynb").read_text("utf-8")
            standing[stem] = Executed(stem, text, kept=known[stem])
    return job.Task(edition, tuple(why), standing, str(out / f".{edition.name}.part"))


def _made(batch: job.Batch, tasks: list[job.Task], out: Path, options: Options) -> Iterator[Outcome]:
    """The outcomes of tasks, as they are done; few are under way at a time, so that memory stays flat."""
    waiting = iter(tasks)
    running: dict[Future[job.Made], job.Task] = {}
    with _executor(batch, options) as (executor, sent, width):
        while True:
            for task in waiting:
                if options.dask:
                    task = dataclasses.replace(task, aside=None)  # noqa: PLW2901
                running[executor.submit(job.work, sent, task)] = task
                if len(running) >= width:
                    break
            if not running:
                return
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                yield _outcome(running.pop(done), done, out)


@contextlib.contextmanager
def _executor(batch: job.Batch, options: Options) -> Iterator[tuple[Executor, Any, int]]:
    """Where the work is done: threads that wait for processes here, or a Dask scheduler."""
    if options.dask:
        with dask.scheduler(options.dask, batch) as (executor, sent, threads):
            yield executor, sent, 3 * threads
        return
    jobs = options.jobs or _cores()
    executor = ThreadPoolExecutor(jobs, thread_name_prefix="kursk")
    try:
        yield executor, batch, jobs + 1
    finally:
        workers.stop()
        executor.shutdown(cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _outcome(task: job.Task, done: Future[job.Made], out: Path) -> Outcome:
    """Moves an edition to its place."""
    edition = task.edition
    try:
        made = done.result()
        _place(edition, made, out)
    except Exception as fault:  # what befalls one edition must not stop the others
        shutil.rmtree(out / f".{edition.name}.part", ignore_errors=True)
        return Outcome(edition, error=f"{edition.name}: {_told(fault)}")
    pages = tuple(out / edition.name / f"{stem}.html" for stem in task.stems)
    errors = [f"{stem}.ipynb, {edition.name}, {error}" for stem, error in made.errors.items()]
    return Outcome(edition, pages, "\n".join(errors))


def _told(fault: Exception) -> str:
    plain = isinstance(fault, (BuildError, InputError, OSError))
    return str(fault) if plain else f"{type(fault).__name__}: {fault}"


def _place(edition: Edition, made: job.Made, out: Path) -> None:
    aside, place, old = out / f".{edition.name}.part", out / edition.name, out / f".{edition.name}.old"
    if made.files is not None:
        shutil.rmtree(aside, ignore_errors=True)
        for name, content in made.files.items():
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            (aside / name).write_bytes(content)
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    aside.rename(place)
    shutil.rmtree(old, ignore_errors=True)
    stale.remember(out, edition.name, manifest.read(place)["outputs"])


def _round_off(out: Path, batch: job.Batch, proof: tuple[Edition, ...]) -> None:
    """Index and crate over all editions that stand in the folder, unless they are those of now; the proof sheet."""
    if proof:
        from kurskdata.reports import proof as sheet

        sheet.write(out, list(proof))
    for rest in (*out.glob(".*.part"), *out.glob(".*.old")):
        shutil.rmtree(rest, ignore_errors=True)
    manifests = sorted(out.glob(f"*/{manifest.NAME}"))
    told = [f"{p.parent.name} {manifest.digest(p.read_bytes())}" for p in manifests]
    told += ["proof"] if (out / "proof.html").is_file() else []
    state = manifest.digest("\n".join([*told, batch.now.common["package"]["sha256"]]).encode())
    mark = out / stale.LOCAL / "index"
    names = [name for name in ("index.html", "ro-crate-metadata.json") if (out / name).is_file()]
    known = " ".join([state, *(manifest.digest((out / name).read_bytes()) for name in names)])
    if len(names) == 2 and mark.is_file() and mark.read_text("utf-8") == known:
        return
    from kurskdata.reports import gallery, provenance

    gallery.write(out)
    provenance.write(out)
    names = ["index.html", "ro-crate-metadata.json"]
    disk.write(
        mark, " ".join([state, *(manifest.digest((out / name).read_bytes()) for name in names)]), synced=True
    )
    cache.prune(batch.cache)


def run(path: Path, edition: Edition) -> Any:
    """One notebook executed with the parameters of an edition, in a kernel of its own, its charts drawn.

    Raises BuildError with cell and error.
    """
    from kurskdata.reports.edition import files
    from kurskdata.reports.run import kernel

    text = path.read_text("utf-8")
    request = {"notebook": text, "parameters": edition.parameters(), "cwd": str(path.resolve().parent)}
    answer = kernel.execute({**request, "options": {"coalesce_streams": True}}, None)
    if answer["error"]:
        told = answer["error"]
        where = f"cell {told['cell'] + 1}: " if "cell" in told else ""
        raise BuildError(f"{path.name}, {edition.name}, {where}{told['ename']}: {told['evalue']}")
    return files.executed(answer["notebook"])
