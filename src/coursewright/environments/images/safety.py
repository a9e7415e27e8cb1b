"""The verb behind the environment's part of `coursewright check`: settings that would let in whom nobody asked.

The rules are about what tiers write down; what they leave open is safe by itself: a token made at random, passwords
that nobody else can read, everything on loopback but Jupyter in its container, cross-site requests refused.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from coursewright.environments.environment import Environment
from coursewright.environments.runtime.compose import Origin, Setting
from coursewright.errors import Place, Problem


@dataclass(frozen=True)
class SafetyRule:
    """What may not stand in a setting: its name, what it looks like as OPTION=VALUE, what is wrong and what to do."""

    name: str
    pattern: str
    message: str
    hint: str


_SECRET = (
    r"(?:[\w.-]*(?:passw(?:or)?d|passphrase|token|secret|(?:api|access|private|secret)_?key)|(?:[\w.-]*[_.-])?pass)"  # noqa: S105 - what they are called
)
_MADE = r".*\{[\w.-]*password\}|argon2:|sha1:"  # made at random, or the hash of one
_ALL = r"(?:0\.0\.0\.0|\[?::\]?)(?::\d+)?"  # addresses
_RULES = (
    SafetyRule(
        "login",
        rf"{_SECRET}=(?:''|\"\")?|.*allow_unauthenticated_access=(?:true|1)|--noauth|.*auth-host=trust",
        "everybody would be let in",
        "leave it out, or use {password}; on your own machine there is `coursewright up --insecure-no-login`",
    ),
    SafetyRule(
        "password",
        rf"{_SECRET}=(?!''|\"\"|{_MADE})\S.*|.*://[^/\s:@]*:(?!{_MADE})[^@/\s]+@.*",
        "a password stands in the tier, and would be in every image",
        "use {password}, which is made at random where the service runs",
    ),
    SafetyRule(
        "loopback",
        rf"--bind_ip_all|(?:.*[=\s'\"])?{_ALL}['\"]?|.*(?:addresses|ip|host|-h|address)=['\"]?\*['\"]?",
        "it would listen to other machines",
        "let it listen on 127.0.0.1: what is to be seen outside gets a `path` behind Jupyter's port",
    ),
    SafetyRule(
        "xsrf",
        r".*disable_check_xsrf=(?:true|1)|.*allow_origin(?:_pat)?=['\"]?\.?\*.*",
        "pages of other sites could use the services in the name of whoever is logged in",
        "leave it out",
    ),
    SafetyRule("root", r"--allow[-_]root(?:=true|=1)?", "it would run as root", "give the service a `user`"),
)

_EXPOSED = SafetyRule(
    "arguments",
    r".*\{[\w.-]*password\}.*",
    "everybody on the machine can read a password that is an argument",
    "put it into `environment`, or into a file of `configuration`, which nobody else can read",
)
_COMMANDS = (("command",), ("arguments",), ("first_run",), ("ready", "command"))


def check(environment: Environment) -> Iterator[Problem]:
    """What is not safe, each with the line of the tier that says so. Raises SeveralProblems for tiers that conflict."""
    for name, settings in environment.composed.services.items():
        user = settings.get(("user",))
        if user is None or user.value in (None, "", "root"):
            origin = user.origin if user else environment.composed.defined[name]
            message = f'the service "{name}" would run as root in an image'
            yield _problem(message, origin, "give it a `user`, which a tier makes: [users.NAME]", "root")
        for path, setting in settings.items():
            for rule, origin in _found(path, setting, environment.files):
                message = f'{".".join(path)} of the service "{name}": {rule.message}'
                yield _problem(message, origin, rule.hint, rule.name)
    for tier in environment.tiers:
        for variable, said in tier.written.environment.items():
            for rule in _broken(f"{variable}={said}"):
                message = f"environment.{variable}: {rule.message}"
                yield Problem(message, tier.place("environment", variable), rule.hint, rule.name)


def _found(path: tuple[str, ...], setting: Setting, files: Mapping[str, str]) -> Iterator[tuple[SafetyRule, Origin]]:
    """The rules that a setting breaks, each with the place that says so."""
    for value, origin in _values(path, setting.value, setting.origin):
        yield from ((rule, origin) for rule in _broken(value))
    if path in _COMMANDS and setting.value is not None:
        each = setting.value if isinstance(setting.value, tuple) else (setting,)
        yield from ((_EXPOSED, one.origin) for one in each if re.fullmatch(_EXPOSED.pattern, str(one.value), re.DOTALL))
    if path[0] == "configuration" and setting.value in files:
        broken = {rule.name: rule for line in _lines(Path(files[setting.value])) for rule in _broken(line)}
        yield from ((rule, setting.origin) for rule in broken.values())


def _lines(file: Path) -> Iterator[str]:
    """The lines of a file of the configuration as NAME=VALUE, whatever its language; remarks say nothing."""
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else ():
        said = line.strip()
        if not said.startswith(("#", ";", "//", "--")):
            yield re.sub(r"\s*[=:]\s*", "=", said, count=1)


def _broken(value: str) -> Iterator[SafetyRule]:
    return (rule for rule in _RULES if re.fullmatch(rule.pattern, value, re.IGNORECASE))


def _values(path: tuple[str, ...], value: Any, origin: Origin) -> Iterator[tuple[str, Origin]]:
    """The words of a setting, options together with what follows them."""
    if value is None:
        return
    if path == ("arguments",):
        words = [str(one.value) for one in value]
        yield from ((str(one.value), one.origin) for one in value)
        yield from ((f"{one}={two}", origin) for one, two in pairwise(words) if _is_option(one))
    elif path == ("command",):
        try:
            words = shlex.split(str(value))
        except ValueError:
            return  # said where it is run
        yield from ((one, origin) for one in words)
        yield from ((f"{one}={two}", origin) for one, two in pairwise(words) if _is_option(one))
    elif path == ("proxy", "login"):
        yield f"password={str(value).partition(':')[2]}", origin
    elif path[0] in ("environment", "exports"):
        yield f"{path[1]}={value}", origin


def _is_option(word: str) -> bool:
    return word.startswith("-") and "=" not in word


def _problem(message: str, origin: Origin, hint: str, rule: str) -> Problem:
    return Problem(message, Place(origin.file, origin.line), hint, rule)
