"""The wall of the sandbox: each attempt on it is refused by the kernel, with Python's own watch taken away."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coursewright.errors import CoursewrightError
from coursewright.questions import draw, read_question
from coursewright.sandbox import Limits, ProcessEnd, Program, Wall
from coursewright.sandbox.walls import lacking
from coursewright.sandbox.walls.seccomp import program as filter_program
from coursewright.sandbox.walls.system_calls import ALLOWED, MACHINES, NOT_THERE

pytestmark = pytest.mark.skipif(bool(lacking()), reason="this kernel has no wall")
SECRET = "what only this test knows"  # noqa: S105 - no password of anybody
INHERITED = 200  # the number of a descriptor that is left open for whoever is started

# What attempts have in common. `hold` makes of what the C library answers an error of Python's.
PRELUDE = """
import os, sys

def libc():
    import ctypes
    return ctypes.CDLL(None, use_errno=True)

def hold(answer):
    import ctypes
    if answer in (-1, None):
        raise OSError(ctypes.get_errno(), "")
    return answer

ALL = {}

def outcome(what):
    try:
        return ["reached", str(ALL[what]())]
    except OSError as error:
        return ["refused", error.errno]
"""
# By what is tried: the code, and the errors of the kernel's that are a refusal.
ATTEMPTS = {
    "a file of the user's": ("return open(FILE).read()", "EACCES"),
    "a file of the system's": ("return open('/etc/passwd').read()", "EACCES"),
    "a file by the C library": ("return hold(libc().open(FILE.encode(), 0))", "EACCES"),
    "a file by a link of one's own": ("os.symlink(FILE, 'link'); return open('link').read()", "EACCES"),
    "a file by a second name": ("os.link(FILE, 'name'); return open('name').read()", "EACCES EXDEV"),
    "a file from above": ("return os.open(FILE[1:], 0, dir_fd=os.open('/', os.O_PATH))", "EACCES"),
    "a file two folders up": ("return os.open('../' * 20 + FILE, 0)", "EACCES"),
    "a file moved here": ("os.rename(FILE, 'mine'); return open('mine').read()", "EACCES EXDEV"),
    "the list of a folder": ("return os.listdir(os.path.dirname(FILE))", "EACCES"),
    "the list of the course's folder": ("return os.listdir(COURSE)", "EACCES"),
    "a new file elsewhere": ("open(FILE + '.new', 'w')", "EACCES"),
    "a file written to": ("open(FILE, 'a')", "EACCES"),
    "a file deleted": ("os.remove(FILE)", "EACCES"),
    "a file cut off": ("os.truncate(FILE, 0)", "EPERM"),
    "a library cut off": ("return os.open(os.__file__, os.O_RDONLY | os.O_TRUNC)", "EPERM EACCES"),
    "a file's mode": ("os.chmod(FILE, 0o777)", "EPERM"),
    "a library's mode": ("os.fchmod(os.open(os.__file__, os.O_RDONLY), 0o777)", "EPERM"),
    "a file's owner": ("os.chown(FILE, os.getuid(), os.getgid())", "EPERM"),
    "a file's times": ("os.utime(FILE, (0, 0))", "EPERM"),
    "a file's attributes": ("os.setxattr(FILE, 'user.a', b'b')", "EPERM"),
    "a descriptor left open": ("return os.read(INHERITED, 100)", "EBADF"),
    "memory that all share": ("return open('/dev/shm/coursewright-test', 'w')", "EACCES ENOENT"),
    "another root": ("os.chroot('/')", "EPERM"),
    "the parent's environment": ("return open(f'/proc/{PARENT}/environ').read()", "EACCES"),
    "the same beside a folder": (
        "return os.open(f'{PARENT}/environ', os.O_RDONLY, dir_fd=os.open('/proc', os.O_PATH))",
        "EACCES",
    ),
    "the same from one's own": (
        "return os.open(f'../{PARENT}/environ', os.O_RDONLY, dir_fd=os.open('/proc/self', os.O_PATH))",
        "EACCES",
    ),
    "the parent's arguments": ("return open(f'/proc/{PARENT}/cmdline').read()", "EACCES"),
    "the parent's descriptors": ("return os.listdir(f'/proc/{PARENT}/fd')", "EACCES"),
    "the parent's folder": ("return os.readlink(f'/proc/{PARENT}/cwd')", "EACCES"),
    "the parent's program": ("return os.readlink(f'/proc/{PARENT}/exe')", "EACCES"),
    "a file that the parent has open": ("return os.readlink(f'/proc/{PARENT}/fd/0')", "EACCES"),
    "a namespace of the parent's": ("return os.readlink(f'/proc/{PARENT}/ns/pid')", "EACCES"),
    "a file's attributes read": ("return os.getxattr(FILE, 'user.a')", "EPERM"),
    "a file watched": ("return hold(libc().inotify_init1(0))", "EPERM"),
    "the parent's memory": ("return open(f'/proc/{PARENT}/mem', 'rb')", "EACCES"),
    "one's own memory as a file": ("return open('/proc/self/mem', 'r+b')", "EACCES"),
    "the list of processes": ("return os.listdir('/proc')", "EACCES"),
    "the parent traced": ("return hold(libc().ptrace(16, PARENT, None, None))", "EPERM"),
    "the parent stopped": ("os.kill(PARENT, 19)", "EPERM"),
    "the parent asked": ("os.kill(PARENT, 0)", "EPERM"),
    "all processes stopped": ("os.kill(-1, 0)", "EPERM"),
    "the group stopped": ("os.killpg(os.getpgrp(), 0)", "EPERM"),
    "the parent's limits": ("import resource; return resource.prlimit(PARENT, resource.RLIMIT_CORE)", "EPERM"),
    "the parent's processors": ("os.sched_setaffinity(PARENT, {0})", "EPERM"),
    "the parent's priority": ("os.setpriority(os.PRIO_PROCESS, PARENT, 5)", "EPERM"),
    "signals sent by a pipe": ("import fcntl; fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, PARENT)", "EPERM"),
    "a process like this one": ("return os.fork()", "EPERM"),
    "a process by the C library": ("return hold(libc().fork())", "EPERM"),
    "a program in place of this one": ("os.execv('/bin/true', ['true'])", "EPERM EACCES"),
    "a program spawned": ("return os.posix_spawn('/bin/true', ['true'], {})", "EPERM"),
    "a program by subprocess": ("import subprocess; return subprocess.run(['/bin/true'])", "EPERM"),
    "a program in memory": ("return os.memfd_create('program')", "EPERM"),
    "a connection by TCP": ("import socket; return socket.create_connection(('127.0.0.1', PORT))", "EPERM"),
    "a socket that listens": ("import socket; return socket.socket().bind(('127.0.0.1', 0))", "EPERM"),
    "a message by UDP": (
        "import socket; return socket.socket(type=socket.SOCK_DGRAM).sendto(b'a', ('127.0.0.1', 9))",
        "EPERM",
    ),
    "a socket with a name": ("import socket; socket.socket(socket.AF_UNIX).connect(SOCKET)", "EPERM"),
    "a pair that talks to others": (
        "import socket\none, other = socket.socketpair(type=socket.SOCK_DGRAM)\none.sendto(b'a', SOCKET)",
        "EPERM",
    ),
    "the kernel's own socket": ("import socket; return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)", "EPERM"),
    "what is typed into a terminal": ("import fcntl; fcntl.ioctl(0, 0x5412, b'x')", "EPERM"),
    "a name for the machine": ("import socket; socket.sethostname('other')", "EPERM"),
    "the clock": ("import time; time.clock_settime(time.CLOCK_REALTIME, 0)", "EPERM"),
}  # fmt: skip


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What there is to reach: files, a secret of this process, a descriptor, servers. All of it stays as it is."""
    monkeypatch.setenv("CW_SECRET", SECRET)
    file = tmp_path / "course" / "key.json"
    file.parent.mkdir()
    file.write_text(SECRET)
    before = file.stat()
    with (
        file.open() as opened,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as local,
    ):
        os.dup2(opened.fileno(), INHERITED, inheritable=True)
        local.bind(str(tmp_path / "socket"))
        try:
            yield {
                "FILE": str(file),
                "COURSE": str(Path.cwd()),
                "PARENT": os.getpid(),
                "PORT": server.getsockname()[1],
                "SOCKET": str(tmp_path / "socket"),
                "INHERITED": INHERITED,
            }
        finally:
            os.close(INHERITED)
    after = file.stat()
    assert file.read_text() == SECRET
    assert (after.st_mode, after.st_mtime_ns, after.st_uid) == (before.st_mode, before.st_mtime_ns, before.st_uid)
    assert [path.name for path in file.parent.iterdir()] == ["key.json"]


