"""Hubs for classes: the values that are written, what is wrong before that, and a real hub with two students."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from coursewright.cli import main
from coursewright.environments.images.reference import ImageReference, read_reference
from coursewright.environments.targets.hub import Hub, OwnBinder, Profile, StudentLimits, binderhub, littlest, values
from jupyters import free_port
from test_browser import NODE
from test_environments_start import notebook
from test_pull import commit

GIT = str(shutil.which("git"))
SCHEMAS = Path(__file__).parent / "cases/hub"
TREES = Profile(
    "trees", "The trees", ImageReference("ghcr.io/ou/trees", digest=f"sha256:{'0' * 64}"), "https://example.org/trees.git",
    services=(("/openrefine/", "OpenRefine"),),
)  # fmt: skip
FRUIT = Profile("fruit", "Fruit", ImageReference("ou/fruit", "2027"), "https://example.org/fruit.git", "class")


def fits(said: Mapping[str, Any], schema: str) -> None:
    """Whether values fit a chart's schema; what it requires besides is among the chart's own."""
    read = yaml.safe_load((SCHEMAS / schema).read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(yaml.safe_dump(dict(said))), _without_required(read))


def _without_required(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_required(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = isinstance(schema.get("required"), list)
    return {name: _without_required(one) for name, one in schema.items() if not (name == "required" and left_out)}


@pytest.mark.parametrize("login", ["native", "lti13", "github", "openid"])
def test_values_fit_the_schema_of_zero_to_jupyterhub(login: Any) -> None:
    said = values(Hub([TREES, FRUIT], StudentLimits(512, 2048, 0.1, 2, 2), 300, login, ("ada",)))
    fits(said, "z2jh-values.schema.yaml")
    servers = said["singleuser"]
    assert servers["image"] == {"name": "ghcr.io/ou/trees@sha256", "tag": "0" * 64}
    assert servers["memory"] == {"guarantee": "512M", "limit": "2048M"}
    assert servers["storage"] == {"type": "dynamic", "capacity": "2Gi", "homeMountPath": "/home/learner"}
    assert [one["kubespawner_override"]["image"] for one in servers["profileList"]] == [
        f"ghcr.io/ou/trees@sha256:{'0' * 64}",
        "ou/fruit:2027",
    ]
    assert servers["profileList"][0]["description"] == "JupyterLab, with OpenRefine at /openrefine/"
    assert servers["profileList"][1]["kubespawner_override"]["environment"] == {
        "COURSEWRIGHT_CONTENT": "https://example.org/fruit.git",
        "COURSEWRIGHT_CONTENT_BRANCH": "class",
        "COURSEWRIGHT_COURSE": "/home/learner/fruit",
    }
    assert said["cull"]["timeout"] == 3600


def test_a_wrong_key_does_not_fit() -> None:
    said = values(Hub([TREES]))
    said["singleuser"]["memori"] = said["singleuser"].pop("memory")
    with pytest.raises(jsonschema.ValidationError, match="memori"):
        fits(said, "z2jh-values.schema.yaml")


@pytest.mark.parametrize("homes", [False, True])
def test_values_fit_the_schema_of_binderhub(homes: bool) -> None:
    own = OwnBinder(
        "https://binder.example.org", "https://hub.example.org", "https://ghcr.io", "ghcr.io/ou/binder-",
        ("spam.mer/a+b",), homes=homes,
    )  # fmt: skip
    said = binderhub(own, Hub([TREES]))
    fits(said, "binderhub-values.schema.yaml")
    fits(said["jupyterhub"], "z2jh-values.schema.yaml")
    assert said["config"]["RepoProvider"] == {"banned_specs": [r"^spam\.mer/a\+b/.*"]}
    assert ("storage" in said["jupyterhub"]["singleuser"]) is homes
    assert said["config"]["BinderHub"].get("auth_enabled", False) is homes


# -- the command

COURSE = """\
[course]
title = "Trees"
[environment]
stub = "ghcr.io/ou/trees"
tiers = ["minimal", "base", "jupyter", "openrefine"]
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course in a repository whose remote, at an address of the web, is on this machine."""
    folder = tmp_path / "trees"
    settings = f'[url "file://{tmp_path}/"]\n\tinsteadOf = https://example.org/\n'
    (tmp_path / "gitconfig").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    commit(folder, {"course.toml": COURSE, ".gitignore": "build\n"})
    subprocess.run([GIT, "clone", "-q", "--bare", folder, tmp_path / "trees.git"], check=True)
    subprocess.run([GIT, "-C", folder, "remote", "add", "origin", "https://example.org/trees.git"], check=True)
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 1) -> str:
    capsys.readouterr()
    assert main(["publish", "hub", *arguments]) == status
    return capsys.readouterr().err


def test_the_command_writes_what_sets_up_a_hub(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--tag", "2027", "--students", "300", "--admin", "ada", "--binder", "https://b.example.org"]
    asked += ["--binder-hub", "https://h.example.org", "--registry", "https://ghcr.io", "--prefix", "ghcr.io/ou/b-"]
    assert said(capsys, str(course), *asked, status=0) == (
        "300 students at once take 153.6 GB of memory, and 600 GB of disk\n"
        f"wrote binderhub.yaml, tljh.py, values.yaml to {course}/build/hub\n"
    )
    written = yaml.safe_load((course / "build/hub/values.yaml").read_text(encoding="utf-8"))
    fits(written, "z2jh-values.schema.yaml")
    assert written["singleuser"]["image"] == {"name": "ghcr.io/ou/trees", "tag": "2027"}
    assert written["singleuser"]["extraEnv"]["COURSEWRIGHT_CONTENT"] == "https://example.org/trees.git"
    assert written["hub"]["config"]["Authenticator"]["admin_users"] == ["ada"]
    fits(yaml.safe_load((course / "build/hub/binderhub.yaml").read_text()), "binderhub-values.schema.yaml")
    compile((course / "build/hub/tljh.py").read_text(encoding="utf-8"), "tljh.py", "exec")


WRONG = [
    (
        [],
        'error: which "ghcr.io/ou/trees" is meant is not said\n'
        "hint: say it: --image ghcr.io/ou/trees@sha256:…, or --tag 2027\n",
    ),
    (
        ["--tag", "a b"],
        'error: "a b" cannot be the tag of an image\nhint: letters, digits, and . _ -, 128 at the most\n',
    ),
    (
        ["--image", "Trees:1"],
        'error: "Trees" is a name that registries do not allow\n'
        "hint: small letters, digits, and . _ - between them, such as ghcr.io/ou/trees\n",
    ),
    (
        ["--tag", "1", "--content", "git@example.org:trees.git"],
        'error: "git@example.org:trees.git" cannot be fetched by students\n'
        "hint: students' servers have no key: give an address that begins with https:// and has no password in it\n",
    ),
    (
        ["--tag", "1", "--content", "https://ada:secret@example.org/trees.git"],
        'error: "https://example.org/trees.git" cannot be fetched by students\n'
        "hint: students' servers have no key: give an address that begins with https:// and has no password in it\n",
    ),
    (
        ["--tag", "1", "--branch", "class"],
        'error: https://example.org/trees.git has no branch "class"\nhint: push it first, or say another: --branch\n',
    ),
    (
        ["--tag", "1", "--memory", "4096"],
        "error: the most is less than what is sure\nhint: raise --most-memory and --most-cpu, or lower the other\n",
    ),
    (
        ["--tag", "1", "--homes"],
        "error: --homes is for a BinderHub, and none is asked for\nhint: say its address: --binder\n",
    ),
    (
        ["--tag", "1", "--binder", "https://b.example.org", "--prefix", "ghcr.io/ou/"],
        "error: a BinderHub needs --binder-hub and --registry\n"
        "hint: coursewright publish hub --help says what they are\n",
    ),
]


@pytest.mark.parametrize(("arguments", "expected"), WRONG)
def test_what_is_wrong_is_said_before_anything_is_written(
    course: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    capsys.readouterr()
    assert main(["publish", "hub", str(course), *arguments]) in (1, 2)
    assert capsys.readouterr().err == expected
    assert not (course / "build").exists()


def test_a_repository_that_refuses_and_one_that_is_not_committed(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = said(capsys, str(course), "--tag", "1", "--content", "https://example.org/gone.git")
    assert gone.startswith("error: https://example.org/gone.git cannot be fetched: git ls-remote: ")
    assert gone.endswith("hint: look whether the address is right, and whether everybody may read it\n")
    (course / "new.md").write_text("new")
    assert said(capsys, str(course), "--tag", "1") == (
        "error: the course has changes that are in no commit: new.md\n"
        "hint: commit it, so that what is published can be found again, or publish it as it is with --uncommitted\n"
    )
    assert said(capsys, str(course), "--tag", "1", "--uncommitted", "--also", str(course), status=2) == (
        'error: two courses would be in the folder "trees" of a student\nhint: rename the folder of one of them\n'
    )


def test_what_students_servers_would_not_fetch(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(course, {".gitmodules": ""})
    assert said(capsys, str(course), "--tag", "1") == (
        "error: its repository has submodules or files of Git LFS, which students' servers do not fetch\n"
        "hint: publish it as files (coursewright publish binder --remote …), and say --content ADDRESS\n"
    )


def test_an_environment_that_a_hub_cannot_start(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = COURSE.replace(', "jupyter", "openrefine"', "")
    (course / "course.toml").write_text(text, encoding="utf-8")
    assert said(capsys, str(course), "--tag", "1") == (
        'error: the environment has no tier "jupyter", and a hub starts Jupyter\n'
        f"  --> {course}/course.toml:5, [environment] tiers\n"
    )


# -- a real hub

PROGRAMS = os.pathsep.join((str(Path(sys.executable).parent), str(NODE / "node_modules/.bin"), os.environ["PATH"]))
needs_hub = pytest.mark.skipif(
    not all(shutil.which(name, path=PROGRAMS) for name in ("jupyterhub", "configurable-http-proxy", "node")),
    reason="needs Node.js and what make test installs",
)


def found(program: str) -> str:
    """Where a program is."""
    return str(shutil.which(program, path=PROGRAMS))


class RealHub:
    """A hub on loopback, whose students are folders: their servers are processes of whoever runs the tests."""

    def __init__(self, folder: Path, content: Path) -> None:
        self.folder, self.token, self.port = folder, secrets.token_hex(16), free_port()
        profile = Profile("trees", "Trees", read_reference("ou/trees:1"), str(content))
        text = littlest(Hub([profile])).replace("/opt/tljh/user/bin/python", sys.executable)
        text = text.replace(
            "/opt/tljh/user/bin/jupyterhub-singleuser", str(shutil.which("jupyterhub-singleuser", path=PROGRAMS))
        )
        text += f"""
