"""Courses as repositories for Binder: real git and bare remotes, and repo2docker itself, by what it would build."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from lxml import etree
from ruamel.yaml import YAML

from coursewright.cli import main
from coursewright.courses import open_course
from coursewright.courses.places.binder import (
    PublishedRepository,
    RepositoryOptions,
    publish_content,
    publish_environment,
    publish_minimal,
)
from coursewright.environments.images.reference import read_reference
from coursewright.errors import CoursewrightError
from coursewright.sites.publish import Aim
from people import Person, somebody
from servers import _as_user
from test_publish import _person, commit, git, remote  # noqa: F401 - fixtures

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git: apt install git")

TITLE = "Fruit *and* [more]"
COURSE = f"""\
[course]
title = "{TITLE}"
licence = "CC-BY-4.0"
url = "https://ou.github.io/fruit/"
[environment]
tiers = [%s]
"""
PLAIN = '"minimal", "base", "jupyter"'
DIGEST = "sha256:" + "0123456789abcdef" * 4
IMAGE = read_reference(f"ghcr.io/ou/fruit@{DIGEST}")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one page, in a folder of an awkward name."""
    return made(tmp_path / "a [b] ü", PLAIN)


def made(root: Path, tiers: str, more: str = "") -> Path:
    """A course with an environment."""
    (root / "pages").mkdir(parents=True)
    (root / "course.toml").write_text(COURSE % tiers + more)
    (root / "pages/index.md").write_text("# Fruit\n\nAn apple.\n")
    return root


def tier(root: Path, name: str, text: str) -> Path:
    """A tier of a course's own."""
    folder = root / "environment" / f"10-{name}"
    folder.mkdir(parents=True)
    (folder / "tier.toml").write_text(f'[tier]\nname = "{name}"\nafter = ["base"]\n{text}')
    return folder


def published(root: Path, image: Any = None, branch: str = "main", **more: Any) -> PublishedRepository:
    """The content of a course as a repository."""
    own = {key: more.pop(key) for key in ("tag", "remote", "displace") if key in more}
    return publish_content(
        open_course(root), image, RepositoryOptions(Aim(root.parent / "made", branch, **own), **more)
    )


def refused(root: Path, *arguments: Any, **more: Any) -> str:
    """What is said where publishing is refused, and nothing written."""
    there = root.parent / "made"
    before = there.exists() and git(there, "rev-parse", "HEAD")
    with pytest.raises(CoursewrightError) as caught:
        published(root, *arguments, **more)
    assert (there.exists() and git(there, "rev-parse", "HEAD")) == before
    return "\n".join(map(str, caught.value.problems)).replace(str(root.parent), "HERE")