def program_of(outside: dict[str, Any], attempts: dict[str, str]) -> str:
    """A program that has a function `outcome` for attempts by name."""
    names = "\n".join(f"{name} = {value!r}" for name, value in outside.items())
    functions = [
        f"def attempt():\n{textwrap.indent(each, '    ')}\nALL[{what!r}] = attempt" for what, each in attempts.items()
    ]
    return "\n".join([names, PRELUDE, *functions])


@pytest.mark.parametrize("what", ATTEMPTS)
def test_the_kernel_refuses(outside: dict[str, Any], what: str) -> None:
    attempt, errors = ATTEMPTS[what]
    source = program_of(outside, {what: attempt})
    with Program(source, "attempt.py", Limits(seconds=20, memory=512), Wall(fence=False)) as program:
        assert not program.run().error
        came, said = program.call(f"outcome({what!r})").value
    assert came == "refused", said
    assert errno.errorcode[said] in errors.split()


def test_the_fence_lets_nothing_more_through(outside: dict[str, Any]) -> None:
    source = program_of(outside, {what: attempt for what, (attempt, _) in ATTEMPTS.items()})
    with Program(source, "attempts.py", Limits(seconds=20, memory=512)) as program:
        assert not program.run().error
        came = {what: program.call(f"outcome({what!r})").value[0] for what in ATTEMPTS}
    assert came == dict.fromkeys(ATTEMPTS, "refused")


