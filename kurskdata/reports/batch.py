"""Editions x notebooks -> reports: runs notebooks, writes pages, charts, manifests and the index.

What is up to date is left alone. An edition is made in a folder beside its place and moved there when it is whole,
so that a build that stops at any moment leaves what was finished, and the next one carries on.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from kurskdata import disk
from kurskdata.drawing import cache
from kurskdata.editions import Edition, edition
from kurskdata.errors import BuildError, InputError, choice
from kurskdata.reports.edition import manifest
from kurskdata.reports.edition.notebooks import (
    Executed,
    check_parameters,
    draw,
    error_line,
    tidy,
    without_outputs,
)
from kurskdata.reports.edition.notebooks import find as notebook
from kurskdata.reports.edition.notebooks import folder as notebooks_folder
from kurskdata.reports.run import dask, job, workers
from kurskdata.reports.run.job import Options

__all__ = ["Options", "Outcome", "build", "notebook", "notebooks_folder", "run", "shard"]

ENGINES = ("kursk", "ipykernel")

LOCAL = ".kursk"
"""Folder inside the output folder for what is not a result."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one edition: its pages if it was made (none where it was up to date), why it was made, and the
    errors of its reports, a line each."""

    edition: Edition
    pages: tuple[Path, ...] = ()
    error: str = ""
    reasons: tuple[str, ...] = ()


def shard(editions: Iterable[Edition], number: int, of: int) -> list[Edition]:
    """The editions of part ``number`` (from 1) of a batch in ``of`` parts, for machines that share no folder.

    The hash of an edition's parameters decides its part, so that it stays there whatever else is in the batch. Raises
    InputError for a part that there is not.
    """
    if not 1 <= number <= of:
        raise InputError(f"shard: {number}/{of} is not known; write 1/{of} to {of}/{of}")
    texts = {edition: json.dumps(edition.parameters(), sort_keys=True) for edition in editions}
    return [e for e, text in texts.items() if int(manifest.digest(text.encode()), 16) % of == number - 1]


def build(
    editions: Iterable[Edition],
    notebooks: Iterable[Path],
    out: Path,
    options: Options = Options(),  # noqa: B008
    before: Path | None = None,
) -> Iterator[Outcome]:
    """Makes the editions that are not up to date and yields what became of each; at the end writes the index.

    ``before`` is the folder with the editions that these follow, whose corrections they tell: by default ``out``.

    Raises InputError for notebooks or a folder that cannot be used, and BuildError when another build holds the folder
    or the index cannot be written.
    """
    choice("engine", options.engine, ENGINES)
    paths = list(notebooks)
    # Some file systems take A and a for one name.
    if len({path.stem.casefold() for path in paths}) < len(paths):
        raise InputError("notebook: two notebooks of one name, in capitals or not, cannot be in one edition")
    for path in paths:
        check_parameters(path)
    disk.make_folder(out, "output folder")
    with _locked(out):
        batch = job.Batch(
            options,
            now=manifest.inputs(paths, options.address),
            texts={path.stem: without_outputs(path) for path in paths},
            folders={path.stem: str(path.resolve().parent) for path in paths},
            cache=cache.folder() if options.reuse else None,
        )
        tasks = []
        for edition in editions:
            why = manifest.reasons(out, edition, batch.now)
            if options.force:
                why = {stem: [*known, "forced"] for stem, known in why.items()}
            if any(why.values()):
                marks = _marks((before or out) / edition.name, batch.now)
                tasks.append(_task(edition, why, out, marks, travels=options.dask is not None))
            else:
                yield Outcome(edition)
        try:
            if tasks:
                yield from _made(batch, tasks, out)
        finally:  # also when the build is stopped: what is done is kept and listed
            try:
                _round_off(out, batch)
            except OSError as fault:
                raise BuildError(
                    f"{out}: the index cannot be written ({fault.strerror}); the editions in the folder are whole"
                ) from None


@contextlib.contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Holds the folder. Raises BuildError when another build holds it; a build that was killed holds nothing."""
    from filelock import FileLock, Timeout

    holder = out / LOCAL / "process"  # not in the lock itself, which some versions of filelock empty
    holder.parent.mkdir(parents=True, exist_ok=True)
    try:
        held = FileLock(out / LOCAL / "lock", timeout=0, thread_local=False).acquire()
    except Timeout:
        number = holder.read_text("utf-8", "replace") if holder.is_file() else "unknown"
        raise BuildError(
            f"{out}: another build (process {number}) is writing to this folder; wait for it, or choose another with -o"
        ) from None
    with held:
        disk.write(holder, str(os.getpid()))
        yield


