"""What cannot be carried out is found before anything starts, and every key of `tier.toml` does something."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import NoneType
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest

from coursewright.cli import main
from coursewright.environments import Stack, read_environment
from coursewright.environments.feasible import infeasible
from coursewright.environments.images.safety import check
from coursewright.environments.runtime.plan import Places, plan
from coursewright.environments.services.programs import install
from coursewright.environments.shipped import linked
from coursewright.environments.targets.containerfile import Labels, recipe
from coursewright.environments.tier import CATALOGUE, read_tier
from coursewright.environments.written import Service, TierSettings
from coursewright.errors import CoursewrightError, SeveralProblems

WEB = '[tier]\nname = "web"\n[users.me]\n[services.web]\ncommand = "web --port {port}"\nport = 8080\nuser = "me"\n'
NAMED = "known: {state}, {configuration}, {port}, {password}, {socket}, {course}, {base}, {bin:NAME}, {SERVICE.port}; "
KNOWN = NAMED + "a brace is written {{"


def tiers(root: Path, *texts: str) -> Path:
    for number, text in enumerate(texts):
        folder = root / f"environment/{number}0-t"
        folder.mkdir(parents=True)
        (folder / "tier.toml").write_text(text)
        (folder / "file.txt").write_text("of the tier")
    return root


def found(tmp_path: Path, *texts: str) -> list[str]:
    """What is said, with the number of the tier and the line."""
    try:
        problems = list(infeasible(read_environment(tiers(tmp_path, *texts))))
    except CoursewrightError as error:
        problems = list(error.problems)
    return [
        f"{Path(one.where.file).parent.name[0]}:{one.where.line} {one.message}; {one.hint}"
        for one in problems
        if one.where
    ]


@pytest.mark.parametrize(
    ("more", "key", "message"),
    [
        ('arguments = ["--x={nothing}"]', "arguments", f"nothing is called {{nothing}}; {KNOWN}"),
        ('arguments = ["--x={PORT}"]', "arguments", f"nothing is called {{PORT}}; {KNOWN}"),
        ('first_run = ["true", "echo {a.port}"]', "first_run", f"nothing is called {{a.port}}; {KNOWN}"),
        ('first_run = ["a \'b"]', "first_run", '"a \'b" is no command: no closing quotation; close the quotes'),
        ('first_run = [" "]', "first_run", "it is empty; name the program and its arguments"),
        ('stop_signal = "FOO"', "stop_signal", '"FOO" is no signal; for instance TERM, INT or QUIT'),
        ('stop_signal = "SIGSTOP"', "stop_signal", '"SIGSTOP" ends no program; for instance TERM, INT or QUIT'),
        ('environment = { A = "{web.prt}" }', "environment.A", f"nothing is called {{web.prt}}; {KNOWN}"),
        ('exports = { A = "{no}" }', "exports.A", f"nothing is called {{no}}; {KNOWN}"),
        ('ready = { http = "http://a:{p}/" }', "ready.http", f"nothing is called {{p}}; {KNOWN}"),
        ('proxy = { host = "{Host}" }', "proxy.host", f"nothing is called {{Host}}; {KNOWN}"),
    ],
)
def test_what_cannot_be_filled_in_is_told_with_its_line(tmp_path: Path, more: str, key: str, message: str) -> None:
    assert found(tmp_path, f"{WEB}{more}\n") == [f'0:8 {key} of the service "web": {message}']


SOCKET = WEB.replace("--port {port}", "--at {socket}").replace("port = 8080\n", "")


def test_a_service_at_a_socket_needs_no_port(tmp_path: Path) -> None:
    assert found(tmp_path / "a", f'{SOCKET}path = "/web/"\n') == []
    jupyter = '[tier]\nname = "j"\n[users.you]\n[services.jupyter]\ncommand = "jupyter"\nport = 8888\nuser = "you"\n'
    assert found(tmp_path / "b", f'{SOCKET}path = "/web/"\n', jupyter) == [
        '0:6 the service "web" listens at a socket of "me", and Jupyter is run by "you"; '
        'let it run as "you", or listen at a port'
    ]


def test_a_service_with_a_path_listens_somewhere(tmp_path: Path) -> None:
    text = SOCKET.replace("{socket}", "/there").replace('user = "me"', 'ready = { command = "true" }\npath = "/web/"')
    assert found(tmp_path, text) == [
        '0:7 the service "web" has a path, and nothing says where it listens; '
        "give it a `port`, or let it listen at {socket}"
    ]


def test_a_tier_gives_no_file_of_elsewhere_away(tmp_path: Path) -> None:
    tiers(tmp_path, f'{WEB}[files]\n"seed" = "/opt/course/seed"\n')
    seed = tmp_path / "environment/00-t/seed"
    (seed / "deep").mkdir(parents=True)
    (seed / "deep/key").symlink_to("/etc/hostname")
    (seed / "same").symlink_to("../file.txt")
    with pytest.raises(SeveralProblems) as caught:
        read_environment(tmp_path)
    assert str(caught.value) == (
        'error: in "seed" of the tier "web" a link leads out of it: seed/deep/key\n'
        f"  --> {seed.parent}/tier.toml:9, files.seed\nhint: put the file itself there"
    )


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    more = 'arguments = ["{a}", "{b}"]\nstop_signal = "SIGB"\nfirst_run = ["{c}"]\n'
    assert len(found(tmp_path, WEB + more)) == 4


@pytest.mark.parametrize("more", ['arguments = ["${HOME}", "{{nothing}}", "{}", "{1,2}"]', 'stop_signal = "SIGINT"'])
def test_what_is_no_placeholder_is_let_be(tmp_path: Path, more: str) -> None:
    assert found(tmp_path, f"{WEB}{more}\n") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("amend.web.set.port = 0", "0 is no port; a number from 1 to 65535"),
        ('amend.web.set.path = "api"', '"api" is no path; write it as /web/'),
        ('amend.web.set.path = "/api/"', '"/api/" is an address of Jupyter itself; give the service another path'),
        ('amend.web.set.stop_wait = "soon"', '"soon" is no time; seconds, such as 20s'),
        ('amend.web.ready.timeout = "1m"', '"1m" is no time; seconds, such as 60s'),
        ('amend.web.ready.p = "x"', 'unknown key "p"; Available: command, http, timeout'),
        ('amend.web.arguments.add = ["{x}"]', f'arguments of the service "web": nothing is called {{x}}; {KNOWN}'),
        ('amend.web.proxy.timeout = "1234567s"', '"1234567s" is no time; seconds, such as 3600s'),
        (
            'amend.web.configuration = { "a b" = "/x" }',
            '"a b" is no name of a file; letters, digits, points, hyphens and _',
        ),
        ('amend.web.environment = { "A B" = 1 }', '"A B" cannot be a variable; letters, digits and _'),
        ("users.one.uid = 0", "0 is no number of a user; from 1 to 65533: 0 is root's"),
        ('volumes = ["//"]', 'the volume "//" is no whole path; begin it with /'),
        (
            'environment.PATH = "/x"',
            "PATH of all programs is not a tier's to set; "
            "leave it out; say it in the `environment` of a service, or link programs into /usr/local/bin",
        ),
        (
            'files."file.txt" = "/usr/lib/coursewright/runtime/entry.py"',
            '"/usr/lib/coursewright/runtime/entry.py" is among what Coursewright puts into images itself; '
            "give it another place",
        ),
    ],
)
def test_a_later_tier_is_held_to_the_same(tmp_path: Path, change: str, message: str) -> None:
    assert found(tmp_path, WEB, f'tier.name = "x"\n\n{change}\n') == [f"1:3 {message}"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            'amend.web.unset = ["command"]',
            '1:3 command of the service "web": it is empty; name the program and its arguments',
        ),
        (
            'amend.web.unset = ["port"]',
            '0:4 nothing shows when the service "web" is ready; leave it its `port`, or say `ready = { command = … }`',
        ),
        (
            'amend.web.ready = { http = "http://x/", command = "true" }',
            '1:3 the service "web" is ready by one of `command` and `http`; unset the other',
        ),
        (
            '[files]\n"file.txt" = { to = "/etc/x", owner = "you" }',
            '1:4 the file "file.txt" is to be owned by "you", and no tier makes that user; '
            "add it: [users.you], with `package = true` where a package makes it",
        ),
        (
            'amend.web.proxy.icon = "/none.svg"',
            '1:3 proxy.icon of the service "web": no tier brings /none.svg; add it to [files] of a tier',
        ),
        (
            'amend.web.configuration = { "a.ini" = "/none.ini" }',
            '1:3 configuration.a.ini of the service "web": /none.ini cannot be read: No such file or directory; '
            "put it there by [files] of a tier",
        ),
        (
            'amend.web.configuration = { "a.ini" = "/etc/passwd" }',
            '1:3 configuration.a.ini of the service "web": no tier brings /etc/passwd; add it to [files] of a tier',
        ),
        (
            'amend.web.ready.http = "127.0.0.1:{port}"',
            '1:3 the service "web" is asked at 127.0.0.1:{port}, which is no address of the web; begin it with http://',
        ),
        (
            "[users.me]\nuid = 70",
            '1:3 the tiers "web" and "x" make the user "me" in two ways; say it once, or the same twice',
        ),
        (
            '[users.me]\n[services.jupyter]\ncommand = "j"\nport = 1\npath = "/j/"\nuser = "me"',
            '1:7 "jupyter" is what leads to the others, and has no path itself; leave it out',
        ),
        (
            '[services.b]\ncommand = "b"\nport = 1\nproxy = { rewrite = ["static/"] }',
            '1:6 "static/" begins no absolute link; such as /static/',
        ),
        (
            "[users.one]\nuid = 70\n[users.two]\nuid = 70",
            '1:6 the users "one" (of the tier "x") and "two" have the number 70; give one of them another',
        ),
    ],
)
def test_what_shows_in_the_whole_alone(tmp_path: Path, change: str, message: str) -> None:
    assert message in found(tmp_path, WEB, f'tier.name = "x"\n\n{change}\n')


FILES = '[tier]\nname = "{}"\n[files]\n{}\n'


@pytest.mark.parametrize(
    ("first", "later", "told"),
    [
        ('"file.txt" = "/etc/x"', '"file.txt" = "/etc/y"', ""),
        (
            '"file.txt" = "/etc/x"',
            '"file.txt" = "/etc/x"',
            'the tiers "a" (@/0) and "b" both bring /etc/x; give one of them another place, or leave it out; '
            "where the later is meant, say `override = true` of that file",
        ),
        ('"file.txt" = "/etc/x"', '"file.txt" = { to = "/etc/x", override = true }', ""),
        ('"seed" = "/seed"', '"file.txt" = "/seed/c.csv"', ""),
        (
            '"seed" = "/seed"',
            '"file.txt" = "/seed/sub/b.sql"',
            'the tiers "a" (@/0) and "b" both bring /seed/sub/b.sql; give one of them another place, or leave it out; '
            "where the later is meant, say `override = true` of that file",
        ),
        (
            '"file.txt" = "/etc/x"',
            '"seed" = "/etc/x"',
            'the tier "a" (@/0) brings /etc/x, and the tier "b" /etc/x/a.sql; '
            "give one of them another place, or leave it out",
        ),
        (
            '"seed" = "/etc/x"',
            '"file.txt" = { to = "/etc/x/sub", override = true }',
            'the tier "a" (@/0) brings /etc/x/sub/b.sql, and the tier "b" /etc/x/sub; '
            "give one of them another place, or leave it out",
        ),
    ],
)
def test_two_tiers_do_not_bring_one_file(tmp_path: Path, first: str, later: str, told: str) -> None:
    tiers(tmp_path, FILES.format("a", first), FILES.format("b", later))
    seeds(tmp_path)
    problems = list(infeasible(read_environment(tmp_path)))
    place = f"{tmp_path}/environment/00-t/tier.toml:4, files.{first[1:].partition(chr(34))[0]}"
    assert [f"{one.message}; {one.hint}" for one in problems] == ([told.replace("@/0", place)] if told else [])
    assert all(one.where and one.where.line == 4 and "10-t" in str(one.where) for one in problems)


def seeds(root: Path) -> None:
    """A folder of seeds in each tier, and what nobody takes in it."""
    for folder in root.glob("environment/*"):
        (folder / "seed/sub").mkdir(parents=True)
        for name in ("a.sql", "sub/b.sql", ".hidden"):
            (folder / "seed" / name).write_text(folder.name)


def test_a_folder_of_several_tiers_is_one_folder(tmp_path: Path) -> None:
    tiers(
        tmp_path,
        FILES.format("a", '"seed" = "/seed"'),
        FILES.format("b", '"file.txt" = "/seed/sub/z.csv"\n"seed" = "/seed/c"'),
    )
    seeds(tmp_path)
    environment = read_environment(tmp_path)
    for _ in range(2):  # made anew, and found made
        (made,) = linked(environment.tiers, tmp_path / "made").values()
        found = {str(one.relative_to(made)): one.read_text() for one in sorted(Path(made).rglob("*")) if one.is_file()}
        assert found == {
            "a.sql": "00-t",
            "sub/b.sql": "00-t",
            "sub/z.csv": "of the tier",
            "c/a.sql": "10-t",
            "c/sub/b.sql": "10-t",
        }
    assert environment.files["/seed/sub/z.csv"] == str(tmp_path / "environment/10-t/file.txt")
    (tmp_path / "environment/10-t/tier.toml").write_text(FILES.format("b", '"seed" = "/seed/c"'))
    (made,) = linked(read_environment(tmp_path).tiers, tmp_path / "made").values()
    assert not (Path(made) / "sub/z.csv").exists()


def test_a_seed_that_no_service_takes_is_told(tmp_path: Path) -> None:
    seed = '"seed" = "/opt/course/seed"'
    files = ("010-a.sql", "020-a.CSV.gz", "reports.json", "sub/notes.xlsx", ".left.out")
    (tmp_path / "environment/10-s/seed/sub").mkdir(parents=True)
    for name in files:
        (tmp_path / "environment/10-s/seed" / name).touch()
    (tmp_path / "environment/10-s/tier.toml").write_text(FILES.format("s", seed))
    below = ("minimal", "base", "postgres")
    told = [one.message for one in infeasible(read_environment(tmp_path, Stack(tiers=(*below, "environment/10-s"))))]
    takes = "postgres takes csv, sql, tsv"
    assert told == [f"no service takes the seed {one}: {takes}" for one in ("reports.json", "sub/notes.xlsx")]
    environment = read_environment(tmp_path, Stack(tiers=(*below, "environment/10-s")))
    hints = [one.hint for one in infeasible(environment)]
    assert hints[0] == "add a tier that does to `tiers`, such as mongodb, or begin its name with a dot to leave it out"
    assert hints[1].startswith("a seed ends with .sql, .csv, .tsv, .json, .jsonl, .ndjson, each with .gz, too; begin")
    (tmp_path / "environment/10-s/seed/sub/notes.xlsx").unlink()
    assert not list(infeasible(read_environment(tmp_path, Stack(tiers=(*below, "mongodb", "environment/10-s")))))


def test_what_services_say_they_take_is_what_they_take() -> None:
    for tier in map(read_tier, (file.parent for file in CATALOGUE.glob("*/tier.toml"))):
        for service in tier.written.services.values():
            programs = "".join(file.read_text() for file in tier.folder.glob("*.py"))
            taken = re.search(r"seeds\(Path\(\w+\), \{(.*?)\}\)", programs)
            assert set(service.seeds) == (set(re.findall(r"\w+", taken[1])) if taken else set())


def test_the_catalogue_can_be_carried_out(tmp_path: Path) -> None:
    names = ("minimal", "base", "jupyter", "jupyter-branding", "openrefine", "postgres", "mongodb", "r", "shiny")
    assert not list(infeasible(read_environment(tmp_path, Stack(tiers=(*names, "rstudio", "tex", "topup")))))


# What stands for each key, in a tier that says nothing else of it.
SAID: dict[str, Any] = {
    "tier.name": "other", "tier.summary": "About it", "tier.distributions": ["debian"], "tier.after": ["absent"],
    "packages.apt": ["curl"], "packages.pip": ["rich"], "packages.npm": ["d3"], "packages.r": ["DT"],
    "files.NAME": "/etc/file", "files.NAME.to": "/etc/other", "files.NAME.owner": "me", "files.NAME.mode": "0640",
    "files.NAME.override": True, "services.NAME.seeds": ["csv"],
    "users.NAME.home": "/home/x", "users.NAME.uid": 700, "users.NAME.package": True,
    "packages.conda": ["r-base"], "conda.channels": ["bioconda"], "conda.micromamba": "x.example/micromamba:1",
    "repositories.NAME.uri": "https://b.example/", "repositories.NAME.suite": "b",
    "repositories.NAME.components": ["b"],
    "repositories.NAME.key": "https://b.example/key", "repositories.NAME.fingerprint": "B" * 40,
    "services.NAME.configuration.NAME": "/etc/file", "services.NAME.proxy.timeout": "7s",
    "volumes": ["/srv"], "environment.NAME": "value", "build.commands": ["true"],
    "services.NAME.command": "other", "services.NAME.summary": "A web", "services.NAME.user": "root",
    "services.NAME.port": 9090, "services.NAME.path": "/web/", "services.NAME.arguments": ["-v"],
    "services.NAME.first_run": ["true"], "services.NAME.needs": ["absent"], "services.NAME.environment.NAME": "a",
    "services.NAME.exports.NAME": "b", "services.NAME.ready.command": "true", "services.NAME.ready.http": "http://x/",
    "services.NAME.ready.timeout": "9s", "services.NAME.proxy.title": "T", "services.NAME.proxy.icon": "/i.svg",
    "services.NAME.proxy.absolute": True, "services.NAME.proxy.host": "h", "services.NAME.proxy.login": "a:{password}",
    "services.NAME.proxy.rewrite": ["/s/"],
    "services.NAME.stop_signal": "INT", "services.NAME.stop_wait": "3s",
}  # fmt: skip
REPOSITORY = {
    "repositories.NAME.uri": "https://a.example/", "repositories.NAME.suite": "a",
    "repositories.NAME.key": "https://a.example/key", "repositories.NAME.fingerprint": "A" * 40,
}  # fmt: skip
BESIDES = {
    **dict.fromkeys((*REPOSITORY, "repositories.NAME.components"), REPOSITORY),
    "conda.channels": {"packages.conda": ["r-base"]},
    "conda.micromamba": {"packages.conda": ["r-base"]},
    "services.NAME.configuration.NAME": {"files.NAME": "/etc/file"},
    "services.NAME.ready.timeout": {"services.NAME.ready.http": "http://x/"},
    "files.NAME.override": {"files.NAME.to": "/etc/file"},
    "services.NAME.seeds": {"files.NAME": "/seed/file.txt", "services.NAME.first_run": ["make /seed"]},
    "files.NAME.owner": {"files.NAME.to": "/etc/file"},
    "files.NAME.mode": {"files.NAME.to": "/etc/file"},
}
NAMES = {"files": "file.txt", "users": "me", "services": "web", "environment": "A", "repositories": "other"}
BARE = {
    "tier.name": "web", "users.NAME.home": "", "services.NAME.command": "web", "services.NAME.port": 8080,
    "services.NAME.user": "me",
}  # fmt: skip


def keys(kind: Any, *path: str) -> Iterator[str]:
    """Every key that a table of `tier.toml` may have, amendments aside: they change what services have."""
    for one in get_args(kind) if get_origin(kind) in (Union, type(int | str)) else (kind,):
        if isinstance(one, type) and issubclass(one, msgspec.Struct):
            for field in msgspec.structs.fields(one):
                yield from keys(field.type, *path, field.name) if field.name != "amend" else ()
        elif get_origin(one) is dict:
            yield from keys(get_args(one)[1], *path, "NAME")
        elif one is not NoneType:
            yield ".".join(path)


def test_every_key_is_tried() -> None:
    assert set(keys(TierSettings)) == set(SAID)


@pytest.mark.parametrize("key", SAID)
def test_every_key_does_something(tmp_path: Path, key: str) -> None:
    before = seen(tmp_path / "before", BARE | BESIDES.get(key, {}))
    assert seen(tmp_path / "after", BARE | BESIDES.get(key, {}) | {key: SAID[key]}) != before


def written(said: dict[str, Any]) -> str:
    """A tier's file, a line for each key: what JSON writes, TOML reads."""
    lines = []
    for key, value in said.items():
        table, *rest = key.split(".")
        named = [NAMES[table] if part == "NAME" and place == 0 else part for place, part in enumerate(rest)]
        lines.append(f"{'.'.join(json.dumps(part) for part in (table, *named))} = {json.dumps(value)}\n")
    return "".join(lines)


