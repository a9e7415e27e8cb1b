"""What Supervisor is told: a section for each program, none of which holds a value of anybody's.

The sections name files of JSON, in which the programs are: Supervisor puts environments and percent signs of its own
into what it reads, and shows its file to whoever asks. Supervisor merges sections of one name in ways that nothing
documents, so there is one section for each.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from . import logs
from .program import ServiceProgram

STARTED = 2  # seconds after which a start was one, and not an attempt
_ATTEMPTS = 4  # the pauses between them grow: 1, 2, 3 seconds


@dataclass(frozen=True)
class Layout:
    """Where the files of Supervisor are: in `folder`, but for its socket, whose path may not be long."""

    folder: Path
    socket: Path

    @property
    def configuration(self) -> Path:
        """Supervisor's own file."""
        return self.folder / "supervisord.conf"

    @property
    def log_of_supervisor(self) -> Path:
        """What Supervisor itself says."""
        return self.folder / "supervisord.log"

    @property
    def logs(self) -> Path:
        """The folder of the logs, a file for each program."""
        return self.folder / "logs"

    def log(self, name: str) -> Path:
        """The log of a program."""
        return self.logs / f"{name}.log"

    def program(self, name: str) -> Path:
        """The program as JSON, which nobody but its user may read: it holds passwords."""
        return self.folder / "programs" / f"{name}.json"

    def begun(self, name: str) -> Path:
        """A file with the process of a program, which is there when all before it is over, such as its first run."""
        return self.folder / "begun" / name


Starter = Callable[[str], tuple[str, ...]]


def write(
    programs: Mapping[str, ServiceProgram], layout: Layout, start: Starter, by_others: Set[str] = frozenset()
) -> None:
    """Write all files; `start` gives the command that starts a program. Those `by_others` Supervisor does not start."""
    layout.logs.mkdir(parents=True, exist_ok=True)
    layout.configuration.unlink(missing_ok=True)  # it is there when all is
    shutil.rmtree(layout.folder / "programs", ignore_errors=True)
    (layout.folder / "programs").mkdir(mode=0o755)
    shutil.rmtree(layout.folder / "begun", ignore_errors=True)
    (layout.folder / "begun").mkdir()
    (layout.folder / "begun").chmod(0o1777)  # each service writes its own there, some as users of their own
    for name, program in programs.items():
        write_secret(layout.program(name), _text(program, programs), program.user)
        logs.begin(layout.log(name))
    own = {name: one for name, one in programs.items() if name not in by_others}
    write_secret(layout.configuration, configuration(own, layout, start))


def is_written(programs: Mapping[str, ServiceProgram], layout: Layout) -> bool:
    """Whether the files say these programs, and no others."""
    files = {file.stem: file for file in (layout.folder / "programs").glob("*.json")}
    return files.keys() == programs.keys() and all(is_written_of(name, programs, layout) for name in programs)


def is_written_of(name: str, programs: Mapping[str, ServiceProgram], layout: Layout) -> bool:
    """Whether the file of one of them says this."""
    file = layout.program(name)
    return file.is_file() and file.read_text(encoding="utf-8") == _text(programs[name], programs)


def _text(program: ServiceProgram, programs: Mapping[str, ServiceProgram]) -> str:
    needed = [programs[need].written() for need in program.needs if need in programs]
    return json.dumps({"program": program.written(), "needed": needed}, indent=1)


def configuration(programs: Mapping[str, ServiceProgram], layout: Layout, start: Starter) -> str:
    """The whole file. Programs are started in their order: those that others need first."""
    sections = [
        ["[unix_http_server]", f"file={_own(layout.socket)}", "chmod=0700"],
        [
            "[supervisord]", f"logfile={_own(layout.log_of_supervisor)}", "logfile_maxbytes=1MB",
            "logfile_backups=1", f"pidfile={_own(layout.folder / 'supervisord.pid')}", "silent=true",
            f"childlogdir={_own(layout.logs)}", "umask=077", *(["user=root"] if os.geteuid() == 0 else []),
        ],
        ["[rpcinterface:supervisor]",
         "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface"],
        ["[supervisorctl]", f"serverurl=unix://{_own(layout.socket)}"],
        *(_section(place, program, layout, start) for place, program in enumerate(programs.values(), 1)),
    ]  # fmt: skip
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _section(place: int, program: ServiceProgram, layout: Layout, start: Starter) -> list[str]:
    command = " ".join(_own(shlex.quote(part)) for part in start(program.name))
    return [
        f"[program:{program.name}]",
        f"command={command}",
        f"priority={place * 10}",
        *([f"user={program.user}"] if program.user and os.geteuid() == 0 else []),
        "autorestart=true",
        f"startsecs={STARTED}",
        f"startretries={_ATTEMPTS}",
        f"stopsignal={program.stop_signal}",
        f"stopwaitsecs={program.stop_wait}",
        "stopasgroup=true",  # some are started by a script, which would go alone
        "killasgroup=true",
        "redirect_stderr=true",
        f"stdout_logfile={_own(layout.log(program.name))}",
        f"stdout_logfile_maxbytes={logs.SIZE}",
        f"stdout_logfile_backups={logs.OLDER}",
    ]


def _own(text: object) -> str:
    """Text in which Supervisor finds nothing to put in."""
    return str(text).replace("%", "%%")


def write_secret(file: Path, text: str, user: str = "") -> None:
    """Write a file whole that nobody but `user`, or whoever runs this, may read."""
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600, exist_ok=False)
    new.write_text(text, encoding="utf-8", newline="")
    if user and os.geteuid() == 0:
        import pwd

        account = pwd.getpwnam(user)
        os.chown(new, account.pw_uid, account.pw_gid)
    new.replace(file)
