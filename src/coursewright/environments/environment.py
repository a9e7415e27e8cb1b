"""The noun: an environment, which is the tiers of a course in order and the services that they make together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from coursewright.environments.runtime.compose import Composition, Conflict, compose, order
from coursewright.environments.runtime.program import ServiceProgram
from coursewright.environments.runtime.stop import HEAD_START
from coursewright.environments.shipped import in_several
from coursewright.environments.tier import Tier, find_tiers
from coursewright.environments.written import Service, Value
from coursewright.errors import Place, Problem, SeveralProblems


class Stack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[environment]`: what the first tier stands on, what images are called, and the tiers from below to above.

    `base_tiers` are the tiers that the base has in it already, where it is an image that somebody made from tiers.
    `leave_out` are patterns, as git's ignore rules have them, of files of the course that do not go into images.
    """

    base: str = "debian:bookworm-slim"
    stub: str = ""
    tiers: tuple[str, ...] = ()
    base_tiers: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Environment:
    """Tiers, each standing on the one before; the base image has the first `in_base` of them in it already."""

    tiers: tuple[Tier, ...]
    in_base: int = 0

    @cached_property
    def composed(self) -> Composition:
        """The settings of every service with where they come from. Raises SeveralProblems for all conflicts."""
        composed = compose(tier.fragment for tier in self.tiers)
        if composed.conflicts:
            raise SeveralProblems([_problem(conflict) for conflict in composed.conflicts])
        return composed

    @cached_property
    def services(self) -> dict[str, Service]:
        """The services by name, each after those that it needs."""
        return {name: msgspec.convert(self.composed.service(name), Service) for name in order(self.composed)}

    @property
    def files(self) -> dict[str, str]:
        """Where the files of tiers are here, by where they are in images; what is in shared folders one by one."""
        shared = in_several(self.tiers).items()
        files = {f"{folder}/{name}": str(source) for folder, inside in shared for name, source in inside.items()}
        return files | {
            (file if isinstance(file, str) else file.to).rstrip("/"): str((tier.folder / name).resolve())
            for tier in self.tiers
            for name, file in tier.written.files.items()
        }

    @property
    def stop_seconds(self) -> int:
        """How long all services together may take to stop: what others need is told after them, and a moment later."""
        waits = [
            int((one.stop_wait or f"{ServiceProgram.stop_wait}s").removesuffix("s")) for one in self.services.values()
        ]
        return max(waits, default=0) + HEAD_START * len(waits)

    @property
    def variables(self) -> dict[str, Value]:
        """What tiers put into the environment of every program, a later one over an earlier."""
        return {name: value for tier in self.tiers for name, value in tier.written.environment.items()}


def read_environment(root: Path, stack: Stack = Stack(), place: Place | None = None) -> Environment:  # noqa: B008 - frozen
    """The environment of the course in `root`. Raises CoursewrightError for a tier that is wrong or not there."""
    return Environment(find_tiers(root, stack.tiers, stack.base_tiers, place), len(stack.base_tiers))


def _problem(conflict: Conflict) -> Problem:
    return Problem(conflict.message, Place(conflict.origin.file, conflict.origin.line), conflict.hint, "environment")
