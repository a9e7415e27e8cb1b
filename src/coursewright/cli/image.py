"""`coursewright image`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import cyclopts
from cyclopts import Parameter

from coursewright.cli.output import say, write
from coursewright.cli.progress import bar
from coursewright.courses import Course, open_course
from coursewright.courses.places import name_of, recipe_of
from coursewright.environments.images import image
from coursewright.environments.images import lock as locking
from coursewright.environments.runtime import sbom as bills
from coursewright.environments.targets import containerfile
from coursewright.errors import shown

app = cyclopts.App(name="image", help_format="plaintext")

Stub = Annotated[
    str, Parameter(help="What images are called: STUB-TIER; otherwise `stub` in [environment], or the folder's name.")
]
Base = Annotated[str, Parameter(help="What the first tier stands on; otherwise `base` in [environment].")]
With = Annotated[
    str, Parameter(name="--with", help="The engine: docker, podman or buildah; otherwise the first that is there.")
]
Options = Annotated[
    tuple[str, ...], Parameter(help="An option for the engine, such as --isolation=chroot; may be given several times.")
]
Folder = Annotated[Path, Parameter(help="The course's folder; by default the nearest one here or above.")]


@app.command
def render(course: Folder = Path(), *, output: Path | None = None, stub: Stub = "", base: Base = "") -> None:
    """Write the recipes of the course's images: a Containerfile for each tier, and one for the whole.

    Parameters
    ----------
    output
        The folder to write into; build/image, unless it says. Files of your own in it stay.
    """
    opened = open_course(course)
    to = output or opened.root / "build" / "image"
    names = _render(opened, to, stub, base)
    say(f"recipes for {', '.join(names)} in {shown(to)}")


@app.command
def build(
    course: Folder = Path(), *, stub: Stub = "", base: Base = "", with_: With = "", engine_option: Options = ()
) -> None:
    """Build the course's images, tier by tier; what has not changed is not built again."""
    engine = image.find_engine(with_, engine_option)
    opened = open_course(course)
    folder = opened.root / "build" / "image"
    names = _render(opened, folder, stub, base)
    with bar() as progress:
        below = base or opened.settings.environment.base
        built = image.build(engine, folder, names, name_of(opened, stub), progress.show, base=below)
        progress.done(f"{len(built)} images, the last of them {built[-1]}")


@app.command
def run(
    course: Folder = Path(), *, port: int = 8888, stub: Stub = "", with_: With = "", engine_option: Options = ()
) -> None:
    """Run the course's image on this machine, and print the address to open. Ctrl-C stops it.

    Only this machine can reach it. What is done in the container is gone with it, unless a folder is mounted:
    --engine-option --volume=NAME:/home/learner.

    Parameters
    ----------
    port
        The port of this machine.
    """
    engine = image.find_engine(with_, engine_option)
    opened = open_course(course)
    grace = max(image.GRACE, opened.environment().stop_seconds)
    sys.exit(image.run(engine, name_of(opened, stub), port, say, grace))


@app.command
def shell(
    course: Folder = Path(), *, tier: str = "", stub: Stub = "", with_: With = "", engine_option: Options = ()
) -> None:
    """Open a shell in the course's image, to look inside. What is done in it is gone with it.

    Parameters
    ----------
    tier
        The tier whose image it is; otherwise the whole.
    """
    engine = image.find_engine(with_, engine_option)
    called = name_of(open_course(course), stub)
    sys.exit(image.shell(engine, f"{called}-{tier}" if tier else called))


@app.command
def sbom(course: Folder = Path(), *, stub: Stub = "", with_: With = "", engine_option: Options = ()) -> None:
    """Print what went into the course's image: every package with its version, in CycloneDX's JSON."""
    engine = image.find_engine(with_, engine_option)
    write(image.read(engine, name_of(open_course(course), stub), bills.FILE).rstrip("\n"))


@app.command
def lock(course: Folder = Path(), *, python: str = "", base: Base = "", platform: str = locking.PLATFORM) -> None:
    """Resolve which versions of the packages of Python and of conda images install, and keep to them.

    Writes environment/lock. Those of Python are resolved by uv, those of conda by micromamba.

    Parameters
    ----------
    python
        The version of Python in the base, such as 3.11; otherwise what is known of the base.
    platform
        What conda's packages are for, as conda calls it, such as linux-aarch64.
    """
    opened = open_course(course)
    environment = opened.environment()
    version = python or locking.python_of(base or opened.settings.environment.base)
    with bar() as progress:
        files = locking.lock(environment.tiers[environment.in_base :], opened.root, version, progress.show, platform)
        names = ", ".join(file.stem for file in files) or "nothing, since no tier installs anything with pip or conda"
        progress.done(f"locked: {names}, in {shown(opened.root / locking.FOLDER)}")


def _render(course: Course, folder: Path, stub: str, base: str) -> list[str]:
    """Write the recipes; the names of the tiers in them."""
    made = recipe_of(course, stub=stub, base=base)  # before anything is written
    containerfile.write(made, folder)
    return [name.split("/")[1] for name in made.texts if name.endswith("/tier.json")]
