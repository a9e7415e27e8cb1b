"""A kernel: it runs code, and says what came of it, within limits of time and size."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from coursewright.errors import CoursewrightError, Place
from coursewright.labels import VARIABLE
from coursewright.pages.engines.beginning import Beginning
from coursewright.pages.engines.failure import Failure, failure_of
from coursewright.pages.engines.found import LanguageKernel

OURS = Path(__file__).parent / "sides"
"""The folder of files that kernels read for us, not for a page."""
_LONGEST_PATH = 80  # letters of a socket's folder: systems allow about a hundred for the whole
_START = 60.0  # seconds that a kernel may take until it answers
_MOST_TEXT = 100_000  # characters that a cell shows
_MOST_DATA = 20_000_000  # of one picture or one piece of HTML
_HINT_LARGE = "make it smaller: fewer points or pixels; or keep it in a file that the page links to"
_OUTPUTS = frozenset({"stream", "error", "display_data", "execute_result", "update_display_data", "clear_output"})
_HINT_DEAD = "perhaps it needs more memory than there is, or the code ends it; the rest of the page was not run"


@dataclass(eq=False)
class Ran:
    """What `code` in `folder` gave: pieces of text, each with the name of its stream, and of data, in order; or how it
    failed; and whether it asked its kernel to end."""

    code: str = ""
    folder: Path = Path()
    pieces: list[dict[str, Any]] = field(default_factory=list)
    failure: Failure | None = None
    said: int = 0
    clearing: bool = False
    ends: bool = False


class CellTooSlow(Exception):
    """A cell was not done in time."""


class Kernel:
    """One running kernel of `engine`, in the folder `cwd`; its own files are in a short temporary folder.

    With a `beginning`, it may be forked from a process that has loaded those imports; `unsafe` says why it is not.
    Charts that its code draws speak `language`.
    """

    def __init__(
        self, engine: LanguageKernel, cwd: Path, place: Place, beginning: Beginning | None = None, *, language: str = ""
    ) -> None:
        from jupyter_client.manager import KernelManager

        from coursewright.pages.engines.provisioner import ForkingProvisioner

        self.engine, self.cwd, self.language = engine, cwd, language
        self.folder = Path(_short_folder())
        local = {"transport": "ipc", "ip": str(self.folder / "s")} if os.name == "posix" else {}
        self._manager: Any = KernelManager(connection_file=str(self.folder / "kernel.json"), **local)
        self._manager._kernel_spec = engine.spec
        if beginning is not None:
            self._manager.provisioner = ForkingProvisioner(kernel_spec=engine.spec, parent=self._manager)
            self._manager.provisioner.beginning = beginning
        self._said = (self.folder / "said").open("w+b")
        self._client: Any = None
        self._ran: WeakValueDictionary[str, Ran] = (
            WeakValueDictionary()
        )  # what somebody still waits for, by its request
        self._last = Ran()
        try:
            self._manager.start_kernel(cwd=str(cwd), env=self._environment(), stdout=self._said, stderr=self._said)
            self._client = self._manager.blocking_client()
            self._client.start_channels()
            self._wait()
        except (RuntimeError, OSError) as error:
            hint = self._last_words() or str(error)
            self.stop()
            raise CoursewrightError(f"the kernel for {engine.language} does not start", place, hint) from None

    def _wait(self) -> None:
        """Wait until it answers, and what it says can be heard. Raises RuntimeError when it ends, or is silent."""
        end = time.monotonic() + _START
        while time.monotonic() < end:
            self._client.kernel_info()
            with suppress(queue.Empty):
                self._client.get_shell_msg(timeout=1)
                self._client.get_iopub_msg(timeout=0.2)
                return
            if not self._manager.is_alive():
                break
        raise RuntimeError("it does not answer")

    @property
    def unsafe(self) -> str:
        """Why it is not forked, if it should have been."""
        return str(getattr(self._manager.provisioner, "unsafe", ""))

    def _environment(self) -> dict[str, str]:
        """The environment, settled where it would make outputs differ from one run to the next."""
        own = {
            "IPYTHONDIR": str(self.folder / "ipython"),
            "MATPLOTLIBRC": str(OURS / "matplotlibrc"),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",  # a module that is saved twice in a second is not what was compiled
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        if self.language:
            own[VARIABLE] = self.language
        if self.engine.language == "r":
            own["TMPDIR"] = str(self.folder)  # where R leaves its own files behind when it is ended
            own["COURSEWRIGHT_PYTHON"] = sys.executable  # which the package of R asks, on the PATH or not
        locale = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or ""
        if "utf" not in locale.lower():
            own["LC_ALL"] = "C.UTF-8"
        return {**os.environ, **own}

    def run(self, code: str, seconds: float) -> Ran:
        """What `code` gives. Raises CellTooSlow when it takes longer, and RuntimeError when the kernel dies of it."""
        ident = self._client.execute(code, silent=False, allow_stdin=False, stop_on_error=False)
        self._last = self._ran[ident] = ran = Ran(code, self.cwd)
        for message in self._messages(ident, time.monotonic() + seconds):
            _take(ran, message, self._ran.values())
        _heed(ran, self._reply(ident).get("payload") or ())
        return ran

    def ask(self, code: str, place: Place) -> None:
        """Run code of ours, which says nothing: what is said then comes from threads, and goes to the last cell."""
        ident = self._client.execute(code, silent=False, store_history=False, allow_stdin=False, stop_on_error=False)
        ours, self._ran[ident] = Ran(code), self._last
        try:
            for message in self._messages(ident, time.monotonic() + _START):
                of_import = message["content"].get("name") == "stderr"
                is_ours = message["msg_type"] == "error" or of_import
                _take(ours if is_ours else self._last, message, self._ran.values())
        except RuntimeError as error:
            raise self.died(error, place) from None
        self._reply(ident)
        if ours.failure:
            raise CoursewrightError(f"the kernel for {self.engine.language} fails: {ours.failure.message}", place)

    def _reply(self, ident: str) -> dict[str, Any]:
        """What the kernel answers to a request, besides what it says; nothing if that does not come."""
        with suppress(queue.Empty):
            reply = self._client.get_shell_msg(timeout=5)
            while reply["parent_header"].get("msg_id") != ident:  # a late answer to what was asked before
                reply = self._client.get_shell_msg(timeout=5)
            return dict(reply["content"])
        return {}

    def _messages(self, ident: str, end: float) -> Iterator[dict[str, Any]]:
        while True:
            try:
                message = self._client.get_iopub_msg(timeout=max(0.05, min(1.0, end - time.monotonic())))
            except queue.Empty:
                if not self._manager.is_alive():
                    raise RuntimeError(self._death()) from None
                if time.monotonic() >= end:
                    raise CellTooSlow from None
                continue
            if message["parent_header"].get("msg_id") == ident:
                if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                    break
                yield message
            elif earlier := self._ran.get(message["parent_header"].get("msg_id")):  # from a thread that it began
                _take(earlier, message, self._ran.values())
            if time.monotonic() >= end:
                raise CellTooSlow

    def _death(self) -> str:
        process = getattr(self._manager.provisioner, "process", None)
        status = process.poll() if process else None
        if status is not None and status < 0:
            return f"it was ended by the signal {signal.Signals(-status).name}"
        return f"it ended with the status {status}" if status is not None else "it ended"

    def died(self, error: RuntimeError, place: Place) -> CoursewrightError:
        """The error that says so."""
        hint = f"{self._last_words()}; {_HINT_DEAD}".removeprefix("; ")
        return CoursewrightError(f"the kernel for {self.engine.language} died: {error}", place, hint)

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def stop(self) -> None:
        """End it, and take away its files."""
        if self._client:
            self._client.stop_channels()
        with suppress(Exception):  # one that never began
            self._manager.signal_kernel(signal.SIGKILL)
            self._manager.provisioner.process.wait()  # at once, where the manager looks ten times a second
        with suppress(Exception):
            self._manager.shutdown_kernel(now=True)
        self._manager.cleanup_resources()
        self._said.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _short_folder() -> str:
    usual = tempfile.gettempdir()
    return tempfile.mkdtemp(prefix="cw-", dir="/tmp" if len(usual) > _LONGEST_PATH else usual)  # noqa: S108 - mode 0700


def _take(ran: Ran, message: Mapping[str, Any], others: Iterable[Ran]) -> None:
    """Note what a message says; what is displayed by a name changes what was displayed by it before, in any cell."""
    kind, content = message["msg_type"], message["content"]
    if kind == "clear_output":  # which may wait for what comes in the place of what was there
        ran.clearing = True
    if ran.clearing and kind in _OUTPUTS and not content.get("wait"):
        ran.pieces.clear()
        ran.said, ran.clearing = 0, False
    if kind == "stream":
        _add_text(ran, content["name"], content["text"])
    elif kind == "error":
        ran.failure = failure_of(content, ran.code, ran.folder)
        _add_text(ran, "error", ran.failure.traceback)
    elif kind in ("display_data", "execute_result", "update_display_data"):
        name = content.get("transient", {}).get("display_id")
        named = [one for each in others for one in each.pieces if name and one.get("display") == name]
        _add_data(ran, content, named, anew=kind != "update_display_data" or not named)


def _heed(ran: Ran, payload: Iterable[dict[str, Any]]) -> None:
    """What a notebook would do besides: show help that was asked for in its pager, and end the kernel."""
    for each in payload:
        if each.get("source") == "page" and (text := each.get("data", {}).get("text/plain")):
            _add_text(ran, "stdout", text)
        ran.ends = ran.ends or (each.get("source") == "ask_exit" and not each.get("keepkernel"))


def _add_text(ran: Ran, name: str, text: str) -> None:
    left = max(0, _MOST_TEXT - ran.said)
    ran.said += len(text)
    if not left:
        return
    if ran.pieces and ran.pieces[-1].get("stream") == name:
        ran.pieces[-1]["text"] += text[:left]
    else:
        ran.pieces.append({"stream": name, "text": text[:left]})


def _add_data(ran: Ran, content: dict[str, Any], named: Iterable[dict[str, Any]], *, anew: bool) -> None:
    data = {}
    for mime, value in content["data"].items():
        size = len(value) if isinstance(value, str) else len(json.dumps(value))
        if size <= _MOST_DATA:
            data[mime] = value
        else:
            said = f"{mime} of {size / 1e6:.0f} MB is left out, of at most {_MOST_DATA / 1e6:.0f} MB"
            ran.pieces.append({"stream": "lost", "text": said, "hint": _HINT_LARGE})
    piece = {"data": data, "metadata": content.get("metadata", {})}
    for one in named:
        one.update(piece)
    if anew and data:
        display = content.get("transient", {}).get("display_id")
        ran.pieces.append({**piece, "display": display, "last": "execution_count" in content})


def left_out(ran: Ran) -> str:
    """What a reader is told of text that was cut, "" if none was."""
    if ran.said <= _MOST_TEXT:
        return ""
    return f"This output has {ran.said:,} characters, of which the first {_MOST_TEXT:,} are shown."
