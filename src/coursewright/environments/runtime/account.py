"""Who works in a container: the learner, whatever number the container was started with.

A hub or a Kubernetes cluster chooses the number, and mounts a volume where the learner's home was; a number may have
no name, and a volume may be somebody else's. In the manner of Jupyter's docker-stacks, NB_UID and NB_GID are heeded
where root starts.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

LEARNER = "learner"


@dataclass(frozen=True)
class Account:
    """The learner's numbers and home; `environment` is what a login would say, for all that runs as the learner."""

    uid: int
    gid: int
    home: Path
    environment: Mapping[str, str]


def account(say: Callable[[str], None]) -> Account:
    """The account of whoever works here; `say` is told what is not as it should be. Raises ValueError."""
    return _of_root() if os.geteuid() == 0 else _of_a_number(say)


def _of_root() -> Account:
    """The learner, with the numbers that are asked for: by NB_UID and NB_GID, or by the owner of the home."""
    try:
        learner = pwd.getpwnam(LEARNER)
    except KeyError:
        raise ValueError(f'no user "{LEARNER}" is in the image: stand it on the tier "base"') from None
    home = Path(learner.pw_dir)
    owner = home.stat() if home.is_dir() else None
    follows = owner is not None and owner.st_uid not in (0, learner.pw_uid)
    uid = _number("NB_UID", owner.st_uid if owner and follows else learner.pw_uid)
    gid = _number("NB_GID", owner.st_gid if owner and follows else learner.pw_gid)
    if gid != learner.pw_gid:
        _run("groupmod", "--non-unique", "--gid", str(gid), LEARNER)
    if (uid, gid) != (learner.pw_uid, learner.pw_gid):
        _run("usermod", "--non-unique", "--uid", str(uid), "--gid", str(gid), LEARNER)
    home.mkdir(mode=0o755, parents=True, exist_ok=True)
    if home.stat().st_uid == 0 or os.environ.get("NB_UID"):  # a volume that nobody has written to yet
        os.chown(home, uid, gid)
    return Account(uid, gid, home, {"HOME": str(home), "USER": LEARNER, "LOGNAME": LEARNER})


def _number(variable: str, otherwise: int) -> int:
    said = os.environ.get(variable, "").strip()
    if not said:
        return otherwise
    if not said.isdecimal() or not 0 < int(said) < 2**32 - 1:
        raise ValueError(f'{variable} is "{said}", which is no number of a user or group')
    return int(said)


def _run(*command: str) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours, and numbers
    if ran.returncode:
        raise ValueError(f"{command[0]}: {ran.stderr.strip()}")


def _of_a_number(say: Callable[[str], None]) -> Account:
    uid, gid = os.geteuid(), os.getegid()
    try:
        known: pwd.struct_passwd | None = pwd.getpwuid(uid)
    except KeyError:
        known = None
    home = _home(known, uid, say)
    name = known.pw_name if known else LEARNER
    environment = {"HOME": str(home), "USER": name, "LOGNAME": name}
    if known is None:
        environment |= _named(uid, gid, home, say)
    return Account(uid, gid, home, environment)


def _home(known: pwd.struct_passwd | None, uid: int, say: Callable[[str], None]) -> Path:
    """A home that can be written to: HOME's, the user's own, the learner's; otherwise one that is gone at the end."""
    said = [os.environ.get("HOME", ""), known.pw_dir if known else "", f"/home/{LEARNER}"]
    homes = [Path(one) for one in said if one.startswith("/") and one != "/"]
    for home in homes:
        if home.is_dir() and os.access(home, os.W_OK | os.X_OK):
            return home
    made = Path(tempfile.mkdtemp(prefix="home-"))
    say(f"{homes[0]} cannot be written by the user {uid}: what is kept is in {made}, and gone with the container")
    return made


def _named(uid: int, gid: int, home: Path, say: Callable[[str], None]) -> dict[str, str]:
    """What gives a number a name, which PostgreSQL for instance insists on: the users of the image, and this one."""
    library = next(iter(Path("/usr/lib").glob("*/libnss_wrapper.so")), None)
    if library is None:
        say(f"the user {uid} has no name: programs that want one do not start; install libnss-wrapper")
        return {}
    folder = Path(tempfile.mkdtemp(prefix="users-"))
    known = Path("/etc/passwd").read_text(encoding="utf-8", errors="surrogateescape").splitlines(keepends=True)
    others = "".join(line for line in known if not line.startswith(f"{LEARNER}:"))
    own = f"{LEARNER}:x:{uid}:{gid}::{home}:/bin/bash\n"
    (folder / "passwd").write_text(others + own, encoding="utf-8", errors="surrogateescape")
    shutil.copyfile("/etc/group", folder / "group")
    return {
        "LD_PRELOAD": str(library),
        "NSS_WRAPPER_PASSWD": str(folder / "passwd"),
        "NSS_WRAPPER_GROUP": str(folder / "group"),
    }
