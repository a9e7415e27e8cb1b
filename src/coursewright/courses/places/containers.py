"""The verb: write what editors, Codespaces and Compose start a course's environment from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from coursewright.courses.course import Course
from coursewright.courses.places.images import check_environment, name_of, recipe_of
from coursewright.environments.images import GRACE, ImageReference
from coursewright.environments.targets import DEVCONTAINER, MARKED, RECIPE, compose, containerfile, devcontainer
from coursewright.errors import CoursewrightError, Place, UsageError
from coursewright.outputs import whole
from coursewright.settings import read_text


def publish_containers(course: Course, image: ImageReference | None = None) -> list[Path]:
    """Write them into the course, for `image`, or for the recipe of its environment, which is written, too; the files.

    Raises CoursewrightError for a course without an environment and for a file that is there and is not ours, and
    UsageError for an image that moves; nothing is written then.
    """
    if image and not image.digest:
        hint = f"a digest does not: {image.name}@sha256:…, as the workflow of the environment shows it"
        raise UsageError(f'"{image.name}:{image.tag or "latest"}" is a tag, which moves', None, hint)
    environment = course.environment()
    if not environment.tiers:
        hint = 'for instance, in course.toml: [environment] tiers = ["minimal", "base", "jupyter"]'
        raise CoursewrightError("the course has no environment", course.place("environment"), hint)
    check_environment(course)
    pinned = image.pinned if image else ""
    texts = {
        f"{DEVCONTAINER}/devcontainer.json": devcontainer(course.site.title, pinned),
        "compose.yaml": compose(name_of(course), max(GRACE, environment.stop_seconds), pinned),
    }
    _check(course, texts)
    if not image:
        recipe = recipe_of(course, with_course=False)
        (course.root / RECIPE).mkdir(parents=True, exist_ok=True)
        containerfile.write(recipe, course.root / RECIPE)
    for name, text in texts.items():
        (course.root / name).parent.mkdir(exist_ok=True)
        with whole(course.root / name) as output:
            output.write(text.encode())
    return [course.root / name for name in texts]


def _check(course: Course, texts: Mapping[str, str]) -> None:
    """Raise CoursewrightError for a file that is there, and was not written by us."""
    for file in (course.root / name for name in texts):
        if file.exists() and MARKED not in read_text(file).partition("\n")[0]:
            raise CoursewrightError(
                "this file was not written by Coursewright", Place(file, 1), "take it away to have it written"
            )
