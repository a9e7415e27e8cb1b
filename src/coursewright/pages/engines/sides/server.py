"""A server of Python kernels: it loads what pages import first, and forks a process for each kernel that is asked for.

Nothing but our own code and those imports ever runs in it. It needs nothing but Python and ipykernel; each module that
it imports itself every kernel has loaded before a page begins.
"""

import builtins
import contextlib
import importlib.machinery
import itertools
import json
import locale
import logging
import os
import runpy
import signal
import socket
import sys
import threading
import warnings
from typing import Any

LONGEST = 1 << 18
WARNINGS: Any = warnings
KERNEL = (  # what every kernel loads until it runs code
    *("ipykernel.kernelapp", "ipykernel.debugger", "tornado.platform.asyncio", "IPython.core.completerlib", "pdb"),
    *(
        "IPython.core.debugger",
        "IPython.core.logger",
        "IPython.core.oinspect",
        "IPython.extensions.storemagic",
        "sqlite3",
    ),
)
STEADY = ("jemalloc_bg_thd",)  # threads of libraries that see to forks themselves


def _tasks() -> Any:
    """The names of all threads but this one, of libraries too, once those are gone that end before a fork."""
    if not (probe := os.fork()):
        os._exit(0)
    os.waitpid(probe, 0)
    found = []
    for task in os.listdir("/proc/self/task"):
        if int(task) != os.getpid():
            with open(f"/proc/self/task/{task}/comm", encoding="utf-8") as comm:
                found.append(comm.read().strip())
    return [name for name in found if name not in STEADY]


def _surroundings() -> Any:
    """What an import should leave as it is: a kernel that has just begun would settle it afterwards, not before."""
    return {
        "the variables of the environment": dict(os.environ),
        "the working folder": os.getcwd(),
        "where modules are found": list(sys.path),
        "the locale": locale.setlocale(locale.LC_ALL),
        "signals": [signal.getsignal(number) for number in sorted(signal.valid_signals())],
        "how values and errors are shown": [sys.displayhook, sys.excepthook, sys.stdout, sys.stderr],
        "where logs are written": list(logging.root.handlers),
    }


class _Notebook:
    """What an import may know of the kernel that is to come: that it is one. Anything else is `asked` too early."""

    asked, kernel = False, None

    def __enter__(self) -> Any:
        from IPython.core.interactiveshell import InteractiveShell

        self.shell, self.initialized = InteractiveShell, InteractiveShell.initialized
        InteractiveShell.initialized = self._ask  # type: ignore[method-assign]  # put back at the end
        builtins.get_ipython = lambda: self  # type: ignore[attr-defined]  # as IPython itself does
        return self

    def __exit__(self, *_: Any) -> None:
        self.shell.initialized = self.initialized  # type: ignore[method-assign]  # as it was
        del builtins.get_ipython  # type: ignore[attr-defined]  # as it was

    def __getattr__(self, name: str) -> Any:
        self.asked = True
        raise AttributeError(name)

    def _ask(self) -> bool:
        self.asked = True
        return False


class Imports:
    """What was imported for pages that begin with the same imports."""

    def __init__(self) -> None:
        self.modules: set[str] = set()
        self.filters: list[Any] = []
        self.events: list[Any] = []
        self.listening = False
        self.variables: dict[str, str] = {}
        self.threads = 0

    def load_kernel(self) -> None:
        """Import what every kernel does, and note what that changes for the process."""
        before, counted = dict(os.environ), _threads_named()
        for name in KERNEL:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        self.variables = {name: value for name, value in os.environ.items() if before.get(name) != value}
        self.threads = _threads_named() - counted

    def load(self, statements: Any) -> str:
        """Import it. Says why no process should be forked after that, "" if there is no reason."""
        before, modules, filters = _surroundings(), set(sys.modules), list(WARNINGS.filters)
        files, written = _open_files(), os.fstat(1).st_size + os.fstat(2).st_size
        self.listening = True
        with _Notebook() as notebook:
            for statement in statements:
                exec(statement, {"__name__": "__main__"})  # noqa: S102 - an import
        self.listening = False
        self.modules = set(sys.modules) - modules
        self.filters = [each for each in WARNINGS.filters if each not in filters]
        WARNINGS.filters[:] = filters
        sys.stdout.flush()
        sys.stderr.flush()
        if os.fstat(1).st_size + os.fstat(2).st_size != written:
            return "it says something"
        if notebook.asked:
            return "it asks the kernel while it is imported"
        if left := _tasks():
            return f"it leaves threads: {', '.join(sorted(set(left)))}"
        if _open_files() - files:
            return "it leaves files or devices open"
        changed = [name for name, value in _surroundings().items() if value != before[name]]
        return f"it changes {changed[0]}" if changed else ""

    def heard(self, event: str, arguments: Any) -> None:
        """Keep what is opened."""
        if self.listening and event in ("open", "os.listdir", "os.scandir", "sqlite3.connect"):
            frozen = sys._getframe(1).f_code.co_filename.startswith("<frozen importlib")
            self.events.append(("coursewright.searched" if frozen and event == "os.listdir" else event, arguments))

    def in_the_way(self, folder: str, others: Any) -> str:
        """A file of the folder that a page there would import or read instead of what is loaded here, or `others`."""
        names = {name.partition(".")[0] for name in self.modules}
        importlib.invalidate_caches()
        for each in sorted(os.listdir(folder)) if names else ():
            name = each.partition(".")[0]
            if each == "matplotlibrc" and "matplotlib" in names:
                return each
            if name in names or name in others:
                spec = importlib.machinery.PathFinder.find_spec(name, [folder])
                if spec and spec.origin:  # which a folder without __init__.py has not
                    return each
        return ""

    def settle(self) -> set[str]:
        """Do what the imports of a page would do now, and give the names of its modules."""
        WARNINGS.filters[:0] = self.filters  # where warnings inserts them
        WARNINGS._filters_mutated()
        for _ in range(self.threads):
            threading._counter()  # type: ignore[attr-defined]  # what names the threads, whose numbers tracebacks tell
        for event, arguments in self.events:
            sys.audit(event, *arguments)
        if self.modules:
            sys.audit("coursewright.searched", os.getcwd())  # where modules are looked for first
        return self.modules


