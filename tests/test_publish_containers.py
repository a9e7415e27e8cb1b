"""What editors, Codespaces and Compose start: one image, one port on loopback, by the schema of Compose."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from conftest import lacks_node_20
from coursewright.cli import main
from coursewright.courses import open_course
from coursewright.courses.places.containers import publish_containers
from coursewright.environments.images.reference import read_reference
from coursewright.errors import CoursewrightError
from test_browser import NODE

TITLE = "Bäume & ${trees}"
DIGEST = "sha256:" + "0123456789abcdef" * 4
TOML = f"""\
[course]
title = "{TITLE}"
[environment]
stub = "ou/trees"
tiers = ["minimal", "base", "jupyter", "postgres"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a [b] ü").mkdir()
    (tmp_path / "a [b] ü/course.toml").write_text(TOML)
    return tmp_path / "a [b] ü"


NODE_PACKAGE = NODE / "node_modules/@devcontainers/cli"


def read_by_editors(root: Path) -> Any:
    """What the program that editors and Codespaces start dev containers with reads; it needs no Docker for that."""
    command = [str(shutil.which("node")), str(NODE_PACKAGE / "devcontainer.js"), "read-configuration"]
    command += ["--workspace-folder", str(root), "--docker-path", str(shutil.which("true"))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["configuration"]


def read(root: Path) -> tuple[dict, dict]:
    """Both files as their programs read them; the first may have remarks."""
    first, _, text = (root / ".devcontainer/devcontainer.json").read_text().partition("\n")
    assert first.startswith("// Written by")
    said = YAML(typ="safe").load((root / "compose.yaml").read_text())
    schema = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    Draft7Validator(json.loads(schema.read_bytes())).validate(said)
    return json.loads(text), said


def test_both_build_the_recipe_of_the_tiers_and_show_one_port_to_this_machine(root: Path) -> None:
    publish_containers(open_course(root))
    editor, compose = read(root)
    assert editor["build"] == {"dockerfile": "image/Containerfile", "context": "image"}
    assert editor["forwardPorts"] == [8888]
    assert editor["overrideCommand"] is False
    assert editor["name"] == "Bäume & $ {trees}"
    service = compose["services"]["course"]
    assert service["ports"] == ["127.0.0.1:8888:8888"]
    assert service["image"] == "ou/trees"
    assert service["stop_grace_period"] == "30s"
    recipe = root / service["build"]["context"] / service["build"]["dockerfile"]
    assert "postgresql" in recipe.read_text()
    assert "COPY course/" not in recipe.read_text()
    assert not (recipe.parent / "course").exists()
    (root / "environment/10-slow").mkdir(parents=True)
    slow = '[tier]\nname = "slow"\n[packages]\napt = ["gdal-bin"]\n[amend.postgres]\noverride = true\n'
    (root / "environment/10-slow/tier.toml").write_text(f'{slow}set.stop_wait = "70s"\n')
    (root / "course.toml").write_text(TOML.replace('"postgres"', '"postgres", "environment/10-slow"'))
    publish_containers(open_course(root))
    assert "gdal-bin" in recipe.read_text()
    seconds = open_course(root).environment().stop_seconds
    assert seconds >= 70
    assert read(root)[1]["services"]["course"]["stop_grace_period"] == f"{seconds}s"


@pytest.mark.skipif(not NODE_PACKAGE.is_dir(), reason="npm ci in tests/node")
@pytest.mark.skipif(lacks_node_20(), reason="install Node.js 20 or newer")
def test_the_dev_container_is_read_by_its_own_program_which_knows_every_key(root: Path) -> None:
    publish_containers(open_course(root))
    written, _ = read(root)
    found = read_by_editors(root)
    assert found.pop("configFilePath")
    assert found["containerEnv"] == {"COURSEWRIGHT_COURSE": f"/workspaces/{root.name}"}
    assert {**found, "containerEnv": written["containerEnv"]} == written
    program = (NODE_PACKAGE / "dist/spec-node/devContainersSpecCLI.js").read_text()
    assert [key for key in written if not re.search(rf"[.{{,\"]{key}\b", program)] == []
    assert not re.search(r"[.{,\"]forwardsPorts\b", program)


def test_with_an_image_nothing_is_built_and_a_tag_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "devcontainer", str(root), "--image", f"ghcr.io/ou/trees@{DIGEST}"]) == 0
    assert capsys.readouterr().err == (f"wrote {root}/.devcontainer/devcontainer.json and {root}/compose.yaml\n")
    editor, compose = read(root)
    assert editor["image"] == compose["services"]["course"]["image"] == f"ghcr.io/ou/trees@{DIGEST}"
    assert "build" not in editor
    assert "build" not in compose["services"]["course"]
    assert main(["publish", "devcontainer", str(root), "--image", "ghcr.io/ou/trees:latest"]) == 2
    assert 'error: "ghcr.io/ou/trees:latest" is a tag, which moves\n' in capsys.readouterr().err


def test_files_of_the_users_stay_and_nothing_else_is_written(root: Path) -> None:
    (root / "compose.yaml").write_text("services: {}\n")
    with pytest.raises(CoursewrightError) as caught:
        publish_containers(open_course(root), read_reference(f"ou/trees@{DIGEST}"))
    assert str(caught.value) == (
        f"error: this file was not written by Coursewright\n  --> {root}/compose.yaml:1\n"
        "hint: take it away to have it written"
    )
    assert not (root / ".devcontainer").exists()
    (root / "course.toml").write_text('[course]\ntitle = "A"\n')
    with pytest.raises(CoursewrightError, match="the course has no environment"):
        publish_containers(open_course(root))