def seen(root: Path, said: dict[str, Any]) -> object:
    """All that comes of a tier but what only repeats it: recipes, programs, and what is said of it."""
    tiers(root, written(said))
    try:
        environment = read_environment(root)
        found = [one.message for one in (*check(environment), *infeasible(environment))]
        services = {name: environment.composed.service(name) for name in environment.services}
    except CoursewrightError as error:
        return [one.message for one in error.problems]
    made = recipe(environment.tiers, base="debian", stub="s", course=root, labels=Labels("T"))
    texts = {path: text for path, text in made.texts.items() if not path.endswith("tier.json")}
    ports = {name: one.port for name, one in environment.services.items() if one.port}
    places = Places(Path("/p"), ports, {"web": "p"}, str, environment.files, {}, environment.variables)
    programs = {name: one.written() for name, one in plan(services, places).items()}
    listed = [one.summary for one in environment.services.values()]
    return json.dumps([found, texts, programs, list(install(environment, "web")), listed], default=str)


def test_what_tiers_tell_every_program_is_told_without_a_container_too(tmp_path: Path) -> None:
    text = WEB.replace(
        "[users.me]",
        '[users.me]\n[files]\n"file.txt" = "/etc/x.txt"\n[environment]\nMODE = "t"\nQUIET = true\nX = "/etc/x.txt"',
    )
    environment = read_environment(tiers(tmp_path, text, '[tier]\nname = "x"\n[environment]\nMODE = "u"\n'))
    places = Places(Path("/p"), {"web": 1}, {"web": "p"}, str, {"/etc/x.txt": "/here/x"}, {}, environment.variables)
    programs = plan({"web": environment.composed.service("web")}, places)
    assert programs["web"].environment == {"MODE": "u", "QUIET": "true", "X": "/here/x"}
    made = recipe(environment.tiers, base="debian", stub="s", course=tmp_path, labels=Labels("T"))
    assert 'ENV QUIET="true"' in made.texts["Containerfile"]