def _marks(place: Path, now: manifest.Inputs) -> list[dict[str, str]]:
    """What the charts of an edition that stands have to say of corrections."""
    if not (place / manifest.CONTENTS).is_file():  # a first build needs no pandas in this process
        return []
    from kurskdata.reports.edition import corrected

    return corrected.marks(place, now.tables)


def _task(
    edition: Edition, why: manifest.Reasons, out: Path, marks: list[dict[str, str]], *, travels: bool
) -> job.Task:
    """The work on one edition, here or where the folder cannot be reached; a notebook that is up to date is taken
    from its folder."""
    folder = out / edition.name
    entries = manifest.read(folder).get("reports", {})
    kept = {
        stem: Executed(stem, (folder / f"{stem}.ipynb").read_text("utf-8"), kept=entries[stem])
        for stem, reasons in why.items()
        if not reasons
    }
    # The processes that write may have started in another folder than the one that a relative path means now.
    aside = None if travels else str((out / f".{edition.name}.part").absolute())
    return job.Task(edition, why, kept, aside, marks)


def _made(batch: job.Batch, tasks: list[job.Task], out: Path) -> Iterator[Outcome]:
    """The outcomes of tasks, as they are done; few are under way at a time, so that memory stays flat."""
    waiting = iter(tasks)
    running: dict[Future[job.Made], job.Task] = {}
    with _executor(batch) as (executor, sent, width):
        while True:
            for task in waiting:
                running[executor.submit(job.work, sent, task)] = task
                if len(running) >= width:
                    break
            if not running:
                return
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                yield _outcome(running.pop(done), done, out)


@contextlib.contextmanager
def _executor(batch: job.Batch) -> Iterator[tuple[Executor, Any, int]]:
    """Where the work is done: threads that wait for processes here, or a Dask scheduler."""
    if batch.options.dask:
        with dask.scheduler(batch.options.dask, batch) as (executor, sent, threads):
            yield executor, sent, 3 * threads
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    jobs = batch.options.jobs or cores
    executor = ThreadPoolExecutor(jobs, thread_name_prefix="kursk")
    try:
        yield executor, batch, jobs + 1
    finally:
        workers.stop()
        executor.shutdown(cancel_futures=True)


def _outcome(task: job.Task, done: Future[job.Made], out: Path) -> Outcome:
    """Moves an edition to its place."""
    name = task.edition.name
    aside, place, old = out / f".{name}.part", out / name, out / f".{name}.old"
    reasons = tuple(dict.fromkeys(itertools.chain.from_iterable(task.reasons.values())))
    try:
        made = done.result()
        if made.files:
            shutil.rmtree(aside, ignore_errors=True)
        for path, content in made.files.items():
            disk.write(aside / path, content)
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        aside.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    except Exception as fault:  # what befalls one edition must not stop the others
        shutil.rmtree(aside, ignore_errors=True)
        plain = isinstance(fault, (BuildError, InputError, OSError))
        kind = "" if plain else f"{type(fault).__name__}: "
        return Outcome(task.edition, error=f"{name}: {kind}{fault}", reasons=reasons)
    pages = tuple(place / f"{stem}.html" for stem in task.reasons)
    errors = [f"{stem}.ipynb, {name}, {error}" for stem, error in made.errors.items()]
    return Outcome(task.edition, pages, "\n".join(errors), reasons)