def _threads_named() -> int:
    """How many threads got a number for a name: Python counts those that were never begun, too."""
    counter = repr(threading._counter.__self__)  # type: ignore[attr-defined]  # tells what is next without counting
    return int("".join(letter for letter in counter if letter.isdigit()))


def _open_files() -> set[str]:
    return {name for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")}


def _stamps(loaded: Imports) -> dict[str, Any]:
    """When what is loaded was last changed: files of modules, what they read, where modules are found."""
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    files |= {arguments[0] for event, arguments in loaded.events if event == "open"}
    return {file: _stamp(file) for file in files | set(sys.path) if isinstance(file, str)}


def _stamp(file: str) -> Any:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _received(asked: socket.socket) -> Any:
    message, files, _, _ = socket.recv_fds(asked, LONGEST, 3)
    if not message:
        os._exit(0)
    return json.loads(message), list(files)


def _said(asked: socket.socket, what: dict[str, Any]) -> None:
    asked.send(json.dumps(what).encode())


class _Forker:
    """One process that forks others, and what it has loaded for them."""

    def __init__(self, asked: socket.socket, loaded: Imports) -> None:
        self.asked, self.loaded = asked, loaded
        self.threads, self.stamps = _tasks(), _stamps(loaded)

    def answer(self, request: Any) -> dict[str, Any]:
        """What is said to a request; nothing where a process has to be forked first."""
        if "ended" in request:
            return {"status": os.waitstatus_to_exitcode(os.waitpid(request["ended"], 0)[1])}
        if self.threads:
            return {"refused": f"ipykernel leaves threads: {', '.join(self.threads)}"}
        if any(_stamp(file) != stamp for file, stamp in self.stamps.items()):
            return {"stale": True}
        if "command" in request and (file := self.loaded.in_the_way(request["cwd"], request["names"])):
            return {"refused": f"{file} stands beside the page, and may be what it imports"}
        return {"still": True} if "still" in request else {}

    def grow(self, request: Any, asked: socket.socket) -> None:
        """Load what is asked for in this fork, and serve it from now on."""
        self.asked, refused, failed = asked, "", False
        os.environ.clear()
        os.environ.update(request["environment"])
        try:
            refused = self.loaded.load(request["load"])
        except Exception:  # which the page sees when it imports that itself
            failed = True
        self.stamps = _stamps(self.loaded)
        _said(asked, {"refused": refused, "failed": failed})


def serve(asked: socket.socket) -> Any:
    """Serve what is asked for, until nobody is there to ask. In a forked process, what it is to do."""
    loaded = Imports()
    loaded.load_kernel()
    server = _Forker(asked, loaded)
    sys.addaudithook(server.loaded.heard)
    while True:
        request, files = _received(server.asked)
        if answer := server.answer(request):
            _said(server.asked, answer)
        elif child := _fork():
            _said(server.asked, {"pid": child})
        else:
            server.asked.close()
            if "command" in request:
                return request, files, server.loaded
            server.grow(request, socket.socket(fileno=files.pop()))
        for file in files:
            os.close(file)


def _fork() -> int:
    """The number of a new process, and 0 in that, which ends when this one does: Linux sends the signal."""
    import ctypes

    parent = os.getpid()
    child = os.fork()
    if not child:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    return child


def begin(request: Any, files: Any, loaded: Imports) -> None:
    """Become the process that a command line of its own would have made."""
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update({**request["environment"], **loaded.variables})
    threading._counter = itertools.count(1).__next__  # type: ignore[attr-defined]  # the next thread is the first again
    command = request["command"]
    sys.orig_argv[:] = command
    sys.argv[:] = ["-m", *command[command.index("-m") + 2 :]]
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, os.getcwd())
    importlib.invalidate_caches()
    sys.modules["_coursewright_loaded"] = loaded  # type: ignore[assignment]  # where side.py finds what is no module
    # What is drawn by chance begins anew, as `random` itself does after a fork.
    if process := sys.modules.get("multiprocessing.process"):
        process.current_process().authkey = os.urandom(32)
    if numpy := sys.modules.get("numpy.random.mtrand"):
        numpy.seed()
    if sympy := sys.modules.get("sympy.core.random"):
        sympy.rng.seed()


if __name__ == "__main__":
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    begin(*serve(socket.socket(fileno=int(sys.argv[1]))))
    runpy._run_module_as_main("ipykernel_launcher")  # type: ignore[attr-defined]  # what `python -m` does
