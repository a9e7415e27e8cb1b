"""The example data-management as a real image: built tier by tier, and started alone and as a hub starts it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from coursewright.courses import open_course
from coursewright.courses.places.binder import RepositoryOptions, publish_content
from coursewright.environments.images.reference import read_reference
from coursewright.environments.targets.containerfile import ENTRY
from coursewright.sites.publish import Aim
from environments import WRITE, check_login, check_notebooks, check_openrefine, check_told, until_ready
from images import UNTIL_FILLED, Images, data_management, made_images, needs_images
from jupyters import Jupyter, free_port
from processes import command_of, name_of

TIERS = ("minimal", "base", "jupyter", "openrefine", "postgres", "mongodb", "seeds")

pytestmark = needs_images


@pytest.fixture(scope="module")
def images() -> Iterator[Images]:
    """The example's images, built from locked versions."""
    with made_images(data_management) as made:
        locked = made.coursewright("lock")
        assert locked.returncode == 0, locked.stderr
        made.build()
        yield made


def test_every_tier_has_its_image_and_the_whole_a_bill(images: Images) -> None:
    named = images.buildah("images", "--format", "{{.Name}}").splitlines()
    assert {f"{images.stub}-{name}" for name in TIERS} | {images.stub} <= set(named)
    bill = json.loads(images.coursewright("sbom", *images.options).stdout)
    found = {part["purl"].partition("@")[0] for part in bill["components"]}
    assert {"pkg:deb/debian/postgresql", "pkg:deb/debian/openrefine", "pkg:pypi/jupyterlab"} <= found
    pinned = re.findall(
        r"^([\w-]+)==([\w.]+)", (images.course / "environment/lock/jupyter.txt").read_text(), re.MULTILINE
    )
    jupyterlab = next(f"pkg:pypi/{name}@{version}" for name, version in pinned if name == "jupyterlab")
    assert jupyterlab in {part["purl"] for part in bill["components"]}
    labels = json.loads(images.buildah("inspect", "--type", "image", images.stub))["Docker"]["config"]["Labels"]
    assert labels["org.opencontainers.image.licenses"] == "CC-BY-4.0"
    assert labels["coursewright.tiers"] == ",".join(TIERS)


def test_a_small_change_installs_nothing_again(images: Images) -> None:
    (images.course / "pages/index.md").write_text("# Changed\n")
    tier = images.course / "environment/05-mongodb/tier.toml"
    tier.write_text(tier.read_text().replace('stop_wait = "15s"', 'stop_wait = "14s"'))
    before = images.buildah("images", "--quiet", "--no-trunc", f"{images.stub}-seeds")
    images.build()
    assert images.buildah("images", "--quiet", "--no-trunc", f"{images.stub}-seeds") == before
    assert images.said("cat", "/usr/share/coursewright/course/pages/index.md") == "# Changed"
    assert '"14s"' in images.said("cat", "/etc/coursewright/tiers/006-mongodb.json")


