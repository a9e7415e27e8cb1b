"""The verbs behind `coursewright image`: recipes become images, and images run, by whichever engine is there."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coursewright.environments.runtime.supervisor import write_secret
from coursewright.environments.targets.containerfile import ENTRY
from coursewright.errors import CoursewrightError, MissingPart, Place, UsageError

ENGINES = ("docker", "podman", "buildah")
GRACE = 30  # seconds that services have to stop: databases need up to fifteen
_TOKEN_FILE = "/run/coursewright/token"  # noqa: S105 - where it is, not what
_DIGEST = re.compile("sha256:[0-9a-f]{64}")
_TIMES = 5  # that an engine is asked for what it has not said
_LINES = 15  # of what an engine said last, in a message


@dataclass(frozen=True)
class Engine:
    """A program for images: its name, its path, and options of the user's for building or running."""

    name: str
    path: str
    options: tuple[str, ...] = ()

    @property
    def is_buildah(self) -> bool:
        """Whether containers are files that are worked on, with the machine's own network, and not run by a daemon."""
        return self.name == "buildah"

    def build(self, recipe: Path, tag: str, target: str, labels: Sequence[str] = ()) -> list[str]:
        """The command that builds a stage of the Containerfile in the folder `recipe`."""
        verb = {"docker": ["build"], "podman": ["build", "--format", "docker"]}
        stage = [*(["--target", target] if target else []), *(f"--label={label}" for label in labels)]
        return [
            self.path, *verb.get(self.name, ["bud", "--layers", "--format", "docker"]), *self.options,
            "--file", str(recipe / "Containerfile"), "--tag", tag, *stage, str(recipe),
        ]  # fmt: skip

    def digest(self, image: str) -> str:
        """The digest of an image that is in the engine's store; nothing where it does not tell one."""
        form = {"docker": "{{.RepoDigests}}", "podman": "{{.Digest}}"}.get(self.name, "{{.FromImageDigest}}")
        verb = ["inspect", "--type", "image"] if self.is_buildah else ["image", "inspect"]
        command = [self.path, *verb, "--format", form, image]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        found = _DIGEST.search(image) or _DIGEST.search(ran.stdout)
        return found[0] if found else ""

    def run(self, tag: str, port: int, token: Path, grace: int = GRACE) -> list[str]:
        """The command that runs an image whose Jupyter is to be at `port` of this machine, and of no other.

        Its services have `grace` seconds to stop.
        """
        secret = ["--volume", f"{token}:{_TOKEN_FILE}:ro", "--env", f"JUPYTER_TOKEN_FILE={_TOKEN_FILE}"]
        if self.is_buildah:
            where = ["--env", "COURSEWRIGHT_IP=127.0.0.1", "--env", f"COURSEWRIGHT_PORT={port}"]
            return [self.path, "run", *self.options, *secret, *where, tag, "--", *ENTRY]
        return [
            self.path, "run", "--rm", "--stop-timeout", str(grace), "--publish", f"127.0.0.1:{port}:8888",
            *secret, *self.options, tag,
        ]  # fmt: skip

    def inside(self, tag: str, command: Sequence[str], *, terminal: bool = False) -> list[str]:
        """The command that runs another one in an image, and no services."""
        if self.is_buildah:
            return [self.path, "run", *self.options, *(["--terminal"] if terminal else []), tag, "--", *command]
        interactive = ["--interactive", "--tty"] if terminal else []
        program, *rest = command
        return [self.path, "run", "--rm", *interactive, "--entrypoint", program, *self.options, tag, *rest]

    @contextmanager
    def container(self, tag: str) -> Iterator[str]:
        """What `run` and `inside` are given: the image, or for buildah a container of it, which is gone afterwards."""
        if not self.is_buildah:
            yield tag
            return
        made = subprocess.run([self.path, "from", tag], capture_output=True, text=True, check=False)  # noqa: S603 - ours
        if made.returncode:
            raise CoursewrightError(f"there is no image {tag}: {made.stderr.strip()}", None, "coursewright image build")
        name = made.stdout.strip()
        try:
            yield name
        finally:
            subprocess.run([self.path, "rm", name], capture_output=True, check=False)  # noqa: S603 - ours


