"""Dask as the executor of a build: ``--preload kurskdata.reports.run.dask`` has its workers load everything ahead."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

from kurskdata.errors import InputError, require
from kurskdata.reports.run import job, workers


@contextlib.contextmanager
def scheduler(address: str, batch: job.Batch) -> Iterator[tuple[Executor, Any, int]]:
    """An executor on a Dask scheduler, the batch as it travels there, and how many editions run at a time."""
    require("builds with Dask", "cluster", "distributed")
    from distributed import Client

    try:
        client: Any = Client(address, timeout="20s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as fault:
        raise InputError(f"dask: no scheduler answers at {address} ({fault})") from None
    with client:
        client.wait_for_workers(1, timeout=120)
        sent = client.scatter(job.packed(batch), broadcast=True)
        threads = sum(client.nthreads().values())
        yield client.get_executor(pure=False, retries=3), sent, threads


def dask_setup(_worker: Any) -> None:
    """Called by Dask when a worker starts with ``--preload kurskdata.reports.run.dask``."""
    workers.lanes().warm.start()


def dask_teardown(_worker: Any) -> None:
    """Called by Dask when such a worker ends."""
    workers.stop()