def test_the_attempts_do_reach_their_ends_without_a_wall(outside: dict[str, Any]) -> None:
    """Else they would show nothing."""
    harmless = ("a file of the user's", "the same beside a folder", "a connection by TCP", "a descriptor left open")
    source = (
        program_of(outside, {what: ATTEMPTS[what][0] for what in harmless})
        + "\nprint(*(outcome(each)[0] for each in ALL))"
    )
    command = [sys.executable, "-c", source]
    result = subprocess.run(command, capture_output=True, text=True, check=False, pass_fds=[INHERITED])
    assert result.stdout.split() == ["reached"] * len(harmless)


READ_BY_AUTHORS = {
    *("a file of the user's", "a file of the system's", "a file by the C library", "a file by a link of one's own"),
    *("a file from above", "a file two folders up", "the list of a folder", "the list of the course's folder"),
}


def test_an_authors_code_reads_files_and_no_more_than_that(outside: dict[str, Any]) -> None:
    """Questions of one's own course read its data; the environment of the program is nothing of theirs."""
    source = program_of(outside, {what: attempt for what, (attempt, _) in ATTEMPTS.items()})
    wall = replace(Wall.of_an_author(), fence=False)
    with Program(source, "attempts.py", Limits(seconds=20, memory=512), wall) as program:
        assert not program.run().error
        came = {what: program.call(f"outcome({what!r})").value[0] for what in ATTEMPTS}
        assert program.call("open(FILE).read()").value == SECRET
    assert {what for what in came if came[what] == "reached"} == READ_BY_AUTHORS


