"""The walled-off process for authors' code: what it lets through, what it stops, and what it leaves behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursewright.sandbox import Limits, Process, ProcessEnd, Wall
from coursewright.sandbox.forking import ForkedProcess, ForkServer, ServerGone, piped

LIMITS = Limits(seconds=0.5, memory=512)
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs the signals of POSIX")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")


@pytest.fixture
def walled() -> Iterator[Process]:
    with Process("walled:run", Limits(seconds=30, memory=512)) as process:
        yield process


@pytest.fixture
def hurried() -> Iterator[Process]:
    with Process("walled:run", LIMITS) as process:
        yield process


def outcome(process: Process, code: str) -> str:
    process.send(code.encode())
    return process.receive().decode()


def stopped(process: Process, code: str) -> ProcessEnd:
    with pytest.raises(ProcessEnd) as caught:
        outcome(process, code)
    return caught.value


def test_messages_go_in_and_come_out(walled: Process) -> None:
    assert outcome(walled, "answer = 6 * 7") == "42"
    assert outcome(walled, "\nanswer = 1 / 0") == "ZeroDivisionError in line 2: division by zero"


def test_large_messages_arrive_whole() -> None:
    with Process("walled:echo", LIMITS) as process:
        message = os.urandom(1 << 20) * 50
        process.send(message)
        process.send(b"")
        assert process.receive(60) == message
        assert process.receive() == b""


@POSIX
@pytest.mark.parametrize(
    "code",
    [
        "\nwhile True: pass",
        "\nimport time; time.sleep(1000)",
        "import re\nre.match('(a+)+$', 'a' * 60 + '!')",
        "\nwhile True:\n try:\n  while True: pass\n except Exception: pass",
    ],
)
def test_code_that_takes_too_long_is_stopped_in_its_line(hurried: Process, code: str) -> None:
    assert outcome(hurried, code).startswith("TooLong in line ")
    assert outcome(hurried, "answer = 'and goes on'") == "and goes on"


@POSIX
def test_too_long_cannot_be_kept_quiet(hurried: Process) -> None:
    code = "try:\n while True: pass\nexcept BaseException: answer = 1"
    assert outcome(hurried, code) == "TooLong in line 2: took more than 0.5 seconds"


@pytest.mark.parametrize(
    "code",
    [
        "\nany(__import__('itertools').repeat(0))",
        "\nwhile True:\n try:\n  n = 0\n  while True: n += 1\n except BaseException: pass",
    ],
)
def test_code_that_never_comes_back_is_ended_and_its_line_known(hurried: Process, code: str) -> None:
    error = stopped(hurried, code)
    assert error.reason == "time"
    assert 'File "author.py", line' in error.detail


def test_who_waits_gives_up_at_the_given_time() -> None:
    with Process("walled:echo", LIMITS) as process:
        with pytest.raises(ProcessEnd, match=r"nothing came for 0\.1 seconds") as caught:
            process.receive(0.1)
        assert caught.value.reason == "time"
        with pytest.raises(ProcessEnd):
            process.send(b"too late")


@LINUX
@pytest.mark.parametrize(
    "code",
    [
        "\nbytes(10**11)",
        "\nkept = []\nwhile True: kept.append(bytes(10**7))",
        "import numpy\nnumpy.ones(10**9)",
    ],
)
def test_memory_has_an_end(code: str) -> None:
    with Process("walled:run", Limits(memory=512)) as process:
        assert "MemoryError in line" in outcome(process, code)
        assert outcome(process, "answer = len(bytes(10**8))") == "100000000"


NETWORK = "this code may not open the network"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', {port}))", NETWORK),
        ("import socket; socket.socket().connect(('127.0.0.1', {port}))", NETWORK),
        ("import socket; socket.socket().bind(('127.0.0.1', 0))", NETWORK),
        ("import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 9))", NETWORK),
        ("import socket; socket.getaddrinfo('example.org', 443)", NETWORK),
        ("import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}')", NETWORK),
        ("import subprocess; subprocess.run(['true'])", "may not start programs"),
        ("import os; os.system('true')", "may not start programs"),
        ("import os; os.execv('/bin/true', ['true'])", "may not start programs"),
        ("import ctypes; ctypes.CDLL('libc.so.6')", "by ctypes"),
        ("import ctypes; ctypes.pythonapi.Py_IncRef", "by ctypes"),
        ("open({file!r}, 'w')", "may only write in its own temporary folder"),
        ("import os; os.open({file!r}, os.O_CREAT | os.O_WRONLY)", "may only write in its own temporary folder"),
        ("import os; os.remove({file!r})", "may only write in its own temporary folder"),
        ("import os; os.rename('a', {file!r})", "may not change"),
        ("import sqlite3; sqlite3.connect({file!r})", "may only write in its own temporary folder"),
        ("import os; os.kill(os.getppid(), 0)", "may not stop other processes"),
    ],
)
def test_the_machine_is_out_of_reach(walled: Process, tmp_path: Path, code: str, said: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        filled = code.format(port=server.getsockname()[1], file=str(tmp_path / "file"))
        answer = outcome(walled, filled)
    assert answer.split(" ")[:3] in (["Forbidden", "in", "line"], ["URLError", "in", "line"])
    assert said in answer
    assert not any(tmp_path.iterdir())


LOCKED = """
import sys
from coursewright.sandbox.walls.landlock import lock
if not lock(sys.argv[1], ["/"]):
    sys.exit(77)
