"""`coursewright image`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cyclopts
from cyclopts import Parameter

from coursewright.cli.output import say
from coursewright.cli.progress import bar
from coursewright.courses import Course, open_course
from coursewright.environments import image
from coursewright.environments.targets import containerfile
from coursewright.errors import CoursewrightError

app = cyclopts.App(name="image", help_format="plaintext")


@app.command
def render(course: Path = Path(), *, output: Path | None = None, stub: str = "", base: str = "") -> None:
    """Write the recipes of the course's images: a Containerfile for each tier, and one for the whole.

    Parameters
    ----------
    course
        The course's folder; by default the nearest one here or above.
    output
        The folder to write; build/image, unless it says. It is replaced as a whole.
    stub
        What images are called: STUB-TIER; otherwise `stub` in [environment], or the folder's name.
    base
        What the first tier stands on; otherwise `base` in [environment].
    """
    opened = open_course(course)
    to = output or opened.root / "build" / "image"
    names, _ = _render(opened, to, stub, base)
    say(f"{len(names)} tiers in {to}")


@app.command
def build(
    course: Path = Path(),
    *,
    stub: str = "",
    base: str = "",
    with_: Annotated[str, Parameter(name="--with")] = "",
    engine_option: tuple[str, ...] = (),
) -> None:
    """Build the course's images, tier by tier.

    Parameters
    ----------
    course
        The course's folder; by default the nearest one here or above.
    stub
        What images are called: STUB-TIER; otherwise `stub` in [environment], or the folder's name.
    base
        What the first tier stands on; otherwise `base` in [environment].
    with_
        The engine: docker, podman or buildah; otherwise the first that is there.
    engine_option
        An option for the engine, such as --isolation=chroot; may be given several times.
    """
    engine = image.find_engine(with_, engine_option)
    opened = open_course(course)
    folder = opened.root / "build" / "image"
    names, called = _render(opened, folder, stub, base)
    with bar() as progress:
        built = image.build(engine, folder, names, called, progress.show)
        progress.done(f"{len(built)} images, the last of them {built[-1]}")


def _render(course: Course, folder: Path, stub: str, base: str) -> tuple[list[str], str]:
    """Write the recipes; the names of the tiers in them, and what images are called."""
    environment = course.environment()
    if not environment.tiers:
        hint = 'for instance, in course.toml: [environment] tiers = ["minimal", "base", "jupyter"]'
        raise CoursewrightError("the course has no environment", course.place("environment"), hint)
    _ = environment.composed  # what does not fit is found before anything is written
    said = course.settings.environment
    called = stub or said.stub or course.root.resolve().name.lower()
    made = containerfile.recipe(
        environment.tiers,
        base=base or said.base,
        stub=called,
        course=course.root.resolve(),
        title=course.site.title,
        licence=course.site.licence,
    )
    containerfile.write(made, folder)
    return [name.partition("/")[0] for name in made.texts if name.endswith("/tier.json")], called
