"""Whether a program is ready: what its service says of that, asked once or until it is."""

from __future__ import annotations

import base64
import http.client
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from . import sockets
from .ports import is_answered
from .program import Ready

_LEAST, _MOST = 0.05, 1.0  # seconds between two looks, longer from look to look
_ONE = 5  # seconds that a look may take
_LOGIN = (401, 403)  # what is said to whoever has not logged in


def is_ready(ready: Ready, environment: Mapping[str, str]) -> bool:
    """Ask once."""
    if ready.command:
        try:
            done = subprocess.run(  # noqa: S603 - what a tier says
                ready.command, env=dict(environment), timeout=_ONE, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0
    if ready.http:
        return _answers(ready.http)
    if ready.socket:
        return sockets.is_answered(ready.socket)
    return ready.port is not None and is_answered(ready.port)


def until_ready(ready: Ready, environment: Mapping[str, str], begun: Path | None = None) -> bool:
    """Ask until it is ready, for as long as it may take; not before there is the file `begun`."""
    end, pause = time.monotonic() + ready.timeout, _LEAST
    while (begun and not begun.exists()) or not is_ready(ready, environment):
        if time.monotonic() > end:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, _MOST)
    return True


def _answers(address: str) -> bool:
    """Whether a page is given, or a login asked for: a server that starts says 5xx, or nothing."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
    try:
        with opener.open(_asked(address), timeout=_ONE):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False


def lets_in(port: int) -> bool:
    """Whether a page is given, or anything else, to somebody who comes to a port of 127.0.0.1 without a login."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
    try:
        with opener.open(f"http://127.0.0.1:{port}/", timeout=_ONE):
            return True
    except urllib.error.HTTPError as error:
        return error.code not in _LOGIN
    except (OSError, ValueError, http.client.HTTPException):  # no server of the web
        return False


def _asked(address: str) -> urllib.request.Request:
    """A request for an address, with the name and the password in it sent as a login."""
    parts = urllib.parse.urlsplit(address)
    login, at, host = parts.netloc.rpartition("@")
    request = urllib.request.Request(urllib.parse.urlunsplit(parts._replace(netloc=host)))  # noqa: S310 - a tier's own
    if at:
        sent = base64.b64encode(urllib.parse.unquote(login).encode()).decode()
        request.add_header("Authorization", f"Basic {sent}")
    return request


class _Stay(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is an answer."""

    def redirect_request(self, *_: object) -> None:
        """Go nowhere."""
