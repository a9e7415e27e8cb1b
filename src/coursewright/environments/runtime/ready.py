"""Whether a program is ready: what its service says of that, asked once or until it is."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from .ports import is_answered
from .program import Ready

_LEAST, _MOST = 0.05, 1.0  # seconds between two looks, longer from look to look
_ONE = 5  # seconds that a look may take


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
    return ready.port is not None and is_answered(ready.port)


def until_ready(ready: Ready, environment: Mapping[str, str], is_over: Callable[[], bool] = lambda: False) -> bool:
    """Ask until it is ready, for as long as it may take or until something `is_over`."""
    end, pause = time.monotonic() + ready.timeout, _LEAST
    while not is_ready(ready, environment):
        if time.monotonic() > end or is_over():
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, _MOST)
    return True


def _answers(address: str) -> bool:
    """Whether a page is given, or a login asked for: a server that starts says 5xx, or nothing."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
    try:
        with opener.open(address, timeout=_ONE):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False


class _Stay(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is an answer."""

    def redirect_request(self, *_: object) -> None:
        """Go nowhere."""