def _round_off(out: Path, batch: job.Batch) -> None:
    """Writes the proof sheet, then index and crate over all editions in the folder, unless they are up to date."""
    if batch.options.proof:
        from kurskdata.reports import overview

        overview.proof(out, batch.options.proof)
    for rest in (*out.glob(".*.part"), *out.glob(".*.old")):  # of a killed build: folders, half an index
        rest.unlink() if rest.is_file() else shutil.rmtree(rest, ignore_errors=True)
    mark = out / LOCAL / "index"

    def state() -> str:
        now = batch.now.common
        lines = [now["package"]["sha256"], now["address"], str((out / "proof.html").is_file())]
        names = (f"*/{manifest.NAME}", "index.html", "ro-crate-metadata.json")
        for path in itertools.chain.from_iterable(sorted(out.glob(name)) for name in names):
            lines.append(f"{path.relative_to(out)} {manifest.digest(path.read_bytes())}")
        return manifest.digest("\n".join(lines).encode())

    if mark.is_file() and mark.read_text("utf-8", "replace") == state():
        return
    from kurskdata.reports import overview

    overview.index(out, batch.options.address)
    overview.crate(out)
    disk.write(mark, state())
    cache.prune(batch.cache)


def run(path: Path, edition: Edition) -> Any:
    """One notebook executed with the parameters of an edition, in a kernel of its own: an nbformat notebook with its
    charts drawn. Raises BuildError that names the cell and its error."""
    import nbformat

    from kurskdata.reports.run import kernel

    request = {"notebook": path.read_text("utf-8"), "parameters": edition.parameters()}
    answer = kernel.execute({**request, "cwd": str(path.resolve().parent)}, None)
    if answer["error"]:
        raise BuildError(f"{path.name}, {edition.name}, {error_line(answer['error'])}")
    return draw(tidy(nbformat.v4.reads(answer["notebook"])))


def differences(folder: Path, given: Mapping[str, Path], options: Options) -> tuple[int, list[str]]:
    """How many files were compared, and the paths of those that differ, are missing or were not expected.

    Every edition is made again in another folder, with no drawing taken from an earlier build. ``given`` are
    notebooks by name that are not among the package's own.
    """
    from kurskdata.reports import overview

    groups: dict[tuple[str, tuple[str, ...]], list[Edition]] = defaultdict(list)
    for path in sorted(folder.glob(f"*/{manifest.NAME}")):
        if found := manifest.read(path.parent):
            key = found.get("address", ""), tuple(sorted(found["reports"]))
            groups[key].append(edition(found["parameters"]))
    if not groups:
        raise InputError(f"{folder}: holds no editions with a manifest")
    on_sheet = overview.proof_shows(folder, itertools.chain(*groups.values()))
    options = dataclasses.replace(options, force=True, reuse=False, proof=on_sheet)
    with tempfile.TemporaryDirectory(prefix="kursk-verify-") as again:
        for (address, stems), batch in groups.items():
            options = dataclasses.replace(options, address=address)
            paths = [given.get(stem) or notebook(stem) for stem in stems]
            for _ in build(batch, paths, Path(again), options, before=folder):
                pass
        before, after = _files(folder), _files(Path(again))
    lines = [f"{name}: only in {folder}" for name in sorted(before.keys() - after.keys())]
    lines += [f"{name}: missing in {folder}" for name in sorted(after.keys() - before.keys())]
    lines += [f"{n}: differs" for n in sorted(before.keys() & after.keys()) if before[n] != after[n]]
    return len(before.keys() | after.keys()), lines


def _files(folder: Path) -> dict[str, str]:
    """The hash of every result in a folder: editions, index, crate and proof sheet."""
    files = [path for place in folder.glob(f"*/{manifest.NAME}") for path in place.parent.rglob("*")]
    files += [folder / name for name in ("index.html", "ro-crate-metadata.json", "proof.html")]
    return {p.relative_to(folder).as_posix(): manifest.digest(p.read_bytes()) for p in files if p.is_file()}
