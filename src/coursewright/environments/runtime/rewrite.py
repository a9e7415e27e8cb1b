"""What a web service answers, changed so that it stays below its path behind Jupyter's port.

The configuration of Jupyter loads this file by its place, in Jupyter's own Python: it imports nothing of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_PAGES = ("text/html", "text/css", "text/javascript", "application/javascript")


def below(links: Sequence[str] = (), host: str = "") -> Callable[..., None]:
    """A `rewrite_response` for jupyter-server-proxy: redirects and absolute links stay below the service's path.

    Redirects become relative, so that they hold whatever stands in front of Jupyter. `links` are the beginnings of the
    absolute links in pages that are meant, such as "/static/"; `host` is the Host header that the service is given.
    The result's `kinds` are the types of answers whose bodies it may change.
    """
    absolute = re.compile(rb"([\"'(=]\s*)(" + b"|".join(re.escape(link.encode()) for link in links) + rb")")

    # jupyter-server-proxy hands over its arguments by their names.
    def rewrite(response: Any, request: Any, port: Any, path: str) -> None:
        here = _context(request.path, path)
        own = {request.host, host, *(f"{name}:{port}" for name in _LOOPBACK)}
        for header in ("Location", "Content-Location"):
            if header in response.headers:
                response.headers[header] = _relative(response.headers[header], request.path, here, own)
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if links and kind in _PAGES and response.body:
            response.body = absolute.sub(rb"\g<1>" + here.encode().replace(b"\\", rb"\\") + rb"\2", response.body)

    rewrite.kinds = _PAGES if links else ()  # type: ignore[attr-defined]  # a function of two modules that share no class
    return rewrite


def _context(whole: str, path: str) -> str:
    """The part of a request's path that stands before what the service sees, as it was sent."""
    decoded = unquote(whole)
    slashes = decoded[: len(decoded) - len(path)].count("/")
    return "/".join(whole.split("/")[: slashes + 1])


def _relative(location: str, whole: str, here: str, own: set[str]) -> str:
    """The address of a redirect, from the folder of the request on; one that leads elsewhere stays as it is."""
    parts = urlsplit(location)
    if (parts.netloc and parts.netloc not in own) or not (parts.netloc or location.startswith("/")):
        return location
    target = parts.path.removeprefix(here) if f"{parts.path}/".startswith(f"{here}/") else parts.path
    up = whole.count("/") - here.count("/") - 1
    start = ("../" * up or "./") if up >= 0 else f"./{here.rpartition('/')[2]}/"
    return urlunsplit(("", "", start + target.lstrip("/"), parts.query, parts.fragment))
