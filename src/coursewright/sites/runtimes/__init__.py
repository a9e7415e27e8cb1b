"""Runtimes: where pages can be run, and what they need for it in the reader's browser."""

from coursewright.sites.runtimes.asked import FETCH, MORE, Ours, can_ask, more_file, more_scripts, ours
from coursewright.sites.runtimes.carrying import FOLDER, carried, licences, missing, opener
from coursewright.sites.runtimes.cells import LANGUAGES, RunCell, Runs, run_cells, runs_of
from coursewright.sites.runtimes.fetch import fetch
from coursewright.sites.runtimes.imports import NotPlain, packages_of_python
from coursewright.sites.runtimes.ourselves import wheels
from coursewright.sites.runtimes.parts import Part, Pin, part, pinned
from coursewright.sites.runtimes.places import RunLink, run_links
from coursewright.sites.runtimes.settings import Runtimes, check_runtimes

__all__ = [
    "FETCH",
    "FOLDER",
    "LANGUAGES",
    "MORE",
    "NotPlain",
    "Ours",
    "Part",
    "Pin",
    "RunCell",
    "RunLink",
    "Runs",
    "Runtimes",
    "can_ask",
    "carried",
    "check_runtimes",
    "fetch",
    "licences",
    "missing",
    "more_file",
    "more_scripts",
    "opener",
    "ours",
    "packages_of_python",
    "part",
    "pinned",
    "run_cells",
    "run_links",
    "runs_of",
    "wheels",
]
