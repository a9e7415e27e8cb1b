"""What would be public is looked through before anything leaves; what it finds is never said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import EXAMPLES
from coursewright.cli import main
from coursewright.courses import open_course
from coursewright.courses.publishing import audience
from coursewright.courses.publishing.audience import Audience, check_audience, look_through
from coursewright.courses.publishing.telltale import addresses, bits, tells
from coursewright.environments.targets.carrying import carried
from coursewright.errors import CoursewrightError, SeveralProblems

TOML = '[course]\ntitle = "Fruit"\nlicence = "CC-BY-4.0"\n'
# Each is put together here, so that no scanner of somebody else's takes this file for a leak.
LETTERS = "aB3dE5gH7jK9mN2pQ4sT6vW8xY0zA1cD3fG5hJ7k"
SECRETS = {
    "a private key": "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
    "a key of Amazon's": "AKIA" + "ABCDEFGHIJKLMNOP",
    "a token of GitHub's": "ghp_" + LETTERS[:36],
    "a token of GitLab's": "glpat-" + LETTERS[:20],
    "a token of Slack's": "xoxb-" + "1234567890-abcdef",
    "a key of Google's": "AIza" + LETTERS[:35],
    "a key of Stripe's": "sk_live_" + LETTERS[:24],
    "a token of PyPI's": "pypi-AgE" + LETTERS + LETTERS,
    "a token of npm's": "npm_" + LETTERS[:36],
    "a token of Hugging Face's": "hf_" + LETTERS[:34],
    "a key of a language model's": "sk-" + "ant-" + LETTERS,
    "a key of Azure's": "AccountKey=" + LETTERS * 2 + "==",
    "a token of Moodle's": "wstoken=" + "0123456789abcdef" * 2,
    "a login that was signed (JWT)": "eyJhbGciOi" + "J9.eyJzdWIiOiIx" + "MjM0.abcdefghij",
    "a password in an address": "postgresql://ada:" + "c0rrecthorse@db.example.org/x",
    "what is called a password, a key or a token": 'DB_PASSWORD = "' + 'c0rrect-h0rse-b4ttery"',
    "a long word that looks random, as keys do": 'x = "' + LETTERS + '"',
}
HARMLESS = [
    'password = "password"',
    'token = "your-token-here"',
    "password = os.environ['PASSWORD']",
    "https://user:{password}@x.org",
    "https://example.org/a:b@c",
    f'sha256 = "{LETTERS}"',
    '"integrity": "sha512-' + LETTERS + '"',
    'x = "' + "a" * 40 + '"',
    "token = response.json()['token']",
    "--hash=sha256:" + "0123456789abcdef" * 4,
    "the password is in the safe",
]


@pytest.mark.parametrize("what", SECRETS)
def test_secrets_are_found_by_their_forms_and_by_how_they_look(what: str) -> None:
    found = list(tells(f"first\n{SECRETS[what]}\n", is_code=True))
    assert [(one.rule, one.what, one.line) for one in found] == [("secrets", what, 2)]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_is_not_taken_for_one(text: str) -> None:
    assert [one for one in tells(text, is_code=True) if one.rule == "secrets"] == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("open('/home/ada/course/x.csv')", "/home/ada/course/x.csv"),
        ("in /Users/ada/Documents.", "/Users/ada/Documents."),
        (r"C:\Users\ada\x", r"C:\Users\ada"),
        ("/home/learner/course, /home/web_user, /home/jovyan and https://x.org/home/ada", None),
    ],
)
def test_paths_of_one_machine(text: str, path: str | None) -> None:
    assert [one.what for one in tells(text, is_code=False)] == ([path] if path else [])


def test_how_random_a_word_is() -> None:
    assert (bits("aaaa"), bits("abab"), bits("abcd")) == (0, 1, 2)
    assert [one.line for one in addresses("a\nada@students.example.org, @x")] == [2]


def notebook(source: str, *outputs: dict[str, Any]) -> str:
    cell = {"cell_type": "code", "source": [source], "outputs": list(outputs), "metadata": {}, "execution_count": 1}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def found(root: Path) -> Audience:
    course = open_course(root)
    own = carried(root, course.settings.environment.leave_out)
    return look_through(course, {file.as_posix(): root / file for file in own})


def made(root: Path, files: dict[str, str]) -> Path:
    """A course with these files and no others."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def said(root: Path) -> str:
    return "\n".join(map(str, found(root).problems)).replace(str(root), "HERE")


