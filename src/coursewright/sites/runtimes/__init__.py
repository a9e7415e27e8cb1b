"""Runtimes: what pages need to run in the reader's browser, fetched once and kept in the user's cache."""

from coursewright.sites.runtimes.fetch import fetch
from coursewright.sites.runtimes.part import Part, Pin, part, pinned

__all__ = ["Part", "Pin", "fetch", "part", "pinned"]
