"""The verb: publish a course for Binder, as git repositories: of its environment, of its content, or of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursewright import __version__
from coursewright.courses.building.build import build
from coursewright.courses.course import Course
from coursewright.courses.places.images import check_environment, recipe_of
from coursewright.courses.places.readme import BADGES, at_home, content_readme, environment_readme, links_of
from coursewright.courses.publishing.audience import check_audience
from coursewright.courses.publishing.committed import check_committed, made_from, uncommitted
from coursewright.environments import Environment
from coursewright.environments.images import ImageReference, is_tag, lock
from coursewright.environments.targets import FOLDER, binder, carried, content_recipe, expanded
from coursewright.errors import CoursewrightError, Place, SeveralProblems, UsageError
from coursewright.git import said_of
from coursewright.sites.publish import (
    WORKFLOWS,
    Aim,
    CommitSummary,
    Job,
    find_target,
    image_workflow,
    put_repository,
    workflow,
)

NOTEBOOKS = "notebooks"
"""Where the notebooks of pages are in the repository of the content."""
_README = "README.md"
_OURS = (FOLDER, BADGES)
_FORK = """\
Fork it, choose the branch `gh-pages` under *Settings*, *Pages* once the workflow has run, and the course is yours: at
each push its site is built, and its pages run in the browser, without a server. The links above lead to where it comes
from: write your own name in `README.md` and `course.toml`."""
Progress = Callable[[str, int, int], None]
Files = dict[str, Path | bytes]


@dataclass(frozen=True)
class RepositoryOptions:
    """How a repository is made: `aim` says where.

    Without an image, its Python is of the version `python`, and it may be `incomplete`: without what of the environment
    Binder cannot have. The course may have changes that are in no commit if it may be `uncommitted`.
    """

    aim: Aim
    python: str = ""
    incomplete: bool = False
    uncommitted: bool = False


@dataclass(frozen=True)
class PublishedRepository:
    """A repository: where it is, what came of it, and `remarks` for its author."""

    aim: Aim
    made: CommitSummary
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Content:
    """What goes into a repository, and what is to be said of it."""

    files: Files = field(default_factory=dict)
    executable: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()


def publish_environment(
    course: Course, image: ImageReference, way: RepositoryOptions, forge: str = "github"
) -> PublishedRepository:
    """The environment repository: recipes and locks, and the workflow of `forge` that builds `image` and pushes it.

    The branch of `way` is the tag of the image, and one environment. Raises CoursewrightError for whatever stands
    against it, before anything is written.
    """
    branch = way.aim.branch
    if image.tag or image.digest:
        hint = "give its name alone: the tag is the branch, and the digest comes of building it"
        raise UsageError(f'the image "{image.name}" is yet to be built', None, hint)
    if not is_tag(branch):
        hint = "letters, digits, and . _ -, 128 at the most, for instance: --branch 2026-1"
        raise UsageError(f'the branch "{branch}" cannot be the tag of an image', None, hint)
    made = recipe_of(course, stub=image.name, with_course=False)
    _check_locked(course)
    path, text = image_workflow(forge, image.name, image.host, branch)
    files: Files = {name: content.encode() for name, content in made.texts.items()}
    copied = list(expanded(made.copies))
    files |= {name: file for name, file, _ in copied}
    files |= {path: text.encode(), _README: environment_readme(course.site, image, branch).encode()}
    base = course.settings.environment.base
    moves = f"note: the base {base} is a tag, which moves; the digest of what is built does not"
    remarks = () if "@sha256:" in base else (moves,)
    content = _Content(files, frozenset(name for name, _, runs in copied if runs), remarks)
    return _published(course, way, lambda: content)


def publish_content(
    course: Course,
    image: ImageReference | None,
    way: RepositoryOptions,
    progress: Progress = lambda _what, _done, _of: None,
) -> PublishedRepository:
    """The content repository: the course with its notebooks, in `image`, or in what repo2docker makes of its tiers.

    Raises CoursewrightError for whatever stands against it, before anything is written.
    """
    if image and not image.digest:
        hint = f"a digest does not: {image.name}@sha256:…, as the workflow of the environment shows it"
        raise UsageError(f'"{image.name}:{image.tag or "latest"}" is a tag, which moves', None, hint)
    own = _own_files(course)
    inside = _in_image(course, image) if image else _by_repo2docker(course, course.environment(), way)

    def made() -> _Content:
        built = build(course, only=[NOTEBOOKS], progress=progress)
        folder = built.folder / NOTEBOOKS
        files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
        notebooks: Files = {f"{NOTEBOOKS}/{file.relative_to(folder).as_posix()}": file for file in files}
        if clash := sorted(notebooks.keys() & own.keys()):
            hint = f"call it otherwise: the notebook of the page {clash[0].partition('/')[2]} stands there"
            raise CoursewrightError(f'the course has a file called "{clash[0]}"', Place(course.root / clash[0]), hint)
        front, more = _front(course, built.pages, way.aim)
        remarks = (*inside.remarks, *built.remarks, *more)
        return _Content({**own, **notebooks, **inside.files, **front}, inside.executable, remarks)

    return _published(course, way, made)


def publish_minimal(course: Course, way: RepositoryOptions) -> PublishedRepository:
    """The smallest repository to fork: the course, a workflow that shows it in readers' browsers, and Binder behind it.

    Raises CoursewrightError for a course whose pages do not run in the browser, and whatever else stands against it.
    """
    if not course.settings.runtimes.here:
        hint = "let them: [runtimes] here = true"
        raise CoursewrightError("its pages do not run in the browser, which is to come first", Place(course.file), hint)
    own = _own_files(course)
    inside = _by_repo2docker(course, Environment(()), way)
    text = workflow("github", Job("./.", way.aim.branch, "gh-pages", runs_here=True))
    front, more = _front(course, _addresses(course), way.aim, "", _FORK)
    files: Files = {**own, **inside.files, WORKFLOWS["github"]: text.encode(), **front}
    return _published(course, way, lambda: _Content(files, inside.executable, (*inside.remarks, *more)))


def _published(course: Course, way: RepositoryOptions, content: Callable[[], _Content]) -> PublishedRepository:
    """Make the repository of what `content` gives, once nothing stands against it."""
    if not way.uncommitted:
        check_committed(course)
    target = find_target(way.aim)
    made = content()
    said = check_audience(course, made.files)
    message = f"Publish {course.site.title}\n\n{made_from(course)}\n"
    done = put_repository(target, made.files, message, made.executable)
    changed = uncommitted(course)
    also = [f"note: published with changes that are in no commit: {', '.join(changed)}"] if changed else []
    return PublishedRepository(way.aim, done, (*also, *said, *made.remarks))


def _own_files(course: Course) -> Files:
    """The course's own files. Raises CoursewrightError for those whose places are ours."""
    files = carried(course.root, course.settings.environment.leave_out)
    if clash := next((file.parts[0] for file in files if file.parts[0] in _OURS), ""):
        message = f'the course has an entry called "{clash}"'
        raise CoursewrightError(message, Place(course.root / clash), "call it otherwise: ours stands there")
    return {file.as_posix(): course.root / file for file in files}