def test_the_code_of_questions_is_behind_the_wall() -> None:
    """What the fence lets through, in a folder of one's own, the kernel does not: so it is there."""
    text = "---\nkind: number\nanswer: 1\n---\n```python\nimport os\nos.chmod('.', 0o700)\n```\n\n# Question\n\nWhat?\n"
    with pytest.raises(
        CoursewrightError, match=r"variant 1: PermissionError: \[Errno 1\] Operation not permitted: '\.'"
    ):
        next(draw(read_question(Path("q.md"), text), ["1"]))


# Calls that Python has no function for, with their numbers on x86_64 and aarch64.
CALLS = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "execveat": (322, 281),
    "init_module": (175, 105),
    "io_uring_setup": (425, 425),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "openat2": (437, 437),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "setns": (308, 268),
    "setuid": (105, 146),
    "shmget": (29, 194),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}


def test_calls_that_are_not_allowed_are_refused() -> None:
    column = MACHINES[platform.machine()][0]
    source = (
        "import ctypes\ncall = ctypes.CDLL(None, use_errno=True).syscall\n"
        "def refused(number): return call(number, 0, 0, 0, 0, 0, 0) == -1 and ctypes.get_errno()"
    )
    with Program(source, "attempt.py", wall=Wall(fence=False)) as program:
        program.run()
        came = {name: program.call(f"refused({numbers[column]})").value for name, numbers in CALLS.items()}
        assert came == dict.fromkeys(CALLS, errno.EPERM)
        assert program.call("refused(435)").value == errno.ENOSYS  # clone3: libraries go on with clone


def test_code_computes_and_keeps_files_of_its_own() -> None:
    source = textwrap.dedent("""
        import json, math, tempfile, threading
        from pathlib import Path
        def own():
            Path("folder").mkdir()
            Path("folder", "file").write_text("kept")
            Path("folder", "file").rename("moved")
            with tempfile.TemporaryFile() as file:
                file.write(b"more")
            seen = []
            thread = threading.Thread(target=seen.append, args=[math.pi])
            thread.start()
            thread.join()
            return Path("moved").read_text(), seen, json.loads("[1]")
        def environment():
            import os
            return dict(os.environ)
    """)
    with Program(source, "program.py", wall=Wall(fence=False)) as program:
        assert not program.run().error
        assert program.call("own()").value == ("kept", [3.141592653589793], [1])
        assert not {"CW_SECRET", "USER", "PWD"} & program.call("environment()").value.keys()


def test_what_is_given_to_read_can_be_read(outside: dict[str, Any]) -> None:
    folder = str(Path(outside["FILE"]).parent)
    with Program("", "program.py", wall=Wall((folder,))) as program:
        program.run()
        assert program.call(f"open({outside['FILE']!r}).read()").value == SECRET
        assert program.call(f"open({outside['FILE']!r}, 'a')").error == "PermissionError"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("bytes(10**10)", "MemoryError"),
        ("open('large', 'wb').write(bytes(3 << 20))", "OSError"),
        ("[open('/dev/null') for _ in range(100)]", "OSError"),
        ("for_ever()", "TooLong"),
    ],
)
def test_what_is_used_has_an_end(call: str, error: str) -> None:
    limits = Limits(seconds=1, memory=256, file=1, open_files=40)
    source = "def for_ever():\n    while True:\n        pass"
    with Program(source, "program.py", limits, Wall(fence=False)) as program:
        program.run()
        assert program.call(call).error == error


def test_processor_time_and_output_have_an_end() -> None:
    with Program("", "p.py", Limits(seconds=60, processor=1), Wall(fence=False)) as program:
        program.run()
        with pytest.raises(ProcessEnd, match="ended by SIG"):
            program.call("all(iter(int, 1)) or all(1 for _ in iter(int, 1))")
    with Program("", "p.py", Limits(output=1), Wall(fence=False)) as program:
        program.run()
        with pytest.raises(ProcessEnd, match="it wrote over its messages"):
            program.call("'a' * (2 << 20)")