def test_a_service_without_folder(tmp_path: Path) -> None:
    assert 'unknown key "folder"' in found(tmp_path, f'{WEB}folder = "/srv"\n')[0]
    assert "folder" not in {one.name for one in msgspec.structs.fields(Service)}


def test_a_placeholder_in_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    more = 'configuration = { "a.ini" = "/etc/a.ini" }\n[files]\n"file.txt" = "/etc/a.ini"\n'
    tiers(tmp_path, f"{WEB}{more}")
    file = tmp_path / "environment/00-t/file.txt"
    file.write_text('{{sate}} {"a": {"b": {}}}\n${sate}\nx = {sate}\n')
    (problem,) = infeasible(read_environment(tmp_path))
    told = 'configuration.a.ini of the service "web": line 3 of /etc/a.ini: nothing is called {sate}'
    assert (problem.message, problem.hint) == (told, f"{NAMED}{{{{sate}}}} in a file is {{sate}} itself")
    assert problem.where
    assert problem.where.line == 8
    file.write_bytes(b"\xff")
    (problem,) = infeasible(read_environment(tmp_path))
    assert problem.message == 'configuration.a.ini of the service "web": /etc/a.ini is not UTF-8 text'


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ((WEB, 'tier.name = "x"\namend.web.unset = ["command"]'), "command of the service"),
        ((f'{WEB}first_run = ["mkdir {{sate}}"]\n',), "nothing is called {sate}"),
        ((f'{WEB}needs = ["web"]\n',), "these services need each other"),
        ((f'{WEB}stop_wait = "2m"\n',), '"2m" is no time'),
        ((f'{WEB}[packages]\npip = ["six"]\n',), "asks for other packages than when the versions were locked"),
        ((f'{WEB}arguments = ["--token={{password}}"]\n',), "a password that is an argument"),
        ((WEB, 'tier.name = "x"\n[services."my wörld"]\ncommand = "x"\nport = 1'), '"my wörld" cannot be a name'),
    ],
)
def test_check_and_up_say_the_same(
    make_course: Callable[[dict[str, str]], Path], capsys: pytest.CaptureFixture[str], texts: tuple[str, ...], told: str
) -> None:
    files = {f"environment/{number}0-t/tier.toml": text for number, text in enumerate(texts)}
    course = make_course({**files, "environment/lock/web.txt": "# for five\n"})
    found = []
    for command in (["check"], ["up", "--yes"]):
        assert main([*command, str(course)]) == 1
        said = capsys.readouterr().err.replace(" (", "\n  --> ").replace(")\n", "\n")  # as warnings have it
        found.append(re.findall(rf"(?:error|warning): (.*{re.escape(told)}.*)\n  --> (\S+:\d+)", said))
    assert found[0] == found[1] != []