open(sys.argv[1] + "/inside", "w").close()
open("/dev/null", "w").close()
try:
    open(sys.argv[1] + "/../outside", "w")
except PermissionError:
    sys.exit("locked")
"""


@LINUX
def test_the_kernel_locks_files_too(tmp_path: Path) -> None:
    (home := tmp_path / "home").mkdir()
    result = subprocess.run([sys.executable, "-c", LOCKED, str(home)], capture_output=True, text=True, check=False)
    if result.returncode == 77:
        pytest.skip("this kernel has no Landlock")
    assert result.stderr == "locked\n"
    assert [path.name for path in tmp_path.rglob("*")] == ["home", "inside"]


@LINUX
def test_libraries_in_c_write_nowhere_else(walled: Process, tmp_path: Path) -> None:
    if subprocess.run([sys.executable, "-c", LOCKED, str(tmp_path)], capture_output=True, check=False).returncode == 77:
        pytest.skip("this kernel has no Landlock")
    path = tmp_path / "file.csv"
    assert "Permission denied" in outcome(walled, f"import duckdb; duckdb.sql('SELECT 1').write_csv({str(path)!r})")
    assert not path.exists()


@POSIX
@pytest.mark.parametrize(
    "code",
    [
        "import os; os.fork()",
        "import os; os.posix_spawn('/bin/true', ['true'], {})",
        "import multiprocessing as m; m.get_context('spawn').Process(target=print).start()",
    ],
)
def test_no_process_starts_another(walled: Process, code: str) -> None:
    assert "may not start programs" in outcome(walled, code)


def test_the_environment_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "hunter2")
    monkeypatch.setenv("PYTHONSTARTUP", "hunter2")
    with Process("walled:run", LIMITS) as process:
        answer = outcome(process, "import os; answer = dict(os.environ)")
        assert "PYTHONHASHSEED" in answer
        assert "hunter2" not in answer


@LINUX
def test_the_environment_of_others_is_out_of_reach(walled: Process) -> None:
    beside = f"import os; os.open('{os.getpid()}/environ', 0, dir_fd=os.open('/proc', os.O_RDONLY))"
    for code in (f"open('/proc/{os.getpid()}/environ').read()", "import os; os.listdir('/proc')", beside):
        answer = outcome(walled, code)
        assert answer in (
            "Forbidden in line 1: this code may not look into other processes",
            "PermissionError in line 1: [Errno 13] Permission denied: '/proc'",
        )


def test_hashes_are_the_same_in_every_process() -> None:
    answers = set()
    for _ in range(2):
        with Process("walled:run", LIMITS) as process:
            answers.add(outcome(process, "answer = hash('a word')"))
    assert len(answers) == 1


def test_it_writes_in_a_folder_of_its_own(walled: Process) -> None:
    code = (
        "import os, tempfile\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        " with open(os.path.join(folder, 'file'), 'w') as file: file.write('kept')\n"
        " with open(file.name) as file: answer = file.read()\n"
        "open(os.path.expanduser('~/file'), 'w').close()\n"
        "open('here', 'w').close()"
    )
    assert outcome(walled, code) == "kept"


@pytest.mark.parametrize(
    "code",
    [
        "import polars; answer = polars.Series([40, 2]).sum()",  # calls the system's libraries when it is imported
        "import duckdb; answer = duckdb.sql('SELECT 42').fetchall()[0][0]",
        "import asyncio; answer = asyncio.run(asyncio.sleep(0, 42))",
        "import ctypes; answer = ctypes.c_int(42).value",
    ],
)
def test_libraries_work(code: str) -> None:
    with Process("walled:run") as process:
        assert outcome(process, code) == "42"


def test_what_it_prints_is_no_message(walled: Process) -> None:
    code = (
        "import os, sys\n"
        "print('words' * 100000)\n"
        "sys.__stdout__.write('more'); sys.stderr.write('still more'); os.write(1, b'!')\n"
        "answer = 'the answer'"
    )
    assert outcome(walled, code) == "the answer"
    assert outcome(walled, "input()").startswith("EOFError")


def test_leaving_is_no_way_out_unseen(walled: Process) -> None:
    error = stopped(walled, "import sys; sys.exit('last words')")
    assert (error.reason, error.detail) == ("died", "ended with exit status 1\nlast words")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os; os._exit(3)", "ended with exit status 3"),
        pytest.param("import os; os.kill(os.getpid(), 9)", "ended by SIGKILL", marks=POSIX),
        pytest.param("import os; os.kill(os.getpid(), 11)", "ended by SIGSEGV", marks=POSIX),
        ("import os; os.closerange(3, 20)", "ended with exit status 1"),
        ("import os\nfor n in range(4, 9):\n try: os.write(n, b'!' * 99)\n except OSError: pass", "it wrote over its"),
    ],
)
def test_a_death_is_told(walled: Process, code: str, said: str) -> None:
    error = stopped(walled, code)
    assert error.reason == "died"
    assert error.detail.startswith(said)


def test_a_target_that_does_not_exist_is_told() -> None:
    with Process("walled:nothing", LIMITS) as process, pytest.raises(ProcessEnd, match="has no attribute 'nothing'"):
        process.receive()


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@POSIX
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    threads = threading.active_count()
    with Process("walled:run", LIMITS) as process:
        child = int(outcome(process, "import os; answer = os.getpid()"))
        process.send(b"open('file', 'w').write('a'); any(__import__('itertools').repeat(0))")
        assert any(tmp_path.iterdir())
    assert gone(child)
    assert not any(tmp_path.iterdir())
    assert threading.active_count() == threads
    process.close()


def test_a_folder_that_does_not_want_to_go_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "kept").write_text("kept")
    code = (
        "import os\n"
        f"os.symlink({str(tmp_path)!r}, 'link')\n"
        "os.mkdir('closed'); open('closed/file', 'w').close(); os.mkdir('closed/inner', 0o000)\n"
        "for _ in range(3000):\n"
        "    os.mkdir('deep'); open('file', 'w').close(); os.chdir('deep')\n"
        "answer = 'made'"
    )
    with Process("walled:run", Limits(seconds=30), Wall(fence=False, needed=False)) as process:
        assert outcome(process, code) == "made"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_closing_stops_a_flood() -> None:
    with Process("walled:flood", LIMITS) as process:
        assert process.receive() == b"more"


@POSIX
def test_closing_does_not_wait_for_a_program_that_got_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        f"import subprocess\nsubprocess.Popen({[sys.executable, '-c', 'input()']}, stdin=-1, start_new_session=True)\n"
    )
    (tmp_path / "getaway.py").write_text(text + "from walled import echo\n")
    monkeypatch.syspath_prepend(tmp_path)
    with Process("getaway:echo", LIMITS) as process:
        process.send(b"message")
        assert process.receive() == b"message"


@LINUX
def test_the_network_of_the_system_is_left_where_it_can_be(walled: Process) -> None:
    if subprocess.run(["unshare", "--map-root-user", "--net", "true"], capture_output=True, check=False).returncode:  # noqa: S607 - of util-linux
        pytest.skip("this system lets nobody have a network of one's own")
    here = str(Path("/proc/self/ns/net").readlink())
    assert outcome(walled, "import os; answer = os.readlink('/proc/self/ns/net')") != here


FACTS = """
import os, random, resource, signal, sys
def open_file(number):
    try: return bool(os.fstat(number))
    except OSError: return False
