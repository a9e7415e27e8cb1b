"""How long a piece of work may take: an end that its own code sees, and another for code that will not see it."""

from __future__ import annotations

import faulthandler
import signal
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any

WATCHDOG = 0.5  # seconds that code may stay in C, or swallow TooLong, before the process ends itself
_OFTEN = 0.25  # seconds for which a watch need not be renewed
_AGAIN = 0.1  # seconds until TooLong comes again when it was swallowed

own_seconds = 10.0  # this process's own limit for a piece of work


class TooLong(BaseException):
    """A piece of work took longer than it may. No `except Exception` catches it."""


class limited:  # noqa: N801 - reads as a verb in a with statement
    """At most `seconds` (the process's own limit by default) for the code in this `with`; then TooLong, in its line.

    Code that swallows TooLong gets it again, and once more at the end of the `with`. Code that goes on regardless, or
    never returns from C, ends the process with its stack on stderr. Only for the main thread, and not to be nested.
    Without signals, on Windows, there is only that end. Inside a `Watch` it is the watch that sees to that end
    (`watched`).
    """

    def __init__(self, seconds: float | None = None, *, watched: bool = False) -> None:
        self.seconds = own_seconds if seconds is None else seconds
        self._watched = watched
        self._armed = False
        self._raised: TooLong | None = None
        self._before: Any = None

    def __enter__(self) -> limited:
        if not self._watched:
            faulthandler.dump_traceback_later(self.seconds + WATCHDOG, exit=True, file=2)
        self._armed = True
        if hasattr(signal, "setitimer"):
            self._before = signal.signal(signal.SIGALRM, self._alarm)
            signal.setitimer(signal.ITIMER_REAL, self.seconds, _AGAIN)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._armed = False
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
        if not self._watched:
            faulthandler.cancel_dump_traceback_later()
        if self._raised and not isinstance(error, TooLong):
            raise self._raised

    def _alarm(self, _: int, frame: FrameType | None) -> None:
        # Never within this file: the with statement could not put its own things away.
        if self._armed and frame and frame.f_code.co_filename != __file__:
            error = TooLong(f"took more than {self.seconds:g} seconds")
            self._raised = self._raised or error
            raise error


class Watch:
    """The end of code that goes on regardless, for many short pieces of work, each `limited` with `watched`.

    Setting the watch takes half a millisecond, far more than drawing a variant, so `renew` does it now and then.
    """

    def __enter__(self) -> Watch:
        self._set = -_OFTEN
        return self

    def renew(self) -> None:
        """Begin a piece of work."""
        now = time.monotonic()
        if now - self._set > _OFTEN:
            faulthandler.dump_traceback_later(own_seconds + WATCHDOG + _OFTEN, exit=True, file=2)
            self._set = now

    def __exit__(self, *_: object) -> None:
        if self._set > 0:
            faulthandler.cancel_dump_traceback_later()
