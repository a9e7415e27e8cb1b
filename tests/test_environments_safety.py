"""The rules of `coursewright check` for environments: what would let in whom nobody asked is found, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursewright.courses import check
from coursewright.environments import Stack, read_environment
from coursewright.environments.images import safety
from coursewright.environments.tier import CATALOGUE

SERVICE = """\
[tier]
name = "web"
[users.web]
[services.web]
command = "web --port {port}"
port = 8080
user = "web"
"""

OPEN = "everybody would be let in"
READ = "everybody on the machine can read a password that is an argument"
WRITTEN = "a password stands in the tier, and would be in every image"
HEARD = "it would listen to other machines"
FORGED = "pages of other sites could use the services in the name of whoever is logged in"


def found(tmp_path: Path, more: str, text: str = SERVICE) -> list[str]:
    folder = tmp_path / "environment/10-web"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tier.toml").write_text(text + more)
    return [
        f"{one.where.line if one.where else ''} {one.rule}: {one.message}"
        for one in safety.check(read_environment(tmp_path))
    ]


@pytest.mark.parametrize(
    ("more", "rule", "message"),
    [
        ("arguments = [\"--ServerApp.token=''\"]", "login", OPEN),
        ('arguments = ["--IdentityProvider.token="]', "login", OPEN),
        ('arguments = ["--noauth"]', "login", OPEN),
        ('arguments = ["--ServerApp.allow_unauthenticated_access=True"]', "login", OPEN),
        ('arguments = ["--password=hunter2"]', "password", WRITTEN),
        ('arguments = ["--token", "hunter2"]', "password", WRITTEN),
        ('arguments = ["--url=postgresql://me:hunter2@127.0.0.1/x"]', "password", WRITTEN),
        ('arguments = ["--ip=0.0.0.0"]', "loopback", HEARD),
        ('arguments = ["--bind", "0.0.0.0:80"]', "loopback", HEARD),
        ('arguments = ["-c", "listen_addresses=*"]', "loopback", HEARD),
        ('arguments = ["--host=::"]', "loopback", HEARD),
        ('arguments = ["--bind_ip_all"]', "loopback", HEARD),
        ('arguments = ["--ServerApp.disable_check_xsrf=True"]', "xsrf", FORGED),
        ('arguments = ["--ServerApp.allow_origin=*"]', "xsrf", FORGED),
        ('arguments = ["--allow-root"]', "root", "it would run as root"),
        ('arguments = ["--token={password}"]', "arguments", READ),
        ('arguments = ["--url=postgresql://me:{postgres.password}@127.0.0.1/x"]', "arguments", READ),
    ],
)
def test_an_argument_that_opens_a_door(tmp_path: Path, more: str, rule: str, message: str) -> None:
    assert f'8 {rule}: arguments of the service "web": {message}' in found(tmp_path, more)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[services.web.environment]\nTOKEN = ""', f'9 login: environment.TOKEN of the service "web": {OPEN}'),
        ('[services.web.exports]\nURL = "x://a:b@c"', f'9 password: exports.URL of the service "web": {WRITTEN}'),
        ('first_run = ["true", "sh -c \'x --pw {password}\'"]', f'8 arguments: first_run of the service "web": {READ}'),
        ('ready.command = "x {postgres.password}"', f'8 arguments: ready.command of the service "web": {READ}'),
        ('[environment]\nAPI_KEY = "abc"', f"9 password: environment.API_KEY: {WRITTEN}"),
        ('[environment]\nAWS_SECRET_ACCESS_KEY = "abc"', f"9 password: environment.AWS_SECRET_ACCESS_KEY: {WRITTEN}"),
        ('[environment]\nDB_PASS = "abc"', f"9 password: environment.DB_PASS: {WRITTEN}"),
        ('[amend.web]\narguments.add = ["--noauth"]', f'9 login: arguments of the service "web": {OPEN}'),
    ],
)  # fmt: skip
def test_a_variable_or_a_later_tier_that_opens_one(tmp_path: Path, more: str, told: str) -> None:
    assert told in found(tmp_path, more)


@pytest.mark.parametrize("line", ["", 'user = "root"\n'])
def test_a_service_of_root(tmp_path: Path, line: str) -> None:
    text = SERVICE.replace('user = "web"\n', line).replace("[users.web]", "[users.root]")
    (told,) = found(tmp_path, "", text)
    assert told == f'{7 if line else 4} root: the service "web" would run as root in an image'


def test_a_command_is_taken_apart(tmp_path: Path) -> None:
    text = SERVICE.replace("web --port {port}", "web -h 0.0.0.0 --token {password}")
    told = [f'5 loopback: command of the service "web": {HEARD}'] * 2
    assert found(tmp_path, "", text) == [*told, f'5 arguments: command of the service "web": {READ}']


def test_a_file_of_the_configuration_is_looked_into(tmp_path: Path) -> None:
    lines = "# password: secret\npassword = {password}\nbind: 0.0.0.0\nbind = 0.0.0.0:80\nport = {port}\n"
    (tmp_path / "environment/10-web").mkdir(parents=True)
    (tmp_path / "environment/10-web/web.ini").write_text(lines)
    text = SERVICE.replace("[users", '[files]\n"web.ini" = "/etc/web.ini"\n[users')
    more = 'configuration = { "web.ini" = "/etc/web.ini" }'
    assert found(tmp_path, more, text) == [f'10 loopback: configuration.web.ini of the service "web": {HEARD}']
    (tmp_path / "environment/10-web/web.ini").write_text("password = secret\nadmin.token: ''\n")
    told = [one.rule for one in safety.check(read_environment(tmp_path))]
    assert told == ["password", "login"]


def test_what_is_safe_is_let_be(tmp_path: Path) -> None:
    more = """
arguments = [
    "--port={port}", "--token-file={configuration}/token", "--ip=127.0.0.1",
    "--password-file=/run/x", "--glob=*", "--time=12::30", "--colours=a:b@c",
]
[services.web.environment]
TOKEN_FILE = "/run/token"
PASSWORD = "{password}"
URL = "http://127.0.0.1:{port}/"
"""
    assert found(tmp_path, more) == []


def test_the_catalogue_is_safe(tmp_path: Path) -> None:
    order = (
        "minimal",
        "base",
        "jupyter",
        "jupyter-branding",
        "openrefine",
        "postgres",
        "mongodb",
        "r",
        "rstudio",
        "shiny",
    )
    names = (*order, "tex", "coursewright", "topup")
    assert sorted(names) == sorted(file.parent.name for file in CATALOGUE.glob("*/tier.toml"))
    assert list(safety.check(read_environment(tmp_path, Stack(tiers=names)))) == []


def test_the_course_is_checked(make_course) -> None:
    (problem,) = check(make_course({"environment/10-web/tier.toml": f'{SERVICE}arguments = ["--ip=0.0.0.0"]\n'}))
    assert problem.message == f'arguments of the service "web": {HEARD}'
    assert problem.where
    assert (problem.where.line, problem.hint) == (
        8,
        "let it listen on 127.0.0.1: what is to be seen outside gets a `path` behind Jupyter's port",
    )
