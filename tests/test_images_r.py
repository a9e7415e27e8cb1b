"""A course in R as a real image: its kernel, its Shiny application, TeX, Coursewright itself, its own name and logo."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import EXAMPLES
from environments import until_ready
from images import CATALOGUE, Images, add_to_root, made_images, needs_images
from jupyters import Jupyter
from processes import command_of

PRODUCT = EXAMPLES.parent
STACK = """
[environment]
tiers = [
    "minimal", "base", "environment/01-tex", "coursewright", "jupyter", "r", "jupyter-branding", "shiny",
    "environment/50-throws", "environment/99-topup",
]
"""
TEX = """
[tier]
name = "tex"
after = ["minimal"]

[packages]
apt = ["dvisvgm", "lmodern", "texlive-latex-base", "texlive-pictures"]
"""
THROWS = """
[tier]
name = "throws"
after = ["shiny"]

[files]
"app.R" = "/opt/course/shiny/app.R"
"""
PICTURE = r"""
```{tikz} triangle
:alt: A triangle
\draw (0,0) -- (4,0) -- (0,3) -- cycle;
```
"""

pytestmark = needs_images


def course_in_r(folder: Path) -> Path:
    """The starter, as somebody who teaches with R would have it."""
    made = folder / "dice"
    shutil.copytree(EXAMPLES / "starter", made)
    with (made / "course.toml").open("a") as file:
        file.write(STACK)
    with (made / "pages/index.md").open("a") as file:
        file.write(PICTURE)
    throws = made / "environment/50-throws"
    throws.mkdir(parents=True)
    (made / "environment/01-tex").mkdir()
    (made / "environment/01-tex/tier.toml").write_text(TEX)  # the catalogue's is a gigabyte, and slow to install
    (throws / "tier.toml").write_text(THROWS)
    app = (CATALOGUE / "shiny/app/app.R").read_text()
    (throws / "app.R").write_text(app.replace("Shiny works", "Throws of a die"))
    shutil.copytree(CATALOGUE / "topup", made / "environment/99-topup")
    return made


@pytest.fixture(scope="module")
def images() -> Iterator[Images]:
    """Its images, with this Coursewright where pip looks for it."""
    with made_images(course_in_r, "localhost/ou/dice") as made:
        wheels = made.folder / "wheels"
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
        subprocess.run([*command, "--wheel-dir", wheels, PRODUCT], check=True)
        add_to_root(made, wheels, "/opt/wheels")
        settings = made.folder / "settings"
        (settings / "pip").mkdir(parents=True)
        # compiled in advance, it would all start sooner; pip compiles by one process, longer than it installs
        (settings / "pip/pip.conf").write_text("[global]\nfind-links = /opt/wheels\n[install]\nno-compile = no\n")
        add_to_root(made, settings, "/root/.config")
        made.build()
        yield made


def test_r_and_shiny_behind_the_one_port(images: Images, tmp_path: Path) -> None:
    with images.run(tmp_path / "log") as (jupyter, _):
        until_ready(jupyter, "api", "shiny/")
        assert jupyter.run("library(MASS)", "cat(nrow(Boston), Sys.info()[['user']])", kernel="ir") == "506 learner"
        assert "<h2>Throws of a die</h2>" in jupyter.get("shiny/")[2]
        assert jupyter.get("shiny/", token=False)[0] in (302, 403)
        assert re.search(r"Their mean: \d", asyncio.run(_mean(jupyter)))
        assert "<title>Coursewright</title>" in jupyter.get("login", token=False)[2]
        assert '"appName": "Coursewright"' in jupyter.get("lab")[2]
        rscript = [one for one in images.inside() if "serve.R" in " ".join(command_of(one))]
        assert {one.uids().real for one in rscript} == {1000}
        outside = {name: ips for name, ips in images.listening().items() if ips - {"127.0.0.1", "::1"}}
        assert len(outside) <= 1, outside


async def _mean(jupyter: Jupyter) -> str:
    """What the application says by its websocket when it is asked as its page asks."""
    asked = {".clientdata_output_mean_hidden": False, "n:shiny.number": 100}
    told = ""
    async with jupyter.websocket("shiny/websocket/") as socket:
        await socket.write_message(json.dumps({"method": "init", "data": asked}))
        while "Their mean" not in told:
            told = str(await asyncio.wait_for(socket.read_message(), 60))
    return told


def test_the_course_is_built_where_it_is_read(images: Images) -> None:
    build = (
        "cp -r /usr/share/coursewright/course /tmp/c && cd /tmp/c && coursewright check >&2 && coursewright build >&2"
    )
    picture = "cat build/site/index.html build/site/index/triangle.svg"
    said = images.said("env", "HOME=/tmp", "sh", "-c", f"{build} && {picture}")
    assert re.search("<svg[^>]* aria-label=.A triangle", said)
    assert re.search("<title[^>]*>A triangle</title>", said)


def test_all_of_tex_could_be_installed(images: Images) -> None:
    packages = tomllib.loads((CATALOGUE / "tex/tier.toml").read_text())["packages"]["apt"]
    install = f"apt-get update -q >&2 && apt-get install --simulate -q {' '.join(packages)}"
    said = images.said("sh", "-c", install, user="0")
    assert all(re.search(rf"^(Inst {one} |{one} is already)", said, re.MULTILINE) for one in packages), said


def test_the_last_layer_builds_none_below_it(images: Images) -> None:
    tier = images.course / "environment/99-topup/tier.toml"
    tier.write_text(tier.read_text() + '\n[packages]\napt = ["tree"]\n')
    below = images.buildah("images", "--quiet", "--no-trunc", f"{images.stub}-throws")
    images.build()
    assert images.buildah("images", "--quiet", "--no-trunc", f"{images.stub}-throws") == below
    assert images.said("tree", "--noreport", "/opt/course").endswith("app.R")
