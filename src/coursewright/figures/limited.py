"""A limit to how long an author's code may take in this process: what goes on longer is interrupted where it is.

The interpreter raises an exception in a thread as it does for Ctrl-C, between two steps of Python. Code in C that never
comes back to Python is not reached.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class FigureTooSlow(BaseException):
    """What is raised in code that takes longer than `seconds`: no `except Exception` of the code itself takes it."""

    seconds = 0.0


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise FigureTooSlow in what is done inside, in this thread, if it takes longer than `seconds`."""
    thread, over, ended = threading.get_ident(), threading.Event(), threading.Lock()

    def interrupt() -> None:
        if not over.wait(seconds):
            with ended:
                if not over.is_set():
                    _raise(thread, FigureTooSlow)

    watching = threading.Thread(target=interrupt, daemon=True)
    watching.start()
    try:
        yield
    except FigureTooSlow as error:  # the interpreter makes it, and knows nothing of the limit
        error.seconds = seconds
        raise
    finally:
        with ended:
            over.set()
        watching.join()


def _raise(thread: int, error: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))