def _in_image(course: Course, image: ImageReference) -> _Content:
    revision = said_of(course.root, "rev-parse", "HEAD")
    return _Content({name: text.encode() for name, text in content_recipe(image, revision).items()})


def _by_repo2docker(course: Course, environment: Environment, way: RepositoryOptions) -> _Content:
    """What repo2docker is given. Raises SeveralProblems with all that cannot be said to it, unless that may be."""
    tiers = environment.tiers
    if tiers:
        check_environment(course)
    pins = lock.read(tiers[environment.in_base :], course.root)
    ourselves = () if tiers else (f"coursewright[all]=={__version__}",)
    base = course.settings.environment.base
    made = binder(environment, base=base, python=way.python, pins=pins, also=ourselves)
    if made.unsaid and not way.incomplete:
        raise SeveralProblems(made.unsaid)
    left_out = (f"note: left out: {one.message}" for one in made.unsaid)
    files: Files = {**{name: text.encode() for name, text in made.texts.items()}, **made.copies}
    return _Content(files, made.executable, (*left_out, *made.notes))


def _front(
    course: Course, pages: Sequence[str], aim: Aim, folder: str = NOTEBOOKS, about: str = ""
) -> tuple[Files, list[str]]:
    """The README with its badges, which open the first page."""
    runtimes = at_home(course.settings.runtimes, aim, folder)
    services = [one.path for one in course.environment().services.values() if one.path]
    page = "index" if "index" in pages or not pages else pages[0]
    links = links_of(course.site, runtimes, page, services)
    own = course.root / _README
    text, pictures = content_readme(course.site, links, own.read_text(encoding="utf-8") if own.is_file() else "", about)
    said = []
    if runtimes.binder is None:
        hint = 'give its address with --remote, or say [runtimes] binder = { repository = "owner/name" }'
        said.append(f"note: there is no badge for Binder, as nothing says where the repository will be: {hint}")
    return {**pictures, _README: text.encode()}, said


def _addresses(course: Course) -> list[str]:
    """The pages that a course has one by one."""
    pages = course.root / "pages"
    return [file.relative_to(pages).with_suffix("").as_posix() for file in course.page_files]


def _check_locked(course: Course) -> None:
    """Raise CoursewrightError for an environment whose versions are not locked."""
    environment = course.environment()
    tiers = environment.tiers[environment.in_base :]
    asked = any(tier.written.packages.pip or tier.written.packages.conda for tier in tiers)
    if asked and not lock.read(tiers, course.root):
        message = "the versions of its packages are not locked, and would be others with each image"
        raise CoursewrightError(message, course.place("environment", "tiers"), "lock them: coursewright image lock")
