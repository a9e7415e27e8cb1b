"""Starts one program when what it needs is ready: `python3 -m runtime.start FILE [COMMAND …]`, run by Supervisor.

FILE is the program's JSON, with the programs that it needs. Supervisor knows an order of starting, not one of being
ready, so the wait is here; then this process becomes the program. What has to be run once before the first start is
run here too, into an empty folder: what an attempt left that broke off is moved aside, not deleted.

A command after the file is a hub's: it takes the program's place, with its variables but for the token, and waits for
nobody.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from .ports import is_answered
from .program import WEB, ServiceProgram, background, config_of, configuration_of
from .ready import until_ready
from .seeds import digest
from .strays import MARK, end, strays
from .supervisor import write_secret

_UNAVAILABLE, _CONFIG = 69, 78  # of sysexits.h: a service it needs is not there; something is not as it should be
_NOT_FOUND = 127  # as shells have it
_NOBODY_ELSE = 0o077
_LOCALE = re.compile("LC_[A-Z]+|LANGUAGE")
_PROXY = re.compile("(?:https?|all)_proxy", re.IGNORECASE)
_LOOPBACK = ("127.0.0.1", "localhost")
_SOON = 10  # seconds in which nothing but a service that goes into the background leaves processes without its own


def main(file: str, front: Sequence[str] = ()) -> None:
    """Wait, prepare, and become the program, or the command in front."""
    said = json.loads(Path(file).read_text(encoding="utf-8"))
    program = ServiceProgram.read(said["program"])
    environment = {**_inherited(program), **_who(program.user), **program.environment, MARK: program.folder}
    begun = Path(file).parent.with_name("begun") / program.name
    begun.unlink(missing_ok=True)
    os.umask(_NOBODY_ELSE)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # by which PostgreSQL is stopped, and this before it
    _alone(program)
    if program.socket:  # of a service that was killed: nobody could listen there again
        Path(program.socket).unlink(missing_ok=True)
    configure(program)
    if front:
        prepare(program, environment)
        told = {name: value for name, value in program.environment.items() if name != "JUPYTER_TOKEN"}
        _become(front, {**_inherited(program), **told, MARK: program.folder}, begun)
    needed = [ServiceProgram.read(one) for one in said["needed"]]
    for need in needed:
        if not until_ready(need.ready, {**_inherited(need), **need.environment}, begun.with_name(need.name)):
            _say(f"{need.name}, which {program.name} needs, was not ready after {need.ready.timeout:g} seconds")
            sys.exit(_UNAVAILABLE)
    prepare(program, environment)
    os.chdir(program.state)
    _become(program.command, environment, begun)


def _inherited(program: ServiceProgram) -> dict[str, str]:
    """The variables of whoever started all of it, but for those that would make services other than they are meant."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SUPERVISOR_")}
    if "LANG" in program.environment:  # which these would win over
        inherited = {name: value for name, value in inherited.items() if not _LOCALE.fullmatch(name)}
    if any(_PROXY.fullmatch(name) and value for name, value in inherited.items()):
        names = ("no_proxy", "NO_PROXY")  # the passwords of services on loopback are no proxy's business
        said = [one.strip() for name in names for one in inherited.get(name, "").split(",") if one.strip()]
        inherited |= dict.fromkeys(names, ",".join(dict.fromkeys((*said, *_LOOPBACK))))
    return inherited


def _become(command: Sequence[str], environment: Mapping[str, str], begun: Path) -> NoReturn:
    """Become a program, which hears every signal: Python ignores some, and nohup for instance others.

    That it has `begun` is noted, as whatever asks whether it is ready would else be answered before its first run.
    """
    begun.write_text(str(os.getpid()), encoding="ascii")
    begun.chmod(0o644)  # others wait for it
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError):  # some are the system's own
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    try:
        os.execvpe(command[0], list(command), environment)  # noqa: S606 - what a tier or a hub says, without a shell
    except OSError as error:
        _say(f"{command[0]} cannot be started: {error.strerror}")
        sys.exit(_NOT_FOUND if isinstance(error, FileNotFoundError) else _CONFIG)