def test_an_error_tells_its_kind_and_line_alone() -> None:
    source = textwrap.dedent("""
        class Telling(KeyError): pass
        class Names(type):
            def mro(cls): return [Told, *type.mro(cls)]
        class Told: pass
        Told.__name__ = Told.__qualname__ = "the secret"
        Told.__module__ = "builtins"
        class Odd(ValueError, metaclass=Names): pass
        def f(n):
            raise [Telling, ValueError, Odd, SystemExit, KeyboardInterrupt][n]("the secret")
        def g(): return compile("(", "program.py", "exec")
        def h(): raise ExceptionGroup("the secret", [ValueError("the secret")])
    """)
    with Program(source, "program.py") as program:
        assert not program.run().error
        kinds = ("KeyError", "ValueError", "Exception", "SystemExit", "KeyboardInterrupt")
        for number, kind in enumerate(kinds):
            came = program.call(f"f({number})")
            assert (came.error, came.line, came.value, came.shown) == (kind, 10, None, "")
        assert (program.call("g()").error, program.call("h()").error) == ("SyntaxError", "ExceptionGroup")
    with Program("\n\n1 / 0", "program.py") as program:
        came = program.run()
        assert (came.error, came.line) == ("ZeroDivisionError", 3)


def answer(machine: str, name: int, number: int, *arguments: int, process: int = 77) -> int:
    """What the filter says to a call: 0 for allowed, else the number of the error. A machine of a few instructions."""
    call = struct.pack("<iIQ6Q", number, name, 0, *(*arguments, *[0] * 6)[:6])
    steps = list(struct.iter_unpack("@HBBI", filter_program(machine, process)))
    at = value = 0
    while True:
        code, yes, no, constant = steps[at]
        at += 1
        if code == 0x20:
            (value,) = struct.unpack_from("<I", call, constant)
        elif code == 0x54:
            value &= constant
        elif code == 0x15:
            at += yes if value == constant else no
        else:
            assert code == 0x06
            return 0 if constant == 0x7FFF0000 else constant & 0xFFFF


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_looks_into_calls(machine: str) -> None:
    column, name = MACHINES[machine]

    def said(call: str, *arguments: int) -> int:
        number = ALLOWED[call][column]
        assert number is not None
        return answer(machine, name, number, *arguments)

    assert said("read") == said("exit_group") == said("openat", 5, 0, 0o1101) == 0
    assert said("openat", 5, 0, 0o1000) == errno.EPERM
    assert (said("kill", 77), said("kill", 78), said("kill", 0), said("tgkill", 77, 77, 6)) == (0, 1, 1, 0)
    assert (said("kill", 0xFFFFFFFF), said("prlimit64", 0), said("prlimit64", 78)) == (1, 0, 1)
    thread = 0x3D0F00
    assert (said("clone", thread), said("clone", 17), said("clone", thread | 0x10000000)) == (0, 1, 1)
    assert (said("sendto", 3, 1, 1), said("sendto", 3, 1, 1, 0, 1 << 32), said("sendto", 3, 1, 1, 0, 1)) == (0, 1, 1)
    assert (said("socketpair", 1), said("socketpair", 2), said("fcntl", 0, 8)) == (0, 1, 1)
    assert answer(machine, name, NOT_THERE["clone3"][column]) == errno.ENOSYS
    assert answer(machine, name ^ 1, ALLOWED["read"][column] or 0) == errno.EPERM
    assert answer(machine, name, (ALLOWED["read"][column] or 0) | 0x40000000) == errno.EPERM
    assert all(answer(machine, name, numbers[column]) == errno.EPERM for numbers in CALLS.values())
    assert answer(machine, name, 9999) == errno.EPERM


def test_the_numbers_of_calls_are_those_of_the_library_for_them() -> None:
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not here")
    for column, machine in MACHINES.values():
        for call, numbers in {**ALLOWED, **NOT_THERE, **CALLS}.items():
            number = library.seccomp_syscall_resolve_name_arch(ctypes.c_uint32(machine), call.encode())
            assert number == numbers[column] or (number < 0 and numbers[column] is None), call