answer = {
    "files": [number for number in range(100) if open_file(number)],
    "environment": {name: value.replace(os.getcwd(), "HOME") for name, value in os.environ.items()},
    "heads": (os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid()),
    "signals": [getattr(each, "__name__", str(each)) for each in map(signal.getsignal, signal.valid_signals())],
    "mask": signal.pthread_sigmask(signal.SIG_BLOCK, []),
    "flags": str(sys.flags),
    "limits": [resource.getrlimit(getattr(resource, "RLIMIT_" + each)) for each in ("CORE", "CPU", "FSIZE", "NOFILE")],
    "path": sys.path,
    "modules": sorted(name for name in sys.modules if name.startswith(("coursewright", "numpy", "msgspec"))),
    "streams": [(each.encoding, each.errors, each.isatty(), each.write_through) for each in (sys.stdout, sys.stderr)],
    "main": sys.modules["__main__"].__name__,
    "hash": hash("a word"),
    "threads": len(__import__("threading").enumerate()),
}
"""


@LINUX
def test_a_forked_process_is_like_one_with_a_command_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with Process("walled:run") as forked:
        facts = outcome(forked, FACTS)
        assert isinstance(forked._process, ForkedProcess)
    monkeypatch.setattr(piped, "can_fork", lambda: False)
    with Process("walled:run") as own:
        assert not isinstance(own._process, ForkedProcess)
        there = eval(outcome(own, FACTS))  # noqa: S307 - what FACTS gives
    here = eval(facts)  # noqa: S307 - as above
    assert set(here.pop("modules")) - set(there.pop("modules")) <= {"coursewright.sandbox.forked"}
    assert here == there


@LINUX
def test_forked_processes_share_nothing_that_one_of_them_made() -> None:
    change = "import builtins, os, random, sys; builtins.mine = sys.modules['mine'] = os.environ['mine'] = 'mine'"
    look = "import os, random, sys; answer = 'mine' in dir(__builtins__), 'mine' in sys.modules, 'mine' in os.environ"
    with Process("walled:run") as one, Process("walled:run") as before:
        assert outcome(one, change + "; answer = random.random()") != outcome(
            before, "import random; answer = random.random()"
        )
        with Process("walled:run") as after:
            assert {outcome(each, look) for each in (before, after)} == {"(False, False, False)"}
            assert isinstance(after._process, ForkedProcess)


@LINUX
def test_a_process_outlives_its_server_and_another_server_comes() -> None:
    with Process("walled:run") as process:
        server = int(outcome(process, "import os; answer = os.getppid()"))
        os.kill(server, signal.SIGKILL)
        assert outcome(process, "answer = 6 * 7") == "42"
        with Process("walled:run") as own, Process("walled:run") as forked:
            assert outcome(own, "answer = 6 * 7") == "42"
            assert int(outcome(forked, "import os; answer = os.getppid()")) not in (server, os.getpid())
    assert gone(server)


@LINUX
@pytest.mark.parametrize("end", ["pass", "import os; os.kill(os.getpid(), 9)", "1 / 0"])
def test_a_server_ends_with_its_program(end: str) -> None:
    code = PARENT.replace("while True: pass", "1").replace("os.getpid(), os.getcwd()", "os.getppid()") + end
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=False).stdout
    for _ in range(100):
        if gone(int(said)):
            break
        time.sleep(0.1)
    assert gone(int(said))


@LINUX
def test_a_path_that_is_no_text_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)  # noqa: PTH102 - bytes
    monkeypatch.syspath_prepend(os.fsdecode(folder))
    readable = Wall((os.fsdecode(folder),))
    with Process("walled:run", wall=readable) as process:
        assert outcome(process, f"import os; answer = os.listdir({folder!r})") == "[]"
        assert isinstance(process._process, ForkedProcess)


@LINUX
def test_an_answer_that_nobody_heard_is_none_to_what_is_asked_next(monkeypatch: pytest.MonkeyPatch) -> None:
    server = ForkServer()
    with server._theirs as other:
        with monkeypatch.context() as interrupted:
            interrupted.setattr("socket.send_fds", lambda *_: _raise(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                server.ask({"ended": 1})
        with pytest.raises(OSError, match="Broken pipe"):
            other.send(b'{"status": 0}')
        with pytest.raises(ServerGone, match=r"^the fork server is gone$"):
            server.ask({"ended": 2})
        with pytest.raises(ServerGone, match=r"^a request that is too long$"):
            server.ask({"names": "a" * 300_000})


def _raise(error: type[BaseException]) -> None:
    raise error


@LINUX
def test_servers_that_nobody_needs_make_room() -> None:
    for name in ("a", "b", "c", "d", "e", "f"):
        with Process("walled:run", LIMITS, Wall(needed=False)) as process, Process(f"walled:{name}") as failing:
            assert outcome(process, "answer = 6 * 7") == "42"
            with pytest.raises(ProcessEnd, match=f"has no attribute '{name}'"):
                failing.receive()
    assert len(piped._servers) <= 4


PARENT = """
from coursewright.sandbox.process import Limits, Process
with Process("walled:run", Limits(seconds=60)) as process:
    process.send(b"import os; answer = os.getpid(), os.getcwd()")
    print(process.receive().decode(), flush=True)
    process.send(b"while True: pass")
    process.receive()
"""


@POSIX
def test_an_interrupt_of_the_parent_ends_the_child() -> None:
    command = [sys.executable, "-c", PARENT]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout
        child, folder = eval(parent.stdout.readline())  # noqa: S307 - what PARENT prints
        parent.send_signal(signal.SIGINT)
        _, said = parent.communicate()
    assert b"KeyboardInterrupt" in said
    assert gone(child)
    assert not Path(folder).exists()


@POSIX
def test_the_death_of_the_parent_ends_the_child(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT.replace("seconds=60", "seconds=1")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout
        child, _ = eval(parent.stdout.readline())  # noqa: S307 - what PARENT prints
        parent.kill()
    for _ in range(300):
        if gone(child):
            break
        time.sleep(0.1)
    assert gone(child)
