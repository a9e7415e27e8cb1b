"""Previews beside a published site, with real git, and the commands of the workflow that puts them there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from coursewright.cli import main
from coursewright.courses import open_course
from coursewright.courses.publishing.preview import publish_preview, remove_preview
from coursewright.courses.publishing.site import PublishOptions, publish_workflow
from coursewright.errors import CoursewrightError
from coursewright.git import Repository
from coursewright.sites.publish import find_destination, put
from test_publish import _person, commit, course, files, git, published, remote  # noqa: F401 - fixtures

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git: apt install git")


def previews(remote: Path) -> set[str]:  # noqa: F811 - the fixture
    """What is in the folder of previews."""
    return {name for name in files(remote) if name.startswith("preview/")}


def test_a_preview_stays_beside_the_site_until_it_is_taken_away(
    course: Path,  # noqa: F811 - the fixture
    remote: Path,  # noqa: F811 - the fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["publish", "preview", "pr-7", str(course)]) == 0  # before there is any site
    assert capsys.readouterr().out == "https://fruit.example.org/preview/pr-7/\n"
    assert files(remote) - previews(remote) == {".coursewright", ".nojekyll"}
    assert "preview/pr-7/.coursewright" in previews(remote)
    published(course)
    site, message = files(remote) - previews(remote), git(remote, "log", "-1", "--format=%B", "gh-pages")
    (course / "pages" / "apples.md").write_text("# Apples\n\nA draft of an apple.\n")
    draft = publish_preview(open_course(course), "ü 8", PublishOptions())
    assert "note: shown with changes that are in no commit: pages/apples.md" in draft.remarks
    assert draft.address == "https://fruit.example.org/preview/%C3%BC%208/"
    assert "A draft" in git(remote, "show", "gh-pages:preview/ü 8/apples.html")
    assert "A draft" not in git(remote, "show", "gh-pages:apples.html")
    assert files(remote) - previews(remote) == site
    assert git(remote, "log", "--format=%B", "gh-pages") == message  # one commit, that of the publication
    git(course, "restore", "pages")
    published(course, history=True)
    assert {name.split("/")[1] for name in previews(remote)} == {"pr-7", "ü 8"}
    assert remove_preview(open_course(course), "ü 8", PublishOptions()).gone == draft.put.new
    assert main(["publish", "preview", "pr-7", str(course), "--remove"]) == 0
    assert main(["publish", "preview", "pr-7", str(course), "--remove"]) == 0
    assert "preview/pr-7 of gh-pages: nothing has changed\n" in capsys.readouterr().err
    assert files(remote) == site


def test_a_preview_and_a_publication_at_one_time_are_both_there(course: Path, remote: Path) -> None:  # noqa: F811 - the fixtures
    published(course)
    before = find_destination(Repository(course), "origin", "gh-pages")
    publish_preview(open_course(course), "pr-7", PublishOptions(), site=course / "build/site")
    put(before, {"index.html": b"new"}, "new")
    assert git(remote, "show", "gh-pages:index.html") == "new"
    assert previews(remote)
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho no entry >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(CoursewrightError, match="remote: no entry"):
        remove_preview(open_course(course), "pr-7", PublishOptions())
    assert previews(remote)


def test_what_somebody_else_put_where_a_preview_is_to_be_stays(course: Path, remote: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixtures
    published(course)
    git(tmp_path, "clone", "--quiet", "--branch", "gh-pages", str(remote), "other")
    other = tmp_path / "other"
    for place in ("preview", "preview/pr-7", "preview/pr-7/index.html"):
        shutil.rmtree(other / "preview", ignore_errors=True)
        (other / "preview").unlink(missing_ok=True)
        (other / place).parent.mkdir(parents=True, exist_ok=True)
        (other / place).write_text("theirs")
        commit(other)
        git(other, "push", "--quiet", "origin", "gh-pages")
        for work in (partial(publish_preview, site=course / "build/site"), remove_preview):
            with pytest.raises(CoursewrightError) as caught:
                work(open_course(course), "pr-7", PublishOptions())
            assert str(caught.value) == (
                f'error: somebody else put "{place.removesuffix("/index.html")}" on the branch "gh-pages"\n'
                "hint: give the preview another name, or take that away"
            )
        assert git(remote, "show", f"gh-pages:{place}") == "theirs"


def test_what_no_preview_is_made_of(course: Path) -> None:  # noqa: F811 - the fixtures
    opened, site = open_course(course), course / "build/site"

    def refused(name: str = "pr-7") -> str:
        with pytest.raises(CoursewrightError) as caught:
            publish_preview(opened, name, PublishOptions(), site=site)
        return str(caught.value).replace(str(course), "HERE")

    assert refused() == (
        'error: there is no site in "HERE/build/site"\n'
        "hint: give the folder that coursewright build --only site made: build/site"
    )
    published(course)
    assert refused("../x").startswith('error: "../x" cannot be the name of a file: ')
    (site / "key.txt").symlink_to("/etc/hostname")
    assert refused() == (
        "error: this is a link, and would show a file of another place\n"
        "  --> HERE/build/site/key.txt\nhint: take it away"
    )
    (site / "key.txt").unlink()
    (site / "key.txt").write_text("ghp_" + "aB3dE5fG7h" * 3 + "aB3dE5")
    assert "a token of GitHub's would be public" in refused()
    (site / "key.txt").unlink()
    (course / "pages/preview").mkdir()
    (course / "pages/preview/x.md").write_text("# X\n")
    commit(course)
    published(course)
    assert refused() == (
        'error: the site on "gh-pages" has a folder called "preview", where previews stand\n'
        "hint: call that section otherwise, and publish the site once more"
    )
    assert main(["publish", "preview", "pr-7", str(course), "--remove", "--site", str(site)]) == 2


def test_the_workflow_puts_a_request_at_an_address_by_its_own_commands(
    course: Path,  # noqa: F811 - the fixture
    remote: Path,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    file = publish_workflow(open_course(course), "github", "gh-pages", None)
    commit(course)
    git(course, "push", "--quiet", "origin", "main")
    published(course)
    site = files(remote)
    runner, summary = tmp_path / "runner", tmp_path / "summary"
    git(tmp_path, "clone", "--quiet", "--depth", "1", remote.as_uri(), "runner")
    git(runner, "switch", "--quiet", "--detach")
    shutil.copytree(course / "build/site", tmp_path / "site")
    read = YAML(typ="safe").load(file.read_text())
    given = {"NUMBER": "7", "RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(summary), **read["env"]}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for job, there in (("show", True), ("close", False)):
        step = read["jobs"][job]["steps"][-1]
        environment = {**os.environ, **step["env"], **given, "PATH": path}
        subprocess.run(["bash", "-e", "-c", step["run"]], cwd=runner, env=environment, check=True)  # noqa: S607 - as a runner does
        assert ("preview/pr-7/index.html" in files(remote)) is there
    assert summary.read_text() == "https://fruit.example.org/preview/pr-7/\n"
    assert files(remote) == site


def test_nothing_of_a_request_is_carried_out_where_something_may_be_written(course: Path) -> None:  # noqa: F811 - the fixture
    (course / ".gitattributes").write_text("*.bin filter=lfs\n")
    (course / "data.bin").write_text("1")
    commit(course)
    for forge in ("github", "forgejo"):
        text = publish_workflow(open_course(course), forge, "gh-pages", None).read_text()
        assert "pull_request_target" not in text
        assert "secrets." not in text
        jobs = YAML(typ="safe").load(text)["jobs"]
        for name, job in jobs.items():
            checkout = next(step for step in job["steps"] if "checkout" in step.get("uses", ""))
            if name == "preview":
                assert checkout["with"] == {"persist-credentials": False, "submodules": True, "lfs": True}
                assert job.get("permissions", {}).get("contents") != "write"
            elif name != "publish":
                assert checkout["with"] == {"ref": "${{ github.event.pull_request.base.ref }}"}
                assert "head.repo.full_name == github.repository" in job["if"]
            else:
                assert checkout["with"] == {"submodules": True, "lfs": True}
                assert job["if"] == "github.event_name != 'pull_request'"
