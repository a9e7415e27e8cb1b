"""The verb behind `coursewright image build`: recipes become images, by whichever engine is there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursewright.errors import CoursewrightError, MissingPart, Place, UsageError

ENGINES = ("docker", "podman", "buildah")
_LINES = 15  # of what an engine said last, in a message


@dataclass(frozen=True)
class Engine:
    """A program that builds images: its name, its path, and options of the user's for every build."""

    name: str
    path: str
    options: tuple[str, ...] = ()

    def build(self, recipe: Path, tag: str, target: str) -> list[str]:
        """The command that builds a stage of the Containerfile in the folder `recipe`."""
        verb = ["bud", "--layers"] if self.name == "buildah" else ["build"]
        stage = ["--target", target] if target else []
        return [
            self.path, *verb, *self.options, "--file", str(recipe / "Containerfile"), "--tag", tag, *stage, str(recipe)
        ]  # fmt: skip


def find_engine(name: str = "", options: Sequence[str] = ()) -> Engine:
    """The engine called `name`, or the first that is there. Raises MissingPart when there is none."""
    if name and name not in ENGINES:
        raise UsageError(f'no engine called "{name}"', None, f"Available: {', '.join(ENGINES)}")
    for one in (name,) if name else ENGINES:
        if path := shutil.which(one):
            return Engine(one, path, tuple(options))
    hint = "install Docker, Podman or buildah, for instance: sudo apt-get install podman"
    raise MissingPart(f"images are built by {name or 'an engine'}, which is not installed", None, hint)


def build(
    engine: Engine, recipe: Path, tiers: Sequence[str], stub: str, report: Callable[[str, int, int], None]
) -> list[str]:
    """Build the image of every tier, from below to above, and of the whole; their names.

    What has not changed comes from the engine's own store of layers. `report` is told what is being built, how many
    images are done, and of how many. Raises CoursewrightError with the tier and what the engine said last.
    """
    stages = [(f"{stub}-{name.partition('-')[2]}", f"tier-{name}") for name in tiers] + [(stub, "")]
    for done, (tag, stage) in enumerate(stages):
        report(tag, done, len(stages))
        ran = subprocess.run(  # noqa: S603 - ours
            engine.build(recipe, tag, stage), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
        if ran.returncode:
            raise _failure(tag, stage, ran.stdout, recipe)
    return [tag for tag, _ in stages]


def _failure(tag: str, stage: str, said: str, recipe: Path) -> CoursewrightError:
    lines = [line for line in said.splitlines() if line.strip()][-_LINES:]
    told = "".join(f"\n    {line}" for line in lines) or " nothing"
    message = f"the image {tag} cannot be built; the engine said last:{told}"
    return CoursewrightError(message, Place(recipe / "Containerfile", None, stage), "mend the tier, and build again")
