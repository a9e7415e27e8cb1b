"""Real images, built by buildah from a Debian root, and the containers that are started from them.

Everything is in a folder of the tests: the root, buildah's storage, the containers. buildah gives a container the
machine's own network, so that ports are chosen here.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from coursewright.courses import open_course
from environments import COURSE, takes_usual_ports
from jupyters import Jupyter, free_port
from processes import command_of, listening_of, name_of

CATALOGUE = Path(sys.modules["coursewright"].__path__[0]) / "environments/catalogue"
UNTIL_FILLED = """
import os, time, psycopg, pymongo
for _ in range(600):
    try:
        psycopg.connect(os.environ["DATABASE_URL"]).close()
        pymongo.MongoClient(os.environ["MONGODB_URL"], serverSelectionTimeoutMS=200).admin.command("ping")
        break
    except (psycopg.OperationalError, pymongo.errors.PyMongoError):
        time.sleep(0.2)
"""
"""What a notebook runs until both databases have what they are begun with."""

# In one process: they take usual ports, and the images are built once for a whole file of tests.
needs_images = [
    takes_usual_ports,
    pytest.mark.skipif(os.geteuid() != 0, reason="images are built by root here: run the tests as root"),
    *(
        pytest.mark.skipif(not shutil.which(name), reason=f"apt-get install {package}")
        for name, package in (("buildah", "buildah"), ("crun", "crun"), ("debootstrap", "debootstrap"))
    ),
]


@dataclass(frozen=True)
class Images:
    """A course, and the store in `folder` in which its images are, called `stub` and `stub`-TIER."""

    folder: Path
    course: Path
    stub: str

    @property
    def options(self) -> tuple[str, ...]:
        """What every command about images is given here."""
        return ("--with", "buildah", "--stub", self.stub, "--engine-option=--network=host")

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead buildah to the store, and let the roots of its containers be in `folder`."""
        storage = {"CONTAINERS_STORAGE_CONF": str(self.folder / "storage.conf"), "TMPDIR": str(self.folder / "tmp")}
        return {**os.environ, **storage, "BUILDAH_ISOLATION": "chroot"}

    def coursewright(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `coursewright image`."""
        command = [sys.executable, "-m", "coursewright", "image", *arguments]
        return subprocess.run(
            command, cwd=self.course, env=self.environment, capture_output=True, text=True, check=False, timeout=1500
        )

    def buildah(self, *arguments: str) -> str:
        """What buildah says."""
        command = [str(shutil.which("buildah")), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def build(self, base: str = "localhost/root") -> float:
        """Build all of it; the seconds that it took."""
        begin = time.monotonic()
        built = self.coursewright("build", *self.options, "--base", base)
        assert built.returncode == 0, built.stderr
        environment = open_course(self.course).environment()
        number = len(environment.tiers) - environment.in_base
        assert built.stderr == f"{number + 1} images, the last of them {self.stub}\n"
        return time.monotonic() - begin

    def said(self, *command: str, image: str = "", user: str = "1000") -> str:
        """What a command says in an image, in which nothing else runs.

        It says it into a file: of what goes through buildah's own pipe, about one time in a hundred all is lost.
        """
        container = self.buildah("from", image or self.stub)
        place = Path(tempfile.mkdtemp(dir=self.folder))
        (place / "said").touch()
        for path, mode in ((place, 0o777), (place / "said", 0o666)):
            path.chmod(mode)
        into = ("sh", "-c", 'exec "$@" > /said/said', "sh", *command)
        options = ("--network", "host", "--volume", f"{place}:/said", "--user", user)
        try:
            self.buildah("run", *options, container, "--", *into)
            return (place / "said").read_text().strip()
        finally:
            self.buildah("rm", container)
            shutil.rmtree(place)

    @contextlib.contextmanager
    def run(self, log: Path) -> Iterator[tuple[Jupyter, subprocess.Popen[bytes]]]:
        """The whole image, run alone: its Jupyter, and the process of `image run`."""
        port = free_port()
        command = [sys.executable, "-m", "coursewright", "image", "run", *self.options, "--port", str(port)]
        with self.started(command, log) as process:
            while not (found := re.search(r"http://127.0.0.1:\d+/lab\?token=(\S+)", log.read_text())):
                assert process.poll() is None, log.read_text()
                time.sleep(0.2)
            yield Jupyter(f"http://127.0.0.1:{port}/", found[1]), process

    @contextlib.contextmanager
    def started(self, command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
        """Something that runs a container, told to stop at the end; nothing of it is left."""
        with log.open("wb") as said:
            process = subprocess.Popen(
                command, cwd=self.course, env=self.environment, stdin=subprocess.DEVNULL, stdout=said,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            yield process
        finally:
            for one in self.inside():
                if name_of(one) == "tini":
                    with contextlib.suppress(psutil.NoSuchProcess):
                        one.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
            left = self.inside()
            for one in left:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
            psutil.wait_procs(left, timeout=10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def inside(self) -> list[psutil.Process]:
        """The processes that run in containers of this store, but for buildah's own."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                root = Path(f"/proc/{process.pid}/root").readlink()
                if root.is_relative_to(self.folder) and not "".join(command_of(process)[:1]).startswith("buildah"):
                    found.append(process)
        return found

    def listening(self) -> dict[str, set[str]]:
        """The addresses on which programs in containers listen, by the program."""
        found: dict[str, set[str]] = {}
        for process in self.inside():
            for address in listening_of(process):
                found.setdefault(name_of(process), set()).add(address.removeprefix("::ffff:"))
        return found


@contextlib.contextmanager
def made_images(make: Callable[[Path], Path], stub: str = "localhost/ou/trees") -> Iterator[Images]:
    """The course that `make` makes in a folder, and a store with nothing but a Debian; all is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cw-images-", dir=_place()))
    (folder / "tmp").mkdir()
    try:
        (folder / "storage.conf").write_text(
            f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/store"\nrunroot = "{folder}/run"\n'
        )
        made = Images(folder, make(folder), stub)
        container = made.buildah("from", "scratch")
        made.buildah("add", "--quiet", container, str(debian()), "/")
        made.buildah("commit", "--quiet", container, "localhost/root")
        made.buildah("rm", container)
        yield made
        made.buildah("rm", "--all")
    finally:
        umount = [str(shutil.which("umount")), "-q", f"{folder}/store/overlay"]
        subprocess.run(umount, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _place() -> str | None:
    """Memory for the images, where there is much of it: writing and removing their small files is half of the time."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made there is this process's alone
    enough = memory.is_dir() and min(shutil.disk_usage(memory).free, psutil.virtual_memory().available) > 14 * 2**30
    return str(memory) if enough else None


def add_to_root(images: Images, source: Path, to: str) -> None:
    """Put a folder into the Debian that images stand on."""
    container = images.buildah("from", "localhost/root")
    images.buildah("add", "--quiet", container, str(source), to)
    images.buildah("commit", "--quiet", container, "localhost/root")
    images.buildah("rm", container)


@functools.cache
def debian() -> Path:
    """A Debian from which images are made, with this machine's own certificates and addresses of packages.

    It is made once, and gone when the tests end. Packages are installed there without manuals, and without waiting for
    the disk after each file.
    """
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    made = Path(tempfile.mkdtemp(prefix="cw-debian-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
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
    (made / "etc/dpkg/dpkg.cfg.d/tests").write_text(
        "force-unsafe-io\npath-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\n"
    )
    return made


def data_management(folder: Path) -> Path:
    """The example data-management, with a tier of its own for MongoDB.

    MongoDB's packages are not in Debian; a server that speaks its protocol stands in for it.
    """
    made = folder / "trees"
    shutil.copytree(COURSE, made)
    tier = made / "environment/05-mongodb"
    shutil.copytree(CATALOGUE / "mongodb", tier, ignore=shutil.ignore_patterns("__pycache__"))
    text = (tier / "tier.toml").read_text()
    text = re.sub(r"\[packages\]\napt = .*\npip = .*\n", '[packages]\npip = ["pymongo", "secantusdb"]\n', text)
    text = re.sub(r"\[repositories\.mongodb-org\]\n.*?\n\n", "", text, flags=re.DOTALL)
    (tier / "tier.toml").write_text(text.replace("package = true", 'home = "/var/lib/mongodb"'))
    settings = (made / "course.toml").read_text()
    (made / "course.toml").write_text(settings.replace('"mongodb"', '"environment/05-mongodb"'))
    return made
