"""A real image, built tier by tier from a Debian root by buildah, and started: alone, and as a hub starts it.

Everything is in a folder of the tests: the root, buildah's storage, the containers. buildah gives a container the
machine's own network, so that ports are chosen here. MongoDB's packages are not in Debian; a server that speaks its
protocol stands in for it, in the same tier.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from coursewright.environments.targets.containerfile import ENTRY
from environments import COURSE, check_login, check_notebooks, check_openrefine, until_ready
from jupyters import Jupyter, free_port

CATALOGUE = Path(sys.modules["coursewright"].__path__[0]) / "environments/catalogue"
STUB = "localhost/ou/trees"
TIERS = ("minimal", "base", "jupyter", "openrefine", "postgres", "mongodb", "seeds")
OPTIONS = ("--with", "buildah", "--stub", STUB, "--engine-option=--network=host")

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="images are built by root here: run the tests as root"),
    *(
        pytest.mark.skipif(not shutil.which(name), reason=f"apt-get install {package}")
        for name, package in (("buildah", "buildah"), ("crun", "crun"), ("debootstrap", "debootstrap"))
    ),
]


@dataclass(frozen=True)
class Images:
    """A course, and the store in which its images are."""

    course: Path
    environment: dict[str, str]

    def coursewright(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "coursewright", "image", *arguments]
        return subprocess.run(
            command, cwd=self.course, env=self.environment, capture_output=True, text=True, check=False, timeout=1500
        )

    def buildah(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(shutil.which("buildah")), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def build(self) -> float:
        """Build all of it; the seconds that it took."""
        begin = time.monotonic()
        built = self.coursewright("build", *OPTIONS, "--base", "localhost/root")
        assert built.returncode == 0, built.stderr
        assert built.stderr == f"{len(TIERS) + 1} images, the last of them {STUB}\n"
        return time.monotonic() - begin


@pytest.fixture(scope="module")
def images() -> Iterator[Images]:
    """The example's images, built."""
    with made_images() as made:
        made.build()
        yield made


@contextlib.contextmanager
def made_images() -> Iterator[Images]:
    """The example, and a store with nothing but a Debian in it; both are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cw-images-"))
    try:
        (folder / "storage.conf").write_text(
            f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/store"\nrunroot = "{folder}/run"\n'
        )
        environment = {
            **os.environ,
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
            "BUILDAH_ISOLATION": "chroot",
        }
        made = Images(course(folder), environment)
        container = made.buildah("from", "scratch")
        made.buildah("add", "--quiet", container, str(root(folder)), "/")
        made.buildah("commit", "--quiet", container, "localhost/root")
        made.buildah("rm", container)
        yield made
        made.buildah("rm", "--all")
    finally:
        umount = [str(shutil.which("umount")), "-q", f"{folder}/store/overlay"]
        subprocess.run(umount, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def root(folder: Path) -> Path:
    """A Debian from which images are made, with this machine's own certificates and addresses of packages."""
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    made = folder / "root"
    with (Path(tempfile.gettempdir()) / "coursewright-debootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", release["VERSION_CODENAME"], made]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    for name in ("etc/pip.conf", "etc/ssl/certs/ca-certificates.crt", "usr/local/share/ca-certificates"):
        if Path("/", name).is_dir():
            shutil.copytree(Path("/", name), made / name, dirs_exist_ok=True)
        elif Path("/", name).exists():
            shutil.copy(Path("/", name), made / name)
    return made


def course(folder: Path) -> Path:
    """The example, with a tier of its own for MongoDB."""
    made = folder / "trees"
    shutil.copytree(COURSE, made)
    tier = made / "environment/05-mongodb"
    shutil.copytree(CATALOGUE / "mongodb", tier, ignore=shutil.ignore_patterns("__pycache__"))
    text = (tier / "tier.toml").read_text()
    text = re.sub(r"\[packages\]\napt = .*\npip = .*\n", '[packages]\npip = ["pymongo", "secantusdb"]\n', text)
    text = re.sub(r"\[build\]\ncommands = \[.*?\n\]\n", "", text, flags=re.DOTALL)
    (tier / "tier.toml").write_text(text.replace("package = true", 'home = "/var/lib/mongodb"'))
    settings = (made / "course.toml").read_text()
    (made / "course.toml").write_text(settings.replace('"mongodb"', '"environment/05-mongodb"'))
    return made


