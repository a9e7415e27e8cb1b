"""What writes each format of feeds."""

from __future__ import annotations

from collections.abc import Callable

from coursewright.sites.feeds.entry import Issue


def writer(name: str) -> Callable[[Issue], bytes]:
    """What writes the format called `name`."""
    from coursewright.sites.feeds import atom, json, rss

    return {"atom": atom.write, "rss": rss.write, "json": json.write}[name]
