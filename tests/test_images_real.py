"""The example data-management as a real image: built tier by tier, and started alone and as a hub starts it."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursewright.environments.targets.containerfile import ENTRY
from environments import check_login, check_notebooks, check_openrefine, until_ready
from images import Images, data_management, made_images, needs_images
from jupyters import Jupyter, free_port

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
    assert images.said("cat", "/home/learner/course/pages/index.md") == "# Changed"
    assert '"14s"' in images.said("cat", "/etc/coursewright/tiers/006-mongodb.json")


def test_alone(images: Images, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with images.run(log) as (jupyter, process):
        until_ready(jupyter, "api", "openrefine/command/core/get-version")
        check_login(jupyter)
        check_notebooks(jupyter)
        check_openrefine(jupyter)
        inside = images.inside()
        assert all(one.uids().real != 0 for one in inside if one.name() in ("java", "postgres", "jupyter-lab"))
        # a service is killed, and comes back
        java = next(one for one in inside if one.name() == "java")
        java.kill()
        java.wait(10)
        until_ready(jupyter, "openrefine/command/core/get-version")
        # no secret is in what can be read by everybody
        secrets = [path.read_text() for path in container_files(images, "passwords/*")]
        assert len(secrets) >= 4
        assert not any(secret in " ".join(one.cmdline()) for one in images.inside() for secret in secrets)
        # a SIGTERM stops databases cleanly
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, log.read_text()
        assert "database system is shut down" in log.read_text()
        assert images.inside() == []


def container_files(images: Images, pattern: str) -> list[Path]:
    """Files below the state of the container that runs."""
    supervisor = next(one for one in images.inside() if "supervisord" in " ".join(one.cmdline()))
    return list(Path(f"/proc/{supervisor.pid}/root/var/lib/coursewright").glob(pattern))


def test_as_a_hub_starts_it(images: Images, tmp_path: Path) -> None:
    port, token, log = free_port(), "t" * 32, tmp_path / "log"
    container = images.buildah("from", images.stub)
    hub = ["jupyter", "notebook", "--ip=0.0.0.0", f"--port={port}", "--ServerApp.base_url=/user/x/"]
    try:
        command = [
            "buildah", "run", "--network", "host", "--user", "1000:1000", "--env", "HOME=/home/learner",
            "--env", f"JUPYTERHUB_API_TOKEN={token}", container, "--", *ENTRY, *hub, f"--ServerApp.token={token}",
        ]  # fmt: skip
        with images.started(command, log):
            jupyter = Jupyter(f"http://127.0.0.1:{port}/user/x/", token)
            until_ready(jupyter, "api", "openrefine/command/core/get-version")
            check_login(jupyter)
            check_notebooks(jupyter)
            check_openrefine(jupyter)
            assert {one.uids().real for one in images.inside()} == {1000}
            outside = {name: ips for name, ips in images.listening().items() if ips - {"127.0.0.1", "::1"}}
            assert list(outside.values()) == [{"0.0.0.0"}], outside  # noqa: S104 - as hubs do
            assert len([one for one in images.inside() if one.name().startswith("jupyter-")]) == 1
        assert images.inside() == []
    finally:
        images.buildah("rm", container)


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
        "web = planned(Path('/etc/coursewright/tiers'), Path('/tmp/home')).programs['jupyter']; "
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
    built = images.coursewright("build", *images.options, "--base", "localhost/fedora")
    assert built.returncode == 1
    assert f"error: the image {images.stub}-minimal cannot be built; the engine said last:" in built.stderr
    assert "the tier minimal names packages of debian and ubuntu, and the base is fedora" in built.stderr
