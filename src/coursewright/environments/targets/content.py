"""A course on top of an image of its environment: what repo2docker builds, and why it installs nothing."""

from __future__ import annotations

from coursewright.environments.images.reference import ImageReference
from coursewright.environments.runtime.content import SOURCE

FOLDER = "binder"
_FILE = f"{FOLDER}/Dockerfile"


def content_recipe(image: ImageReference, revision: str = "") -> dict[str, str]:
    """The files beside those of the course, by their paths; `revision` is the commit that the course is at."""
    lines = [
        "# The environment of the course, by its digest: no change of the content installs anything again.",
        "# Written by `coursewright publish binder`.",
        f"FROM {image.pinned}",
        f"COPY . {SOURCE}/",
        f'LABEL org.opencontainers.image.base.name="{image.name}" \\',
        f'      org.opencontainers.image.base.digest="{image.digest}"',
        *([f'LABEL org.opencontainers.image.revision="{revision}"'] if revision else []),
    ]
    return {_FILE: "\n".join(lines) + "\n", ".dockerignore": f".git\n.dockerignore\n.coursewright\n{FOLDER}\n"}