def test_what_is_not_here_is_not_published(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n"
    root = made(tmp_path, {"course.toml": '[course]\ntitle = "A"\nlicence = "CC0-1.0"\n', "pages/a.png": pointer})
    assert said(root) == (
        "error: pages/a.png is not here: Git LFS keeps it\n  --> HERE/pages/a.png\nhint: fetch it: git lfs pull"
    )
    assert found(root).stopping


def test_each_problem_has_its_place_and_remedy_and_never_says_what_it_is(tmp_path: Path, capsys: Any) -> None:
    token, password = SECRETS["a token of GitHub's"], "c0rrect-h0rse-b4ttery"
    outputs = (
        {"output_type": "stream", "text": ["Grace Hopper\n", "ada@students.example.org"]},
        {"output_type": "display_data", "data": {"image/png": LETTERS * 9, "text/html": ["<b>Hopper, Grace</b>"]}},
    )
    files = {
        "course.toml": '[course]\ntitle = "Fruit"\n[publish]\nstudents = "private/roster.csv"\n'
        '[environment]\nleave_out = ["private/"]\n',
        "private/roster.csv": "id,first name,last name\n1,Grace,Hopper\n2,Bo,Li\n",
        "pages/index.md": f"# Fruit\n\nwith {token} and\n/home/ada/x.csv\n",
        "notebooks/a.ipynb": notebook(f'PASSWORD = "{password}"', *outputs),
        "data/marks.csv": "student_id,mark\n1,2\n",
        "data/b/fruit.csv": "fruit,n\nfig,1\n",
        "data/b/NOTICE.md": "Ours, CC0.",
    }
    root = made(tmp_path, files)
    text = said(root)
    out = "take it out: clear the output, or leave the file out"
    remake = "take it out, and make a new one: whoever has a copy of the course has the old one"
    assert text.split("\nerror: ") == [
        "error: nothing says under which licence others may use the course\n  --> HERE/course.toml:1, [course]\n"
        'hint: for instance, in course.toml: licence = "CC-BY-4.0"',
        "nothing says whose marks.csv is, and under which licence\n  --> HERE/data\n"
        "hint: say where they come from, and under which licence, in a file NOTICE.md beside them",
        f'a column holds students: "student_id"\n  --> HERE/data/marks.csv:1\nhint: {out}',
        "what is called a password, a key or a token would be public\n  --> HERE/notebooks/a.ipynb, cell 1\n"
        f"hint: {remake}",
        f"an address of e-mail would be public\n  --> HERE/notebooks/a.ipynb, the output of cell 1\nhint: {out}",
        f"the name of a student would be public\n  --> HERE/notebooks/a.ipynb, the output of cell 1\nhint: {out}",
        f"a token of GitHub's would be public\n  --> HERE/pages/index.md:3\nhint: {remake}",
        "/home/ada/x.csv is a path of one machine\n  --> HERE/pages/index.md:4\n"
        "hint: write it as seen from the course: on other machines it is not there",
    ]
    assert not re.search(f"{token}|{password}|Grace|ada@", text)
    assert main(["publish", "--check", str(root)]) == 1
    printed = capsys.readouterr().err
    assert re.match(r"would be public: \d+ files, \d+\.\d MB\nerror: ", printed)
    assert not re.search(f"{token}|{password}|Grace|ada@", printed)
    assert printed.count("the name of a student") >= 1


def test_what_is_accepted_is_not_said_and_a_clean_course_is_told_so(tmp_path: Path, capsys: Any) -> None:
    token = SECRETS["a token of GitLab's"]
    page = {"pages/index.md": f"# Fruit\n\n{token}\n"}
    root = made(tmp_path, {"course.toml": TOML + '[publish]\naccepted = ["secrets pages/*", "paths"]\n', **page})
    assert said(root) == ""
    (root / "course.toml").write_text(TOML)
    assert "a token of GitLab's would be public" in said(root)
    (root / "pages/index.md").write_text("# Fruit\n")
    assert main(["publish", "--check", str(root)]) == 0
    assert re.fullmatch(
        r"would be public: \d+ files, 0\.\d MB, under CC-BY-4\.0\nnothing is found that should not be\n",
        capsys.readouterr().err,
    )
    (root / "course.toml").write_text(TOML + '[publish]\naccepted = ["secret x"]\n')
    with pytest.raises(CoursewrightError) as caught:
        open_course(root)
    assert str(caught.value) == (
        f'error: nothing that is looked for is called "secret"\n  --> {root}/course.toml:5, [publish] accepted\n'
        'hint: did you mean "secrets"? Available: absent, data, large, licence, paths, secrets, students, too-large'
    )


def test_harm_stops_a_publication_and_the_rest_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = made(tmp_path, {"course.toml": TOML, "pages/index.md": "# Fruit\n", "private.txt": "Grace Hopper\n"})
    course = open_course(root)
    files: dict[str, Path | bytes] = {"a.txt": SECRETS["a key of Amazon's"].encode(), "b.md": b"/home/ada/x"}
    with pytest.raises(SeveralProblems, match="a key of Amazon's would be public"):
        check_audience(course, files)
    (warning,) = check_audience(course, {"b.md": b"/home/ada/x"})
    assert warning.startswith("warning: /home/ada/x is a path of one machine (b.md:1): ")
    monkeypatch.setattr(audience, "_TOO_LARGE", 100)
    monkeypatch.setattr(audience, "_LARGE", 50)
    with pytest.raises(SeveralProblems, match=re.escape("big.bin has 0 MB")):
        check_audience(course, {"big.bin": bytes(101)})
    (root / "course.toml").write_text(TOML + '[publish]\nstudents = "private.txt"\n')
    assert "error: the list of students would be public" in said(root)
    (root / "course.toml").write_text(TOML + '[publish]\nstudents = "none.txt"\n')
    with pytest.raises(CoursewrightError, match="the list of students cannot be read"):
        found(root)


@pytest.mark.parametrize(
    "example", [folder.name for folder in sorted(EXAMPLES.iterdir()) if (folder / "course.toml").is_file()]
)
def test_nothing_in_the_examples_would_stop_them(example: str) -> None:
    assert found(EXAMPLES / example).stopping == []


def test_a_word_that_nothing_is_published_as(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "pagse"]) == 2
    assert capsys.readouterr().err == (
        'error: nothing is published as "pagse"\n'
        'hint: did you mean "pages"? Available: binder, devcontainer, hub, links, lite, pages, preview, workflow\n'
    )
