"""The verb: write what sets up a hub for the students of courses, once it is sure that the courses can be had there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursewright.courses.course import Course
from coursewright.courses.places.images import check_environment, name_of
from coursewright.courses.publishing.committed import check_committed
from coursewright.environments.images import ImageReference, read_reference
from coursewright.environments.targets import Hub, OwnBinder, Profile, binderhub, littlest, values
from coursewright.errors import CoursewrightError, UsageError, shown
from coursewright.git import Repository, in_lfs, said_of, without_user
from coursewright.names import slug
from coursewright.ours import MARK, replacing

FOLDER = "hub"
_ADDRESS = re.compile(r"https?://[^\s/@]+/[^\s]+")
_NEEDS = {"jupyter": "a hub starts Jupyter", "base": "its user is the learner of that tier"}
_HEAD = "# Written by coursewright publish hub. Passwords and tokens do not belong in here: give Helm another file.\n"


@dataclass(frozen=True)
class CourseOrigin:
    """Where a course is to be had: its image, and the branch of a repository that holds its content."""

    image: ImageReference | None = None
    content: str = ""
    branch: str = ""
    tag: str = ""


def profile_of(course: Course, where: CourseOrigin, *, uncommitted: bool = False) -> Profile:
    """The course as a hub offers it. Raises CoursewrightError for what stands against that."""
    _check_tiers(course)
    check_environment(course)
    if not uncommitted:
        check_committed(course)
    image = where.image or read_reference(f"{name_of(course)}:{where.tag}".rstrip(":"))
    if not image.tag and not image.digest:
        hint = "say it: --image ghcr.io/ou/trees@sha256:…, or --tag 2027"
        raise UsageError(f'which "{image.name}" is meant is not said', None, hint)
    content, branch = _content(course, where)
    services = tuple(_services(course))
    return Profile(
        slug(course.root.resolve().name.lower(), "course"), course.site.title, image, content, branch, services
    )


def publish_hub(course: Course, hub: Hub, binder: OwnBinder | None = None) -> Path:
    """Write what sets up a hub into build/hub of a course, whole or not at all; the folder."""
    import yaml

    files = {"values.yaml": values(hub), **({"binderhub.yaml": binderhub(binder, hub)} if binder else {})}
    target = course.root / "build"
    there = [each.name for each in target.iterdir() if each.name != MARK] if target.is_dir() else []
    with replacing(target, [FOLDER], kept=there) as new:
        (new / FOLDER).mkdir()
        for name, said in files.items():
            text = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120)
            (new / FOLDER / name).write_text(_HEAD + text, encoding="utf-8")
        (new / FOLDER / "tljh.py").write_text(littlest(hub), encoding="utf-8")
    return target / FOLDER


def check_distinct(profiles: Sequence[Profile]) -> None:
    """Raise UsageError for courses whose folders would be one in a home."""
    for number, one in enumerate(profiles):
        if one.slug in [other.slug for other in profiles[:number]]:
            hint = "rename the folder of one of them"
            raise UsageError(f'two courses would be in the folder "{one.slug}" of a student', None, hint)


def _check_tiers(course: Course) -> None:
    names = [tier.name for tier in course.environment().tiers]
    if not names:
        hint = 'for instance, in course.toml: [environment] tiers = ["minimal", "base", "jupyter"]'
        raise CoursewrightError("the course has no environment", course.place("environment"), hint)
    for tier, why in _NEEDS.items():
        if tier not in names:
            raise CoursewrightError(
                f'the environment has no tier "{tier}", and {why}', course.place("environment", "tiers")
            )


def _content(course: Course, where: CourseOrigin) -> tuple[str, str]:
    """The repository of the content and its branch. Raises CoursewrightError for what students cannot fetch."""
    content, branch = where.content, where.branch
    if not content:
        content = said_of(course.root, "config", "--get", "remote.origin.url")
        top = said_of(course.root, "rev-parse", "--show-toplevel")
        if top and Path(top) != course.root.resolve():
            hint = "publish it by itself (coursewright publish binder), and say --content ADDRESS"
            raise CoursewrightError(
                f'the course is only a part of its repository, which is in "{shown(top)}"', None, hint
            )
        if top and ((course.root / ".gitmodules").is_file() or in_lfs(course.root)):
            hint = "publish it as files (coursewright publish binder --remote …), and say --content ADDRESS"
            message = "its repository has submodules or files of Git LFS, which students' servers do not fetch"
            raise CoursewrightError(message, None, hint)
    branch = branch or said_of(course.root, "branch", "--show-current") or "main"
    if not content:
        raise UsageError(
            "where the content comes from is not said", None, "say it: --content https://github.com/ou/trees"
        )
    if not _ADDRESS.fullmatch(content):
        hint = "students' servers have no key: give an address that begins with https:// and has no password in it"
        raise UsageError(f'"{without_user(content)}" cannot be fetched by students', None, hint)
    try:
        found = Repository(course.root).run("ls-remote", "--heads", "--", content, f"refs/heads/{branch}")
    except CoursewrightError as error:
        hint = "look whether the address is right, and whether everybody may read it"
        raise CoursewrightError(f"{content} cannot be fetched: {error.problem.message}", None, hint) from None
    if not found:
        raise CoursewrightError(f'{content} has no branch "{branch}"', None, "push it first, or say another: --branch")
    return content, branch


def _services(course: Course) -> Iterator[tuple[str, str]]:
    for name, service in course.environment().services.items():
        if service.path:
            yield service.path, service.proxy.title if service.proxy and service.proxy.title else name