def built_by_repo2docker(folder: Path) -> tuple[str, str]:
    """The build pack that repo2docker takes for a repository, and the recipe that it would build."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "--Repo2Docker.platform=linux/amd64"]
    ran = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    with contextlib.chdir(folder), warnings.catch_warnings(action="ignore"):
        from repo2docker.app import Repo2Docker  # which imports what is deprecated

        itself = Repo2Docker()
        packs = (pack(base_image=itself.base_image) for pack in itself.buildpacks)
        return next(type(pack).__name__ for pack in packs if pack.detect()), ran.stdout + ran.stderr


def test_packages_of_python_are_built_by_the_pack_of_python_with_its_version_pinned(course: Path) -> None:
    done = published(course)
    folder = done.aim.folder
    pack, recipe = built_by_repo2docker(folder)
    assert pack == "PythonBuildPack"
    assert "Building conda environment for python=3.11" in recipe
    assert "apt-get install --yes --no-install-recommends ca-certificates curl git" in recipe
    assert '-r "binder/requirements.txt"' in recipe
    assert "jupyterlab>=4" in (folder / "binder/requirements.txt").read_text().splitlines()
    assert not (folder / "binder/services").exists()  # Jupyter as it comes is Binder's own
    assert (folder / "notebooks/index.ipynb").is_file()
    assert (folder / "course.toml").read_text() == (course / "course.toml").read_text()
    assert git(folder, "status", "--porcelain") == ""
    published(course, python="3.13")
    assert (folder / "binder/runtime.txt").read_text() == "python-3.13\n"


def test_r_comes_from_conda_with_its_kernel_rstudio_and_shiny(tmp_path: Path) -> None:
    root = made(tmp_path / "r", f'{PLAIN}, "r", "rstudio", "shiny", "environment/10-more"')
    tier(root, "more", '[packages]\nr = ["praise"]\nnpm = ["mermaid@11"]\napt = ["r-cran-dplyr", "gdal-bin"]\n'
         'conda = ["r-sf=1.0"]\n[conda]\nchannels = ["mine"]\n')  # fmt: skip
    done = published(root)
    folder = done.aim.folder
    pack, recipe = built_by_repo2docker(folder)
    assert pack == "CondaBuildPack"
    said = YAML(typ="safe").load((folder / "binder/environment.yml").read_text())
    assert said["channels"] == ["mine", "conda-forge"]
    assert said["dependencies"][:3] == ["python=3.11", "r-base", "r-irkernel"]
    assert {"r-dplyr", "r-shiny", "r-recommended", "r-sf=1.0"} <= set(said["dependencies"][3:-1])
    assert "jupyterlab>=4" in said["dependencies"][-1]["pip"]
    assert "IRkernel::installspec" in recipe
    assert "rstudio.deb" in recipe
    assert "shiny.deb" in recipe
    assert "postBuild" in recipe
    apt = (folder / "binder/apt.txt").read_text().splitlines()
    assert "gdal-bin" in apt
    assert [name for name in apt if name.startswith("r-")] == []
    post = (folder / "binder/postBuild").read_text()
    assert "npm install --global mermaid@11" in post
    assert subprocess.run(["/bin/bash", "-n", folder / "binder/postBuild"], check=False).returncode == 0
    assert git(folder, "ls-files", "--stage", "binder/postBuild").startswith("100755 ")
    assert 'note: the service "shiny" is repo2docker\'s own, at /shiny/' in done.remarks
    assert not (folder / "binder/services").exists()


SINS = """\
distributions = ["debian"]
[packages]
apt = ["python3-numpy", "r-bioc-limma"]
conda = ["python=3.12"]
[repositories.ours]
uri = "https://example.org/debian"
suite = "stable"
key = "https://example.org/key.asc"
fingerprint = "0123456789012345678901234567890123456789"
[files]
"a.txt" = "/etc/a.txt"
[build]
commands = ["true"]
"""


def test_what_cannot_be_said_is_listed_before_anything_is_written(tmp_path: Path) -> None:
    root = made(tmp_path / "sins", f'{PLAIN}, "r", "rstudio", "environment/10-sins", "environment/10-two"')
    (tier(root, "sins", SINS) / "a.txt").write_text("a")
    tier(root, "two", '[amend.rstudio]\narguments.add = ["--x=1"]\n')
    place = "  --> HERE/sins/environment/10-sins/tier.toml:"
    image = "hint: publish an image of the environment: coursewright publish binder --environment\n"
    assert refused(root) == (
        f'error: the tier "sins" is for debian, and Binder is Ubuntu 24.04\n{place}4, tier.distributions\n{image}'
        'error: packages of the repository "ours" cannot be had: Binder knows those of Ubuntu alone\n'
        f"{place}8, repositories.ours\n{image}"
        'error: "python3-numpy" is for the system\'s own Python, and notebooks on Binder have another\n'
        f"{place}6, packages.apt\nhint: ask pip for it\n"
        'error: "r-bioc-limma" is for the system\'s own R, and notebooks on Binder have another\n'
        f"{place}6, packages.apt\nhint: ask conda for it, from the channel bioconda\n"
        'error: "python=3.12" of conda cannot be beside that of pip: on Binder both have one environment\n'
        f"{place}7, packages.conda\nhint: say it for all: --python 3.12\n"
        'error: the commands of the tier "sins" are root\'s, and Binder runs none of those\n'
        f"{place}16, build.commands\n{image}"
        'error: the file "a.txt" cannot be put at /etc/a.txt: on Binder nobody is root\n'
        f"{place}14, files.a.txt\nhint: put it into the course itself, where notebooks find it, or publish an image\n"
        'error: the service "rstudio" is repo2docker\'s own, and cannot be changed\n'
        f"  --> HERE/sins/environment/10-two/tier.toml:4, amend.rstudio\n{image.rstrip()}"
    )
    assert (
        'note: left out: the commands of the tier "sins" are root\'s, and Binder runs none of those'
        in published(root, incomplete=True).remarks
    )
    assert refused(made(tmp_path / "old", PLAIN), python="3.10") == (
        'error: "3.10" is no version of Python for Binder\nhint: Available: 3.11, 3.12, 3.13, 3.14'
    )


def test_a_course_without_an_environment_has_coursewright_itself(tmp_path: Path) -> None:
    root = made(tmp_path / "bare", "")
    folder = published(root).aim.folder
    assert built_by_repo2docker(folder)[0] == "PythonBuildPack"
    assert re.search(r"^coursewright\[all\]==\d", (folder / "binder/requirements.txt").read_text(), re.MULTILINE)
    assert (folder / "binder/runtime.txt").read_text() == "python-3.11\n"


SERVICE = """
[files]
"web" = "/opt/ours/web"
[environment]
WORD = "it's $HOME"
[services.web]
command = "python3 -m http.server --bind 127.0.0.1 --directory /opt/ours/web {port}"
user = "learner"
port = 8087
path = "/web/"
[amend.jupyter]
environment = { MODULE = "TM351" }
"""


@pytest.fixture(scope="module")
def person() -> Any:
    with somebody() as one:
        yield one


def test_services_start_behind_what_binder_starts_as_nobody_special(person: Person) -> None:
    root = made(person.folder / "course", f'{PLAIN}, "environment/10-ours"')
    (tier(root, "ours", SERVICE) / "web").mkdir()
    (root / "environment/10-ours/web/x.txt").write_text("from the tier")
    folder = published(root).aim.folder
    assert 'R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in built_by_repo2docker(folder)[1]
    person.own(person.folder)
    code = (
        "import os, time, urllib.request\n"
        "files = [p for p in os.listdir('.')]\n"
        "for _ in range(300):\n"
        "    try: print('GOT', urllib.request.urlopen('http://127.0.0.1:8087/x.txt').read()); break\n"
        "    except OSError: time.sleep(0.1)\n"
        "print(os.environ['MODULE'], os.environ['WORD'], 'course.toml' in files, os.environ['JUPYTER_CONFIG_PATH'])\n"
    )
    home = person.folder / "home"
    home.mkdir()
    person.own(home)
    ran = subprocess.run(
        [folder / "binder/start", "python3", "-c", code],
        cwd="/", capture_output=True, text=True, timeout=60, check=False,
        env={"HOME": str(home), "REPO_DIR": str(folder), "PATH": f"{person.folder}/venv/bin:/usr/bin:/bin"},
        **_as_user(),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "GOT b'from the tier'" in ran.stdout
    assert "TM351 it's $HOME True" in ran.stdout
    assert f"{home}/.local/share" in ran.stdout


def test_content_stands_on_an_image_by_its_digest_and_installs_nothing(course: Path) -> None:
    folder = published(course, IMAGE).aim.folder
    pack, recipe = built_by_repo2docker(folder)
    assert pack == "DockerBuildPack"
    assert f"FROM ghcr.io/ou/fruit@{DIGEST}\nCOPY . /usr/share/coursewright/course/\n" in recipe
    assert "RUN" not in recipe
    assert sorted(file.name for file in (folder / "binder").iterdir()) == ["Dockerfile"]  # any other would win
    assert f'image.base.digest="{DIGEST}"' in recipe
    hadolint = [Path(sys.executable).parent / "hadolint", folder / "binder/Dockerfile"]
    linted = subprocess.run(hadolint, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


@pytest.mark.skipif(not shutil.which("buildah") or os.geteuid() != 0, reason="apt-get install buildah, and be root")
def test_buildah_builds_the_content_on_a_local_image_by_its_digest(course: Path, tmp_path: Path) -> None:
    (tmp_path / "storage.conf").write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{tmp_path}/graph"\nrunroot = "{tmp_path}/run"\n'
    )
    environment = {**os.environ, "CONTAINERS_STORAGE_CONF": f"{tmp_path}/storage.conf", "BUILDAH_ISOLATION": "chroot"}

    def buildah(*arguments: str) -> str:
        command = [str(shutil.which("buildah")), *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/Containerfile").write_text("FROM scratch\nCOPY Containerfile /there\nUSER 1000:1000\n")
    buildah("bud", "--tag", "localhost/environment", str(tmp_path / "empty"))
    digest = buildah("inspect", "--type", "image", "--format", "{{.FromImageDigest}}", "localhost/environment")
    folder = published(course, read_reference(f"localhost/environment@{digest}")).aim.folder
    buildah("bud", "--file", str(folder / "binder/Dockerfile"), "--tag", "localhost/content", str(folder))
    mounted = Path(buildah("mount", buildah("from", "localhost/content")))
    assert (mounted / "there").is_file()
    inside = mounted / "usr/share/coursewright/course"
    assert (inside / "pages/index.md").read_text() == "# Fruit\n\nAn apple.\n"
    assert sorted(file.name for file in inside.iterdir()) == ["README.md", "course.toml", "notebooks", "pages"]
    config = json.loads(buildah("inspect", "--type", "image", "localhost/content"))["OCIv1"]["config"]
    assert config["User"] == "1000:1000"
    assert config["Labels"]["org.opencontainers.image.base.digest"] == digest


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (
            "ghcr.io/ou/fruit:2026",
            'error: "ghcr.io/ou/fruit:2026" is a tag, which moves\n'
            "hint: a digest does not: ghcr.io/ou/fruit@sha256:…, as the workflow of the environment shows it\n",
        ),
        (
            "ghcr.io/OU/fruit",
            'error: "ghcr.io/OU/fruit" is a name that registries do not allow\n'
            "hint: small letters, digits, and . _ - between them, such as ghcr.io/ou/trees\n",
        ),
        ("ou/fruit@sha256:12", 'error: "sha256:12" is no digest of an image\nhint: sha256: and 64 of 0-9 and a-f\n'),
        (
            "localhost:5000/fruit:a b",
            'error: "a b" cannot be the tag of an image\nhint: letters, digits, and . _ -, 128 at the most\n',
        ),
    ],
)
def test_images_that_move_or_cannot_be_are_refused(
    course: Path, image: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["publish", "binder", str(course), "--image", image]) == 2
    assert capsys.readouterr().err == said
    assert not (course / "build").exists()


def test_names_of_images_as_registries_have_them() -> None:
    assert read_reference("localhost:5000/a/b:v1").host == "localhost:5000"
    assert (read_reference("ou/trees").host, read_reference("ghcr.io/ou/trees").host) == ("docker.io", "ghcr.io")
    assert read_reference(f"a.b/c@{DIGEST}").pinned == f"a.b/c@{DIGEST}"


def environment(root: Path, branch: str, forge: str = "github", **own: str) -> PublishedRepository:
    aim = Aim(root.parent / "environment", branch, **own)
    return publish_environment(open_course(root), read_reference("ghcr.io/ou/fruit"), RepositoryOptions(aim), forge)


def lock(root: Path) -> None:
    """A lock for the tier of Jupyter, as `coursewright image lock` writes it."""
    (root / "environment/lock").mkdir(parents=True)
    asked = sorted(next(t for t in open_course(root).environment().tiers if t.name == "jupyter").written.packages.pip)
    text = f"# for {' '.join(asked)}\njupyterlab==4.4.1 ; python_version >= '3.11' \\\n    --hash=sha256:{'0' * 64}\n"
    (root / "environment/lock/jupyter.txt").write_text(text)


def test_an_environment_has_a_branch_with_recipes_lock_and_workflow(course: Path, remote: Path) -> None:  # noqa: F811 - the fixture
    with pytest.raises(CoursewrightError) as caught:
        environment(course, "2026")
    assert str(caught.value).endswith("hint: lock them: coursewright image lock")
    lock(course)
    environment(course, "2026", remote=str(remote))
    environment(course, "2027", remote=str(remote))
    assert set(git(remote, "branch", "--format=%(refname:short)").split()) == {"2026", "2027"}
    folder = course.parent / "environment"
    assert (folder / "tiers/03-jupyter/requirements.txt").read_text().startswith("# for ")
    whole = (folder / "Containerfile").read_text()
    assert "course/" not in whole
    assert whole.endswith("WORKDIR /home/learner\nUSER 1000:1000\n")
    schema = resources.files("check_jsonschema") / "builtin_schemas/vendor"
    for forge, name, file in (
        ("github", "github-workflows.json", ".github/workflows/image.yml"),
        ("gitlab", "gitlab-ci.json", ".gitlab-ci.yml"),
        ("forgejo", "github-workflows.json", ".forgejo/workflows/image.yml"),
    ):
        environment(course, "2027", forge)
        text = (folder / file).read_text()
        said = YAML(typ="safe").load(text)
        Draft7Validator(json.loads((schema / name).read_bytes())).validate(said)
        assert "ghcr.io/ou/fruit:2027" in text
    assert git(folder, "show", "2026:.github/workflows/image.yml").count("ghcr.io/ou/fruit:2026") == 1
    assert not (folder / ".github").exists()  # ours, and no more of this publication
    with pytest.raises(CoursewrightError, match='the branch "a/b" cannot be the tag of an image'):
        environment(course, "a/b")


def test_locked_versions_are_those_of_binder(course: Path) -> None:
    lock(course)
    folder = published(course).aim.folder
    assert (
        "jupyterlab==4.4.1 ; python_version >= '3.11' \\\n    --hash"
        in (folder / "binder/requirements.txt").read_text()
    )


def test_badges_open_the_browser_first_and_then_binder_where_the_content_is(tmp_path: Path) -> None:
    more = '[runtimes]\nhere = true\nbinder = { repository = "ou/fruit", address = "https://binder.example.org" }\n'
    root = made(tmp_path / "badges", f'{PLAIN}, "openrefine"', more)
    done = published(root, IMAGE, tag="v1")
    first, _, rest = (done.aim.folder / "README.md").read_text().partition("\n\n")
    links = re.findall(r"\[!\[(.*?)\]\((badges/[a-z-]+\.svg)\)\]\((\S+?)\)", first)
    hub = "https://binder.example.org/v2/gh/ou/fruit/v1"
    assert [(file, href) for _, file, href in links] == [
        ("badges/in-the-browser.svg", "https://ou.github.io/fruit/"),
        (
            "badges/binder.svg",
            f"{hub}?urlpath=lab%2Ftree%2Fnotebooks%2Findex.ipynb",
        ),
        ("badges/binder-openrefine.svg", f"{hub}?urlpath=openrefine%2F"),
    ]
    assert links[1][0] == r"Open Fruit \*and\* \[more\] on Binder"
    assert rest.startswith("# Fruit \\*and\\* \\[more\\]\n")
    picture = etree.parse(done.aim.folder / "badges/binder.svg").getroot()
    assert (picture.get("role"), picture.get("aria-label")) == ("img", f"Open {TITLE} on Binder")
    assert git(done.aim.folder, "rev-parse", "v1") == done.made.commit


def test_the_smallest_repository_runs_in_the_browser_first(tmp_path: Path) -> None:
    root = made(tmp_path / "small", "")
    way = RepositoryOptions(Aim(tmp_path / "fork", "main", remote=""))
    with pytest.raises(CoursewrightError) as caught:
        publish_minimal(open_course(root), way)
    assert str(caught.value) == (
        f"error: its pages do not run in the browser, which is to come first\n  --> {root / 'course.toml'}\n"
        "hint: let them: [runtimes] here = true"
    )
    (root / "course.toml").write_text((root / "course.toml").read_text() + "[runtimes]\nhere = true\n")
    publish_minimal(open_course(root), way)
    files = set(git(tmp_path / "fork", "ls-files").split("\n"))
    assert files == {
        ".coursewright", ".github/workflows/pages.yml", "README.md", "badges/in-the-browser.svg",
        "binder/requirements.txt", "binder/runtime.txt", "course.toml", "pages/index.md",
    }  # fmt: skip
    workflow = YAML(typ="safe").load((tmp_path / "fork/.github/workflows/pages.yml").read_text())
    assert "coursewright runtimes fetch" in str(workflow["jobs"]["publish"]["steps"])
    assert built_by_repo2docker(tmp_path / "fork")[0] == "PythonBuildPack"
    assert open_course(tmp_path / "fork").settings.runtimes.here


def test_courses_with_what_is_ours_or_in_no_commit_are_refused(course: Path) -> None:
    git(course, "init", "--quiet")
    commit(course)
    (course / "binder").mkdir()
    (course / "binder/x").write_text("x")
    assert refused_alone(course) == (
        f'error: the course has an entry called "binder"\n  --> {course}/binder\n'
        "hint: call it otherwise: ours stands there"
    )
    (course / "binder/x").unlink()
    (course / "pages/index.md").write_text("# Changed\n")
    assert refused_alone(course) == (
        "error: the course has changes that are in no commit: pages/index.md\n"
        "hint: commit it, so that what is published can be found again, or publish it as it is with --uncommitted"
    )


def refused_alone(root: Path) -> str:
    with pytest.raises(CoursewrightError) as caught:
        publish_content(open_course(root), IMAGE, RepositoryOptions(Aim(root.parent / "new", "main")))
    assert not (root.parent / "new").exists()
    return str(caught.value)