def find_engine(name: str = "", options: Sequence[str] = ()) -> Engine:
    """The engine called `name`, or the first that is there and answers. Raises MissingPart when there is none."""
    if name and name not in ENGINES:
        raise UsageError(f'no engine called "{name}"', None, f"Available: {', '.join(ENGINES)}")
    for one in (name,) if name else ENGINES:
        if (path := shutil.which(one)) and (name or _answers(path)):
            return Engine(one, path, tuple(options))
    hint = "install Docker, Podman or buildah, for instance: sudo apt-get install podman"
    raise MissingPart(f"images are built by {name or 'an engine'}, which is not installed", None, hint)


def _answers(path: str) -> bool:
    """Whether an engine can work: Docker is often there while its daemon is not."""
    return subprocess.run([path, "info"], capture_output=True, check=False).returncode == 0  # noqa: S603 - ours


def build(
    engine: Engine,
    recipe: Path,
    tiers: Sequence[str],
    stub: str,
    report: Callable[[str, int, int], None],
    *,
    base: str,
) -> list[str]:
    """Build the image of every tier, from below to above, and of the whole; their names.

    The whole says of itself which `base` it stands on, by its digest where the engine has one. What has not changed
    comes from the engine's own store of layers. `report` is told what is being built, how many images are done, and of
    how many. Raises CoursewrightError with the tier and what the engine said last.
    """
    stages = [(f"{stub}-{name.partition('-')[2]}", f"tier-{name}") for name in tiers] + [(stub, "")]
    for done, (tag, stage) in enumerate(stages):
        report(tag, done, len(stages))
        digest = "" if stage else engine.digest(base)
        labels = [f"org.opencontainers.image.base.digest={digest}"] if digest else []
        ran = subprocess.run(  # noqa: S603 - ours
            engine.build(recipe, tag, stage, labels), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
        if ran.returncode:
            raise _failure(tag, stage, ran.stdout, recipe)
    return [tag for tag, _ in stages]


def run(engine: Engine, tag: str, port: int, tell: Callable[[str], None], grace: int = GRACE) -> int:
    """Run an image in front until it ends; its exit status. `tell` is given the address to open, with its token.

    The token goes into the container as a file: what stands in a command can be read by everybody on the machine.
    """
    with tempfile.TemporaryDirectory() as folder, engine.container(tag) as container:
        file, token = Path(folder) / "token", secrets.token_urlsafe(24)
        write_secret(file, token)
        file.chmod(0o644)  # whoever the container runs as reads it; nobody else gets into the folder
        tell(f"http://127.0.0.1:{port}/lab?token={token}")
        return _in_front(engine.run(container, port, file, grace))


def shell(engine: Engine, tag: str) -> int:
    """A shell in an image, with none of its services; its exit status. What is done in it is gone afterwards."""
    with engine.container(tag) as container:
        return _in_front(engine.inside(container, ["/bin/bash"], terminal=os.isatty(0)))


def read(engine: Engine, tag: str, path: str) -> str:
    """The text of a file in an image, which is not empty. Raises CoursewrightError where it cannot be read.

    Without isolation buildah loses what a command says now and then, all of it, and ends well: it is asked again.
    """
    with engine.container(tag) as container:
        command = engine.inside(container, ["cat", path])
        for _ in range(_TIMES):
            ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
            if ran.returncode or ran.stdout:
                break
    if ran.returncode or not ran.stdout:
        said = ran.stderr.strip() or "nothing was said"
        raise CoursewrightError(f"{path} cannot be read in the image {tag}: {said}", None, "build it again")
    return ran.stdout


def _in_front(command: Sequence[str]) -> int:
    """Run a command with this program's own input and output. A Ctrl-C reaches it by itself, a SIGTERM is passed on."""
    with subprocess.Popen(command) as running:  # noqa: S603 - ours
        before = {signal.SIGINT: signal.getsignal(signal.SIGINT), signal.SIGTERM: signal.getsignal(signal.SIGTERM)}
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: _terminate(running.pid))
        try:
            return running.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _terminate(engine: int) -> None:
    """End what an engine runs. buildah would leave it behind: of its children the init is told, and no other."""
    import psutil

    children = psutil.Process(engine).children(recursive=True)
    inits = [one for one in children if one.name() == Path(ENTRY[0]).name]
    for one in inits or [psutil.Process(engine)]:
        one.terminate()


def _failure(tag: str, stage: str, said: str, recipe: Path) -> CoursewrightError:
    lines = [line for line in said.splitlines() if line.strip()][-_LINES:]
    told = "".join(f"\n    {line}" for line in lines) or " nothing"
    message = f"the image {tag} cannot be built; the engine said last:{told}"
    return CoursewrightError(message, Place(recipe / "Containerfile", None, stage), "mend the tier, and build again")