def test_alone(images: Images, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with images.run(log) as (jupyter, process):
        until_ready(jupyter, "api", "openrefine/command/core/get-version")
        check_login(jupyter)
        check_told(jupyter)
        check_notebooks(jupyter)
        check_openrefine(jupyter)
        inside = images.inside()
        assert {one.uids().real for one in inside} == {1000}
        # a service is killed, and comes back
        java = next(one for one in inside if name_of(one) == "java")
        java.kill()
        java.wait(10)
        until_ready(jupyter, "openrefine/command/core/get-version")
        # no secret is in what can be read by everybody
        secrets = [path.read_text() for path in container_files(images, "passwords/*")]
        assert len(secrets) == 3  # Jupyter's token came from outside
        assert not any(secret in " ".join(command_of(one)) for one in images.inside() for secret in secrets)
        # a SIGTERM stops databases cleanly
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, log.read_text()
        assert "database system is shut down" in log.read_text()
        assert images.inside() == []


def container_files(images: Images, pattern: str) -> list[Path]:
    """Files below the state of the container that runs."""
    supervisor = next(one for one in images.inside() if "supervisord" in " ".join(command_of(one)))
    return list(Path(f"/proc/{supervisor.pid}/root/home/learner/.local/share/coursewright/image").glob(pattern))


@contextlib.contextmanager
def container(
    images: Images, log: Path, *command: str, options: Sequence[str] = (), image: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """A container of the whole, or of another `image`, started with a command, as a hub does."""
    made = images.buildah("from", image or images.stub)
    try:
        whole = ["buildah", "run", "--network", "host", *options, made, "--", *ENTRY, *command]
        with images.started(whole, log) as process:
            yield process
        assert images.inside() == []
    finally:
        images.buildah("rm", made)


def of_a_hub(port: int, token: str) -> list[str]:
    address = ["--ip=0.0.0.0", f"--port={port}", "--ServerApp.base_url=/user/x/"]
    return ["jupyter", "notebook", *address, f"--ServerApp.token={token}"]


def test_as_a_hub_starts_it(images: Images, tmp_path: Path) -> None:
    port, token = free_port(), "t" * 32
    options = ["--user", "1000:1000", "--env", "HOME=/home/learner", "--env", f"JUPYTERHUB_API_TOKEN={token}"]
    with container(images, tmp_path / "log", *of_a_hub(port, token), options=options):
        jupyter = Jupyter(f"http://127.0.0.1:{port}/user/x/", token)
        until_ready(jupyter, "api", "openrefine/command/core/get-version")
        check_login(jupyter)
        check_told(jupyter, hub=True)
        check_notebooks(jupyter)
        check_openrefine(jupyter)
        assert {one.uids().real for one in images.inside()} == {1000}
        outside = {name: ips for name, ips in images.listening().items() if ips - {"127.0.0.1", "::1"}}
        assert list(outside.values()) == [{"0.0.0.0"}], outside  # noqa: S104 - as hubs do
        assert len([one for one in images.inside() if name_of(one).startswith("jupyter-")]) == 1


def of_a_binder(port: int, token: str) -> list[str]:
    """What a BinderHub starts: the command of its chart, with the arguments of its spawner."""
    said = ["base_url=/user/ou-trees-x/", f"token={token}", "trust_xheaders=True"]
    both = [f"--{app}.{each}" for app in ("NotebookApp", "ServerApp") for each in said]
    start = "import os, sys; os.execvp('jupyter-lab', sys.argv)"
    return ["python3", "-c", start, "--ip=0.0.0.0", f"--port={port}", *both]


def test_content_stands_on_the_image_and_starts_as_a_binder_starts_it(
    images: Images, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")
    (tmp_path / "a [b] ü/pages").mkdir(parents=True)
    (tmp_path / "a [b] ü/course.toml").write_text('[course]\ntitle = "This year"\n')
    (tmp_path / "a [b] ü/pages/this-year.md").write_text("# This year\n")
    digest = images.buildah("images", "--format", "{{.Digest}}", images.stub)
    repository = tmp_path / "binder"
    image = read_reference(f"{images.stub}@{digest}")
    publish_content(open_course(tmp_path / "a [b] ü"), image, RepositoryOptions(Aim(repository, "main")))
    recipe = ["--file", str(repository / "binder/Dockerfile"), "--tag", "localhost/content", str(repository)]
    images.buildah("bud", "--quiet", "--pull-never", *recipe)
    config = json.loads(images.buildah("inspect", "--type", "image", "localhost/content"))["Docker"]["config"]
    assert (config["User"], config["Entrypoint"]) == ("1000:1000", list(ENTRY))
    assert config["Labels"]["org.opencontainers.image.base.digest"] == digest
    port, token, log = free_port(), "t" * 32, tmp_path / "log"
    with container(images, log, *of_a_binder(port, token), options=["--user", "1000"], image="localhost/content"):
        jupyter = Jupyter(f"http://127.0.0.1:{port}/user/ou-trees-x/", token)
        until_ready(jupyter, "api", "openrefine/command/core/get-version")
        check_login(jupyter)
        there = json.loads(jupyter.get("api/contents/notebooks?content=1")[2])["content"]
        assert "this-year.ipynb" in {one["name"] for one in there}
        assert jupyter.run("import os; print(os.getuid())") == "1000\n"


@pytest.mark.parametrize(
    ("owner", "options"),
    [
        (1000, ["--user", "1000"]),  # an empty volume, as a hub mounts one
        (4321, ["--user", "4321:4321", "--env", "HOME=/home/learner"]),  # a number without a name
        (5432, ["--user", "0"]),  # root, and somebody else's volume
        (0, ["--user", "0", "--env", "NB_UID=2001", "--env", "NB_GID=2002"]),
    ],
    ids=["empty", "nameless", "owner", "asked"],
)
def test_a_volume_in_the_place_of_the_home(images: Images, tmp_path: Path, owner: int, options: list[str]) -> None:
    volume = tmp_path / "volume"
    volume.mkdir(mode=0o700)
    os.chown(volume, owner, owner)
    learner = 2001 if "NB_UID=2001" in options else owner
    port, token = free_port(), "t" * 32
    options += ["--volume", f"{volume}:/home/learner"]
    with container(images, tmp_path / "log", *of_a_hub(port, token), options=options):
        jupyter = Jupyter(f"http://127.0.0.1:{port}/user/x/", token)
        until_ready(jupyter, "api")
        listed = json.loads(jupyter.get("api/contents?content=1")[2])
        assert listed["writable"]
        assert {"course.toml", "notebooks", "pages"} <= {one["name"] for one in listed["content"]}
        code = (
            "import os, getpass; print(os.getuid(), getpass.getuser(), os.path.expanduser('~'), os.environ['EDITOR'])"
        )
        assert jupyter.run(code) == f"{learner} learner /home/learner nano\n"
        assert jupyter.run(UNTIL_FILLED, WRITE) == "ünïcode; DROP TABLE trees\nours\n"
    assert (volume / "course/course.toml").stat().st_uid == learner


def test_a_volume_of_last_year(images: Images, tmp_path: Path) -> None:
    course = tmp_path / "volume/course"
    (course / "notebooks").mkdir(parents=True)
    (course / "notebooks/1-postgresql.ipynb").write_text("the learner's own")
    for path in (course.parent, *course.parent.rglob("*")):
        os.chown(path, 1000, 1000)
    options = ["--user", "1000", "--volume", f"{course.parent}:/home/learner"]
    with container(images, tmp_path / "log", "true", options=options) as process:
        assert process.wait(120) == 0
    assert (course / "notebooks/1-postgresql.ipynb").read_text() == "the learner's own"
    assert '"cells"' in (course / "notebooks/1-postgresql.new.ipynb").read_text()
    assert "notebooks/1-postgresql.new.ipynb" in (course / "new-in-the-course.md").read_text()


def test_a_command_that_fails_ends_everything(images: Images, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with container(images, log, "no-such-program", options=["--user", "1000"]) as process:
        assert process.wait(120) == 127
    assert "coursewright: no-such-program cannot be started: No such file or directory" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_learners_install_what_is_missing(images: Images, tmp_path: Path) -> None:
    wheel = tmp_path / "wheels/tiny-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("tiny.py", "VALUE = 42")
        texts = {
            "METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
            "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "RECORD": "tiny.py,,\n",
        }
        for name, text in texts.items():
            made.writestr(f"tiny-1.0.dist-info/{name}", text)
    script = "pip install -q --no-index /wheels/*.whl && python -c 'import tiny; print(tiny.VALUE)'"
    script += " && jupyterhub-singleuser --version"
    options = ["--user", "1000", "--volume", f"{wheel.parent}:/wheels"]
    with container(images, tmp_path / "log", "sh", "-c", script, options=options) as process:
        assert process.wait(120) == 0, (tmp_path / "log").read_text()
    said = (tmp_path / "log").read_text()
    assert re.search(r"^42$", said, re.MULTILINE)
    assert re.search(r"^\d+\.\d+\.\d+$", said, re.MULTILINE)


def test_a_course_stands_on_a_published_image(images: Images) -> None:
    other = images.folder / "branded"
    tier = other / "environment/10-branding"
    tier.mkdir(parents=True)
    (tier / "tier.toml").write_text(
        '[tier]\nname = "branding"\nafter = ["jupyter"]\n'
        '[amend.jupyter]\nenvironment = { OU_MODULE = "TM351" }\narguments.add = ["--LabApp.news_url=None"]\n'
    )
    (other / "course.toml").write_text(
        '[course]\ntitle = "Branded"\n[environment]\n'
        f'base = "{images.stub}"\nbase_tiers = ["minimal", "base", "jupyter"]\ntiers = ["environment/10-branding"]\n'
    )
    branded = Images(images.folder, other, "localhost/ou/branded")
    branded.build(images.stub)
    code = (
        "from pathlib import Path; from runtime.entry import planned; "
        "web = planned(Path('/etc/coursewright/tiers'), Path('/tmp/home'), '/tmp/course').programs['jupyter']; "
        "print(web.environment['OU_MODULE'], web.command[-1])"
    )
    assert branded.said("/usr/bin/python3", "-c", code) == "TM351 --LabApp.news_url=None"


def test_a_tier_by_itself_stands_on_any_image(images: Images) -> None:
    made = images.course / "build/image/tiers/07-seeds"
    for base, number in (("localhost/root", 1), (images.stub, 8)):
        images.buildah("bud", "--quiet", "--build-arg", f"BASE={base}", "--tag", "localhost/seeds", str(made))
        found = images.said("ls", "/etc/coursewright/tiers", "/opt/course/seed", image="localhost/seeds").split()
        assert f"{number:03}-seeds.json" in found
        assert {"010-schema.sql", "reports.json"} <= set(found)


def test_a_base_of_another_distribution(images: Images) -> None:
    container = images.buildah("from", "localhost/root")
    images.buildah("run", container, "--", "sed", "-i", "s/^ID=.*/ID=fedora/", "/usr/lib/os-release")
    images.buildah("commit", "--quiet", container, "localhost/fedora")
    images.buildah("rm", container)
    wanted = "the tier minimal names packages of debian and ubuntu, and the base is fedora"
    for _ in range(5):  # where buildah isolates by chroot it loses all that one command in a hundred says
        built = images.coursewright("build", *images.options, "--base", "localhost/fedora")
        assert built.returncode == 1
        assert f"error: the image {images.stub}-minimal cannot be built; the engine said last:" in built.stderr
        if wanted in built.stderr:
            break
    else:
        pytest.fail(built.stderr)
