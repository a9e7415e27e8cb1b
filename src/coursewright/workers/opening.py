"""Workers by their address: `local`, or `dask://HOST:PORT`."""

from __future__ import annotations

import os
from importlib.util import find_spec
from urllib.parse import urlsplit

from coursewright.errors import MissingPart, UsageError
from coursewright.workers.each import Workers


def open_workers(address: str = "local", *, jobs: int | None = None) -> Workers:
    """The workers at an address, as a context manager.

    `local` are `jobs` processes on this machine, by default as many as it has processors. `dask://HOST:PORT` is the
    scheduler of a Dask cluster, which is used as it is: none is started, and none is shut down.

    Raises UsageError for another address; CoursewrightError where nothing answers, where there is no worker, or where
    a worker has another Coursewright or another Python; MissingPart where there is no Dask here.
    """
    if address == "local":
        from coursewright.workers.local import LocalPool

        return Workers(LocalPool(jobs or os.cpu_count() or 1))
    host, port = _split(address)
    if find_spec("distributed") is None:
        hint = 'pip install "coursewright[cluster]"'
        raise MissingPart(f"{address} is a Dask cluster, and Dask is not installed", None, hint)
    from coursewright.workers.cluster import DaskPool

    return Workers(DaskPool(address, host, port))


def _split(address: str) -> tuple[str, int]:
    """The host and the port of a scheduler."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # a port that is no number
        parts, port = urlsplit(""), None
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme != "dask" or not parts.hostname or not port or more:
        raise UsageError(f'"{address}" is no address of workers', None, "give local or dask://HOST:PORT")
    return parts.hostname, port