def _alone(program: ServiceProgram) -> None:
    """End what an earlier start has left; ends the process for a service that leaves itself behind each time."""
    record, in_background = Path(program.folder) / "started", background(program.folder)
    left = strays(program.folder)
    with contextlib.suppress(OSError, ValueError):  # it has been started before, in a group of its own
        group, when = record.read_text(encoding="ascii").split()
        is_answered_by_it = program.port is not None and is_answered(program.port)
        is_soon = time.monotonic() < float(when) + _SOON
        if left and int(group) not in map(_group_of, left) and (is_answered_by_it or is_soon):
            in_background.touch()
    if left:
        _say(f"ending {len(left)} processes that {program.name} has left")
        end(dict.fromkeys(left, program.stop_wait))
    if in_background.exists():
        _say(f"{program.name} puts itself into the background, where nobody sees it end: tell it to stay in front")
        sys.exit(_CONFIG)
    record.write_text(f"{os.getpgrp()} {time.monotonic()}", encoding="ascii")


def configure(program: ServiceProgram) -> None:
    """Write the files of its configuration, which nobody else can read: passwords are in them."""
    folder = configuration_of(program.folder)
    if folder.exists():
        shutil.rmtree(folder)
    if program.configuration:
        folder.mkdir(mode=0o700)
    for name, text in program.configuration.items():
        write_secret(folder / name, text)


def _group_of(process: int) -> int:
    with contextlib.suppress(OSError):
        return os.getpgid(process)
    return 0


def _who(user: str) -> dict[str, str]:
    """What a login would say of a user: Supervisor changes who runs a program, and leaves it root's variables."""
    if not user:
        return {}
    return {"HOME": pwd.getpwnam(user).pw_dir, "USER": user, "LOGNAME": user}


def prepare(program: ServiceProgram, environment: dict[str, str]) -> None:
    """Run what is to be run before the first start, unless it has been; ends the process if it fails."""
    done = Path(program.folder) / "prepared"
    if done.exists():
        made = done.read_text(encoding="ascii", errors="replace")
        if program.made_from and made and made != digest(program.made_from):
            _say(f"{program.name} was made from other seeds than are now in {', '.join(program.made_from)}")
            _say(f"it keeps what it has; to begin anew, and lose that, delete {program.folder}")
        return
    ours = {config_of(program)} if program.name == WEB else set()  # written for this start
    if program.state.exists() and (left := set(program.state.iterdir()) - ours):
        _put_aside(program, left)
    program.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours_first = (str(Path(__file__).parent.parent), environment.get("PYTHONPATH", ""))  # for what reads seeds
    with_ours = {**environment, "PYTHONPATH": os.pathsep.join(filter(None, ours_first))}
    for command in program.first_run:
        _say(f"first run: {Path(command[0]).name}")
        try:
            ran = subprocess.run(  # noqa: S603 - what a tier says, without a shell
                command, cwd=program.state, env=with_ours, stdin=subprocess.DEVNULL, check=False
            )
            failed = f"ended with {ran.returncode}" if ran.returncode else ""
        except OSError as error:
            failed = f"cannot be started: {error.strerror}"
        if failed:
            _say(f"{program.name} is not started: {Path(command[0]).name} {failed}")
            sys.exit(_CONFIG)
    done.write_text(digest(program.made_from), encoding="ascii")


def _put_aside(program: ServiceProgram, left: Iterable[Path]) -> None:
    """Take away what an attempt left; what was there before our own attempts stays beside."""
    aside = Path(program.folder) / "broken-off"
    if not aside.exists():
        aside.mkdir(mode=0o700)
        _say(f"the first start of {program.name} broke off; what it left is in {aside}")
        for one in left:
            one.rename(aside / one.name)
        return
    for one in left:
        shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()


def _say(text: str) -> None:
    print(f"coursewright: {text}", flush=True)  # noqa: T201 - a program whose output is the log


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
