"""Runtimes: where pages can be run, and what they need for it in the reader's browser."""

from coursewright.sites.runtimes.fetch import fetch
from coursewright.sites.runtimes.part import Part, Pin, part, pinned
from coursewright.sites.runtimes.places import RunLink, run_links
from coursewright.sites.runtimes.settings import Runtimes, check_runtimes

__all__ = ["Part", "Pin", "RunLink", "Runtimes", "check_runtimes", "fetch", "part", "pinned", "run_links"]