c.JupyterHub.bind_url = "http://127.0.0.1:{self.port}/"
c.JupyterHub.hub_port = {free_port()}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{free_port()}"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.tornado_settings = {{"slow_spawn_timeout": 0}}  # students' servers start side by side
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/{{username}}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.services = [{{"name": "tests", "api_token": "{self.token}"}}]
c.JupyterHub.load_roles = [
    {{"name": "tests", "scopes": ["admin:users", "admin:servers", "access:servers"], "services": ["tests"]}}
]
c.Spawner.args = ["--allow-root"]
c.Spawner.mem_limit = c.Spawner.cpu_limit = None  # processes of this machine have none
"""
        (folder / "jupyterhub_config.py").write_text(text, encoding="utf-8")

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """The hub, its proxy and its servers, which are all gone afterwards."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [found("jupyterhub")], cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "PATH": PROGRAMS, "CONFIGPROXY_AUTH_TOKEN": self.token},
            )  # fmt: skip
        try:
            self.until(lambda: self.ask("GET", "hub/api/")[0] == 200)
            yield
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def until(self, is_so: Any) -> None:
        end = time.monotonic() + 120
        while not is_so():
            assert time.monotonic() < end, (self.folder / "log").read_text()[-5000:]
            time.sleep(0.2)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, None
        except OSError:
            return 0, None

    def start(self, *students: str) -> None:
        for name in students:
            self.ask("POST", f"hub/api/users/{name}")
            assert self.ask("POST", f"hub/api/users/{name}/server")[0] in (201, 202)
        for name in students:
            self.until(lambda name=name: self.ask("GET", f"user/{name}/api/contents/a.ipynb")[0] == 200)

    def stop(self, *students: str) -> None:
        for name in students:
            self.ask("DELETE", f"hub/api/users/{name}/server")
            self.until(lambda name=name: self.ask("GET", f"hub/api/users/{name}")[1]["servers"] == {})

    def cells(self, name: str) -> list[str]:
        cells = self.ask("GET", f"user/{name}/api/contents/a.ipynb")[1]["content"]["cells"]
        return [cell["source"] for cell in cells if "New in the course" not in cell["source"]]

    def write(self, name: str, *sources: str) -> None:
        body = {"type": "notebook", "content": json.loads(notebook(*sources))}
        assert self.ask("PUT", f"user/{name}/api/contents/a.ipynb", body)[0] == 200


@needs_hub
def test_two_students_and_a_teacher_work_on_one_notebook(tmp_path: Path) -> None:
    content = tmp_path / "content"
    commit(content, {"a.ipynb": notebook("a", "b")})
    hub = RealHub(tmp_path, content)
    with hub.running():
        hub.start("ada", "ben")
        assert hub.cells("ada") == hub.cells("ben") == ["a", "b"]
        hub.write("ada", "a of ada", "b")
        hub.write("ben", "a", "b of ben", "x of ben")
        commit(content, {"a.ipynb": notebook("a 2", "b", "c")})
        hub.stop("ada", "ben")
    with hub.running():  # all of it was stopped
        hub.start("ada", "ben")
        assert hub.cells("ada") == ["a of ada", "a 2", "b", "c"]
        assert hub.cells("ben") == ["a 2", "b of ben", "x of ben", "c"]
        hub.stop("ada", "ben")