@contextlib.contextmanager
def started(command: Sequence[str], images: Images, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Something that runs a container, told to stop at the end; nothing of it is left."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=images.course, env=images.environment, stdin=subprocess.DEVNULL, stdout=said,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        for one in inside():
            if one.name() == "tini":
                one.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        left = inside()
        for one in left:
            one.kill()
        psutil.wait_procs(left, timeout=10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def inside() -> list[psutil.Process]:
    """The processes of the container: those that have Coursewright's variables."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if "COURSEWRIGHT_COURSE" in process.environ() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def listening() -> dict[str, set[str]]:
    """The addresses on which the container's programs listen, by the program."""
    found: dict[str, set[str]] = {}
    for process in inside():
        with contextlib.suppress(psutil.Error):
            for one in process.net_connections("inet"):
                if one.status == psutil.CONN_LISTEN:
                    found.setdefault(process.name(), set()).add(one.laddr.ip.removeprefix("::ffff:"))
    return found


def test_every_tier_has_its_image_and_the_whole_a_bill(images: Images) -> None:
    named = images.buildah("images", "--format", "{{.Name}}").splitlines()
    assert {f"{STUB}-{name}" for name in TIERS} | {STUB} <= set(named)
    bill = json.loads(images.coursewright("sbom", *OPTIONS).stdout)
    found = {part["purl"].partition("@")[0] for part in bill["components"]}
    assert {"pkg:deb/debian/postgresql", "pkg:deb/debian/openrefine", "pkg:pypi/jupyterlab"} <= found
    labels = json.loads(images.buildah("inspect", "--type", "image", STUB))["Docker"]["config"]["Labels"]
    assert labels["org.opencontainers.image.licenses"] == "CC-BY-4.0"
    assert labels["coursewright.tiers"] == ",".join(TIERS)


def test_a_small_change_installs_nothing_again(images: Images) -> None:
    (images.course / "pages/index.md").write_text("# Changed\n")
    tier = images.course / "environment/05-mongodb/tier.toml"
    tier.write_text(tier.read_text().replace('stop_wait = "15s"', 'stop_wait = "14s"'))
    before = images.buildah("images", "--quiet", "--no-trunc", f"{STUB}-seeds")
    images.build()
    assert images.buildah("images", "--quiet", "--no-trunc", f"{STUB}-seeds") == before
    container = images.buildah("from", STUB)
    try:
        said = images.buildah("run", container, "--", "cat", "/home/learner/course/pages/index.md")
        assert said == "# Changed"
        assert '"14s"' in images.buildah("run", container, "--", "cat", "/etc/coursewright/tiers/006-mongodb.json")
    finally:
        images.buildah("rm", container)


def test_alone(images: Images, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "coursewright", "image", "run", *OPTIONS, "--port", str(port)]
    with started(command, images, log) as process:
        while not (found := re.search(r"http://127.0.0.1:\d+/lab\?token=(\S+)", log.read_text())):
            assert process.poll() is None, log.read_text()
            time.sleep(0.2)
        jupyter = Jupyter(f"http://127.0.0.1:{port}/", found[1])
        until_ready(jupyter, "api", "openrefine/command/core/get-version")
        check_login(jupyter)
        check_notebooks(jupyter)
        check_openrefine(jupyter)
        assert all(one.uids().real != 0 for one in inside() if one.name() in ("java", "postgres", "jupyter-lab"))
        # a service is killed, and comes back
        java = next(one for one in inside() if one.name() == "java")
        java.kill()
        java.wait(10)
        until_ready(jupyter, "openrefine/command/core/get-version")
        # no secret is in what can be read by everybody
        secrets = [path.read_text() for path in container_files("passwords/*")]
        assert len(secrets) >= 4
        assert not any(secret in " ".join(one.cmdline()) for one in inside() for secret in secrets)
        # a SIGTERM stops databases cleanly
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, log.read_text()
        assert "database system is shut down" in log.read_text()
        assert inside() == []


def container_files(pattern: str) -> list[Path]:
    """Files below the state of the container that runs."""
    supervisor = next(one for one in inside() if "supervisord" in " ".join(one.cmdline()))
    return list(Path(f"/proc/{supervisor.pid}/root/var/lib/coursewright").glob(pattern))


def test_as_a_hub_starts_it(images: Images, tmp_path: Path) -> None:
    port, token, log = free_port(), "t" * 32, tmp_path / "log"
    container = images.buildah("from", STUB)
    hub = ["jupyter", "notebook", "--ip=0.0.0.0", f"--port={port}", "--ServerApp.base_url=/user/x/"]
    try:
        command = [
            "buildah", "run", "--network", "host", "--user", "1000:1000", "--env", "HOME=/home/learner",
            "--env", f"JUPYTERHUB_API_TOKEN={token}", container, "--", *ENTRY, *hub, f"--ServerApp.token={token}",
        ]  # fmt: skip
        with started(command, images, log):
            jupyter = Jupyter(f"http://127.0.0.1:{port}/user/x/", token)
            until_ready(jupyter, "api", "openrefine/command/core/get-version")
            check_login(jupyter)
            check_notebooks(jupyter)
            check_openrefine(jupyter)
            assert {one.uids().real for one in inside() if one.name() != "buildah-chroot-"} == {1000}
            outside = {name: ips for name, ips in listening().items() if ips - {"127.0.0.1", "::1"}}
            assert list(outside.values()) == [{"0.0.0.0"}], outside  # noqa: S104 - as hubs do
            assert len([one for one in inside() if one.name().startswith("jupyter-")]) == 1
        assert inside() == []
    finally:
        images.buildah("rm", container)


def test_a_course_stands_on_a_published_image(images: Images) -> None:
    other = images.course.parent / "branded"
    tier = other / "environment/10-branding"
    tier.mkdir(parents=True)
    (tier / "tier.toml").write_text(
        '[tier]\nname = "branding"\nafter = ["jupyter"]\n'
        '[amend.jupyter]\nenvironment = { OU_MODULE = "TM351" }\narguments.add = ["--LabApp.news_url=None"]\n'
    )
    (other / "course.toml").write_text(
        '[course]\ntitle = "Branded"\n[environment]\n'
        f'base = "{STUB}"\nbase_tiers = ["minimal", "base", "jupyter"]\ntiers = ["environment/10-branding"]\n'
    )
    branded = Images(other, images.environment)
    built = branded.coursewright("build", "--with", "buildah", "--stub", "localhost/ou/branded", OPTIONS[-1])
    assert built.returncode == 0, built.stderr
    container = images.buildah("from", "localhost/ou/branded")
    try:
        code = (
            "from pathlib import Path; from runtime.entry import planned; "
            "web = planned(Path('/etc/coursewright/tiers'), Path('/tmp/home')).programs['jupyter']; "
            "print(web.environment['OU_MODULE'], web.command[-1])"
        )
        assert images.buildah("run", container, "--", "/usr/bin/python3", "-c", code) == "TM351 --LabApp.news_url=None"
    finally:
        images.buildah("rm", container)


def test_a_tier_by_itself_stands_on_any_image(images: Images) -> None:
    made = images.course / "build/image/tiers/07-seeds"
    for base, number in (("localhost/root", 1), (STUB, 8)):
        images.buildah("bud", "--quiet", "--build-arg", f"BASE={base}", "--tag", "localhost/seeds", str(made))
        container = images.buildah("from", "localhost/seeds")
        try:
            found = images.buildah("run", container, "--", "ls", "/etc/coursewright/tiers", "/opt/course/seed").split()
            assert f"{number:03}-seeds.json" in found
            assert {"010-schema.sql", "reports.json"} <= set(found)
        finally:
            images.buildah("rm", container)


def test_a_base_of_another_distribution(images: Images) -> None:
    container = images.buildah("from", "localhost/root")
    images.buildah("run", container, "--", "sed", "-i", "s/^ID=.*/ID=fedora/", "/usr/lib/os-release")
    images.buildah("commit", "--quiet", container, "localhost/fedora")
    images.buildah("rm", container)
    built = images.coursewright("build", *OPTIONS, "--base", "localhost/fedora")
    assert built.returncode == 1
    assert f"error: the image {STUB}-minimal cannot be built; the engine said last:" in built.stderr
    assert "the tier minimal names packages of debian and ubuntu, and the base is fedora" in built.stderr
