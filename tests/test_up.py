"""`coursewright up`, `status`, `logs` and `down`: real services of an ordinary person on this machine."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from conftest import EXAMPLES
from coursewright.environments.runtime.ports import is_answered
from coursewright.environments.services.neighbours import others
from environments import check_login, check_notebooks, check_openrefine, check_told, takes_usual_ports
from jupyters import Jupyter
from people import Person, somebody
from processes import command_of, listening_of, name_of

WEB = """
[tier]
name = "{name}"
[services.{name}]
command = "python3 -u -m http.server --bind 127.0.0.1 --directory {{course}} {{port}}"
port = {port}
"""
FORKS = """
import os, sys, http.server
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    with somebody() as one:
        yield one


@contextmanager
def stopped(person: Person, *courses: Path) -> Iterator[None]:
    """Nothing of the courses runs when this ends."""
    try:
        yield
    finally:
        for course in courses:
            person.run(course, "down")
            assert not processes(person, course.name), "something outlived `down`"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def processes(person: Person, name: str = "") -> list[psutil.Process]:
    """What runs in the person's environments, or in one of them."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(person.services / name) in process.environ().get("COURSEWRIGHT_ENVIRONMENT", ""):
                found.append(process)
        except psutil.Error:
            continue
    return found


def port_of(person: Person, course: Path, service: str) -> int:
    return int(json.loads((person.services / course.name / "ports.json").read_text())[service])


def answer(port: int, path: str = "/") -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}{path}", timeout=30) as answered:
        return str(answered.read().decode())


def web(person: Person, name: str, port: int, more: str = "") -> Path:
    return person.course(name, {"environment/10-web/tier.toml": WEB.format(name="web", port=port) + more})


@takes_usual_ports
def test_what_takes_usual_ports_is_in_one_process(request: pytest.FixtureRequest, worker_id: str) -> None:
    assert worker_id == "master" or request.node.nodeid.endswith("@usual ports")  # some versions lose it silently


def test_up_and_down(person: Person) -> None:
    port = free_port()
    course = web(person, "one", port)
    with stopped(person, course):
        up = person.run(course, "up")
        assert (up.returncode, up.stdout) == (0, "")
        assert re.search(rf"^web +ready +{port}$", up.stderr, re.MULTILINE)
        assert "course.toml" in answer(port)
        again = person.run(course, "up")
        assert re.search(rf"^web +ready +{port}$", again.stderr, re.MULTILINE)
        assert len([one for one in processes(person) if "http.server" in command_of(one)]) == 1
        assert re.search(rf"^web +ready +{port}$", person.run(course, "status").stdout, re.MULTILINE)
        assert '"GET / HTTP/1.1" 200' in person.run(course, "logs", "web").stdout
        (before,) = json.loads(person.run(course, "status", "--json").stdout)
        assert {"name": "web", "is": "ready", "port": port, "path": None, "missing": []}.items() <= before.items()
        assert re.search(rf"^web +ready +{port}$", person.run(course, "restart", "web", "web").stderr, re.MULTILINE)
        (after,) = json.loads(person.run(course, "status", "--json").stdout)
        assert after == {**before, "pid": after["pid"]} != before
        assert (
            person.run(course, "restart", "wbe").stderr
            == 'error: no service called "wbe" is up\nhint: did you mean "web"? Available: web\n'
        )
        tier = course / "environment/10-web/tier.toml"
        tier.write_text(f"{tier.read_text()}environment = {{ NEW = 1 }}\n")
        anew = "hint: stop it, and start it with what is said now: coursewright down, and then up\n"
        told = "error: the environment is up, with other settings\n"
        assert person.run(course, "up").stderr == told + anew
        told = 'error: the service "web" was not started with its present settings\n'
        assert person.run(course, "restart", "web").stderr == told + anew
        (still,) = json.loads(person.run(course, "status", "--json").stdout)
        assert still == after
        assert person.run(course, "down").stderr == "stopped\n"
        assert person.run(course, "status").returncode == 1
        assert person.run(course, "restart", "web").stderr.startswith(
            "error: the environment is not up\nhint: start it"
        )
        assert not processes(person, "one")
        assert re.search(r"^web +stopped", person.run(course, "status").stdout, re.MULTILINE)
        assert person.run(course, "down").stderr == "nothing was up\n"


def test_a_port_that_is_taken_and_two_courses_at_once(person: Person) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        first, second = web(person, "first", port), web(person, "second", port)
        with stopped(person, first, second):
            assert person.run(first, "up").returncode == 0
            assert person.run(second, "up").returncode == 0
            ports = {port, port_of(person, first, "web"), port_of(person, second, "web")}
            assert len(ports) == 3
            person.run(first, "down")
            assert "ready" in person.run(second, "status").stdout
            person.run(first, "up")
            assert port_of(person, first, "web") in ports  # a bookmark stays good


def test_courses_that_start_at_once_get_ports_of_their_own(person: Person) -> None:
    port = free_port()
    courses = [web(person, name, port) for name in ("left", "middle", "right")]
    with stopped(person, *courses), ThreadPoolExecutor() as at_once:
        assert [one.returncode for one in at_once.map(lambda course: person.run(course, "up"), courses)] == [0, 0, 0]
        ports = [port_of(person, course, "web") for course in courses]
        assert port in ports
        assert len(set(ports)) == 3


def test_what_somebody_else_answers_is_not_ready(person: Person) -> None:
    other = """
[services.robbed]
command = "sleep 600"
port = {port}
ready = {{ http = "http://127.0.0.1:{{port}}/", timeout = "3s" }}
[services.robber]
command = "python3 -u -m http.server --bind 127.0.0.1 {{robbed.port}}"
ready = {{ command = "true" }}
"""
    course = web(person, "robbery", free_port(), other.format(port=free_port()))
    with stopped(person, course):
        up = person.run(course, "up")
        assert up.returncode == 1
        assert up.stderr.count("another program has taken the port of robbed just now: starting again") == 2
        port = port_of(person, course, "robbed")
        assert 'the service "robbed" of the tier "web" does not become ready' in up.stderr
        assert f"hint: another program listens at its port, {port}: coursewright down, and then up\n" in up.stderr
        answer(port)


def test_a_port_that_is_taken_between_look_and_start(person: Person) -> None:
    late = """
[services.late]
command = "sh -c 'until [ -e {{course}}/go ]; do sleep 0.1; done; exec python3 -m http.server -b 127.0.0.1 {{port}}'"
port = {port}
"""
    port = free_port()
    course = web(person, "late", free_port(), late.format(port=port))
    chosen = person.services / "late/ports.json"
    with stopped(person, course), ThreadPoolExecutor() as beside:
        up = beside.submit(person.run, course, "up")
        while not chosen.exists():
            assert not up.done(), up.result().stderr
            time.sleep(0.01)
        web_port = port_of(person, course, "web")
        with socket.create_server(("127.0.0.1", port), backlog=128):
            (course / "go").touch()
            said = up.result()
            assert said.returncode == 0, said.stderr
            assert said.stderr.startswith(
                "another program has taken the port of late just now: starting again with others\n"
            )
            assert port_of(person, course, "late") != port
            assert port_of(person, course, "web") == web_port  # nobody wanted that


def test_a_service_that_dies_comes_back_and_one_that_cannot_start_says_why(person: Person) -> None:
    bad = """
[services.bad]
command = "python3 -c 'import sys; sys.exit(\\"no licence\\")'"
port = 1024
"""
    course = web(person, "restart", free_port(), bad)
    with stopped(person, course):
        up = person.run(course, "up")
        assert up.returncode == 1
        assert (
            'error: the service "bad" of the tier "web" does not start; the end of its log:\n    no licence'
            in up.stderr
        )
        assert "--> environment/10-web/tier.toml:8" in up.stderr
        assert "hint: the whole log: coursewright logs bad" in up.stderr
        assert re.search(r"^web +ready", up.stderr, re.MULTILINE)
        (process,) = (one for one in processes(person) if "http.server" in command_of(one))
        process.kill()
        process.wait(10)
        again = person.run(course, "up")  # waits until it is ready
        assert re.search(r"^web +ready", again.stderr, re.MULTILINE)
        (new,) = (one for one in processes(person) if "http.server" in command_of(one))
        assert new.pid != process.pid


def test_what_a_service_leaves_is_ended_before_it_starts_again(person: Person) -> None:
    port = free_port()
    script = """
[services.script]
command = "sh -c 'python3 -u -m http.server --bind 127.0.0.1 {port} & wait'"
port = {port}
"""
    course = web(person, "script", free_port(), script.replace("{port}", str(port)))
    with stopped(person, course):
        assert person.run(course, "up").returncode == 0
        shell = next(one for one in processes(person, "script") if name_of(one) == "sh")
        child = next(one for one in shell.children())
        shell.kill()
        psutil.wait_procs([child], timeout=60)
        until_listening(port)
        (again,) = (one for one in processes(person, "script") if str(port) in command_of(one))
        assert again.pid != child.pid
        assert "ending 1 processes that script has left" in person.run(course, "logs", "script").stdout


def until_listening(port: int) -> None:
    end = time.monotonic() + 60
    while not is_answered(port):
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_service_that_goes_into_the_background_is_told_so(person: Person) -> None:
    text = f"""
[files]
"forks.py" = "/opt/forks.py"
[services.forks]
command = "python3 /opt/forks.py {{port}}"
port = {free_port()}
"""
    tier = WEB.format(name="web", port=free_port())
    course = person.course("forks", {"environment/10-web/tier.toml": tier + text, "environment/10-web/forks.py": FORKS})
    with stopped(person, course):
        up = person.run(course, "up")
        assert up.returncode == 1
        assert "taken the port" not in up.stderr
        assert (
            "coursewright: forks puts itself into the background, where nobody sees it end: tell it to stay"
            in up.stderr
        )
        assert not [one for one in processes(person, "forks") if "forks.py" in " ".join(command_of(one))]


DATAGRAMS = """
[files]
"ask.py" = "/opt/ask.py"
[services.datagrams]
command = "python3 /opt/ask.py {state}/listens"
ready = { command = "test -s {state}/listens" }
"""
ASK = """
import pathlib, random, socket, sys, time
ask = socket.socket(type=socket.SOCK_DGRAM)
while ask.getsockname()[1] == 0:
    try:
        ask.bind(("", random.randrange(20000, 30000)))
    except OSError:
        continue
pathlib.Path(sys.argv[1]).write_text(str(ask.getsockname()[1]))
time.sleep(600)
"""


def test_a_door_is_shut(person: Person) -> None:
    port, text = free_port(), '[services.open]\ncommand = "python3 -u -m http.server {{port}}"\nport = {port}\n'
    text = text.format(port=port) + 'environment = { X_TOKEN = "written" }\n'
    apart, own = free_port(), free_port()  # a child in a session of its own, which nobody stops with the service
    child = f"setsid python3 -u -m http.server {apart} & exec python3 -u -m http.server --bind 127.0.0.1 {own}"
    text += f"[services.apart]\ncommand = \"sh -c '{child}'\"\nport = {own}\n"
    tier = WEB.format(name="web", port=free_port()) + text + DATAGRAMS
    course = person.course("door", {"environment/10-web/tier.toml": tier, "environment/10-web/ask.py": ASK})
    with stopped(person, course):
        up = person.run(course, "up")
        assert up.returncode == 1
        assert re.search(r"^web +ready", up.stderr, re.MULTILINE)
        assert re.search(r"^open +stopped", up.stderr, re.MULTILINE)
        assert 'warning: environment.X_TOKEN of the service "open": a password stands in the tier' in up.stderr
        told = f'the service "open" listened at 0.0.0.0:{port}, where other machines reach it\n'
        assert f"error: {told}  --> environment/10-web/tier.toml:8\nhint: it was stopped; let it listen on" in up.stderr
        assert re.search(r"^apart +stopped", up.stderr, re.MULTILINE)
        assert f'error: the service "apart" listened at 0.0.0.0:{apart}, where other machines reach it\n' in up.stderr
        assert not is_answered(port)
        assert not is_answered(apart)
        asked = (person.services / "door/services/datagrams/state/listens").read_text()
        assert f'the service "datagrams" listened at 0.0.0.0:{asked}, where other machines reach it\n' in up.stderr
        assert re.search(r"^datagrams +stopped$", up.stderr, re.MULTILINE)


@pytest.fixture
def neighbour() -> Iterator[str]:
    """Somebody else who has a program running on this machine, and is gone afterwards."""
    if os.geteuid() != 0:
        pytest.skip("only root can make another user")
    name = f"cw{os.getpid()}"
    subprocess.run(["/usr/sbin/useradd", "--no-create-home", name], check=True)
    try:
        with subprocess.Popen(["/usr/bin/sleep", "600"], user=name) as running:
            yield name
            running.kill()
    finally:
        subprocess.run(["/usr/sbin/userdel", name], check=True, capture_output=True)


@takes_usual_ports
def test_who_shares_a_machine_is_asked(person: Person, neighbour: str) -> None:
    more = 'path = "/web/"\n'
    for name, login in (("beside", ""), ("locked", "{password}")):
        more += f'[services.{name}]\ncommand = "sleep 600"\nport = {free_port()}\nready = {{ command = "true" }}\n'
        more += f'environment = {{ KEY = "{login}" }}\n'
    course = web(person, "shared", free_port(), more)
    with stopped(person, course):
        up = person.run(course, "up", asked=True)
        assert up.returncode == 2
        people = re.search(
            r"^Other people run programs on this machine: (.*)\.\nThey can reach web and beside, which ask", up.stderr
        )
        assert people
        assert neighbour in people[1].split(", ")  # and perhaps others
        hint = "let them listen at {socket} or ask for a login, take them out of `tiers`, or say --yes"
        assert f"error: nothing was started\nhint: {hint}\n" in up.stderr
        assert not processes(person, "shared")
        kept = person.services / "shared/services/web/state/kept"
        kept.parent.mkdir(parents=True)
        kept.touch()
        person.own(person.services.parent)
        assert person.run(course, "up", "--reset", "web", say="n\ny\n").stderr.endswith(
            f"error: nothing was started\nhint: {hint}\n"
        )
        assert kept.exists()  # it is asked before anything is deleted
        assert person.run(course, "up", "--yes").returncode == 0
        assert person.run(course, "up", asked=True).returncode == 0  # what is up already need not be asked
        # what was said is true
        code = f"import socket; socket.create_connection(('127.0.0.1', {port_of(person, course, 'web')}))"
        ran = subprocess.run(["/usr/bin/python3", "-c", code], user=neighbour, check=False)
        assert ran.returncode == 0


@takes_usual_ports
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_who_is_somebody_else(neighbour: str) -> None:
    """Numbers of people: small ones, and large ones that have a name, as directories give them."""
    named, number = f"cwd{os.getpid()}", 1_200_000 + os.getpid()
    subprocess.run(["/usr/sbin/useradd", "--no-create-home", "--uid", str(number), named], check=True)
    try:
        with (
            subprocess.Popen(["/usr/bin/sleep", "600"], user=number) as directory,
            subprocess.Popen(["/usr/bin/sleep", "600"], user=number + 100_000) as container,
        ):
            found = others()
            directory.kill()
            container.kill()
    finally:
        subprocess.run(["/usr/sbin/userdel", named], check=True, capture_output=True)
    assert {neighbour, named} <= set(found)
    assert not {"nobody", str(number + 100_000)} & set(found)


AT_A_SOCKET = """
import http.server, socketserver, sys, threading
class Server(socketserver.ThreadingUnixStreamServer):
    def get_request(self):
        return self.socket.accept()[0], ("", 0)
if len(sys.argv) > 2:
    beside = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=beside.serve_forever, daemon=True).start()
Server(sys.argv[1], http.server.SimpleHTTPRequestHandler).serve_forever()
"""


@takes_usual_ports
def test_what_listens_at_a_socket_is_its_users_alone(person: Person, neighbour: str) -> None:
    port, text = free_port(), '[files]\n"at.py" = "/opt/at.py"\n'
    for name, more in (("quiet", ""), ("loud", f" {port}")):
        text += f'[services.{name}]\ncommand = "python3 /opt/at.py {{socket}}{more}"\npath = "/{name}/"\n'
    files = {"environment/10-web/tier.toml": f'[tier]\nname = "web"\n{text}', "environment/10-web/at.py": AT_A_SOCKET}
    course = person.course("private", files)
    with stopped(person, course):
        up = person.run(course, "up", asked=True)  # and nobody was asked about the neighbour
        assert up.returncode == 1
        told = f'the service "loud" let in everybody on this machine, at port {port}\n'
        assert (
            f"error: {told}  --> environment/10-web/tier.toml:9\nhint: it was stopped; let it listen at " in up.stderr
        )
        assert re.search(r"^quiet +ready$", up.stderr, re.MULTILINE)
        assert re.search(r"^loud +stopped$", up.stderr, re.MULTILINE)
        assert not is_answered(port)
        at = str(person.services / "private/services/quiet/socket")
        assert (reached(at, neighbour), reached(at, person.name)) == ("PermissionError", "200 OK")
        quiet = next(one for one in processes(person, "private") if at in command_of(one))
        quiet.kill()  # what it leaves would keep it from listening there again
        end = time.monotonic() + 60
        while reached(at, person.name) != "200 OK":
            assert time.monotonic() < end
            time.sleep(0.2)


def reached(at: str, user: str) -> str:
    """What a user is told by the web server at a socket, or the error."""
    code = f"""
import socket
one = socket.socket(socket.AF_UNIX)
try:
    one.connect({at!r})
    one.sendall(b"HEAD / HTTP/1.0\\r\\n\\r\\n")
    print(one.recv(100).decode().split("\\r")[0].partition(" ")[2])
except OSError as error:
    print(type(error).__name__)
"""
    ran = subprocess.run(["/usr/bin/python3", "-c", code], user=user, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_a_service_that_never_becomes_ready(person: Person) -> None:
    slow = """
[services.slow]
command = "sh -c 'echo thinking; exec sleep 600'"
ready = { command = "false", timeout = "3s" }
"""
    course = web(person, "never", free_port(), slow)
    with stopped(person, course):
        up = person.run(course, "up")
        assert up.returncode == 1
        assert (
            'the service "slow" of the tier "web" does not become ready; the end of its log:\n    thinking\n'
            in up.stderr
        )


def test_what_is_needed_is_waited_for(person: Person) -> None:
    needed = """
[services.first]
command = "sh -c 'sleep 2; touch {state}/here; exec sleep 600'"
ready = { command = "test -e {state}/here" }
[amend.web]
needs.add = ["first"]
first_run.add = ["test -e {first.state}/here"]
"""
    course = person.course(
        "needs",
        {
            "environment/10-web/tier.toml": WEB.format(name="web", port=free_port()),
            "environment/20-first/tier.toml": '[tier]\nname = "first"\n' + needed,
        },
    )
    with stopped(person, course):
        assert person.run(course, "up").returncode == 0


ENDS = """
[tier]
name = "ends"
[files]
"ends.py" = "/opt/ends.py"
"stubborn.sh" = "/opt/stubborn.sh"
[services.beside]
command = "python3 /opt/ends.py {{course}} beside"
ready = {{ command = "test -e {{course}}/beside.here" }}
[services.database]
command = "python3 /opt/ends.py {{course}} database {port}"
port = {port}
[services.application]
command = "python3 /opt/ends.py {{course}} application {{database.port}} 1"
needs = ["database"]
ready = {{ command = "test -e {{course}}/application.here" }}
[services.stubborn]
command = "sh /opt/stubborn.sh {{course}}/child.here"
ready = {{ command = "test -e {{course}}/child.here" }}
stop_wait = "1s"
"""
AT_THE_END = """
import pathlib, signal, socket, sys, time
folder, name, port, seconds = pathlib.Path(sys.argv[1]), sys.argv[2], *map(int, (sys.argv[3:] + ["0", "0"])[:2])
def end(*_):
    (folder / f"{name}.told").write_text(str(time.time()))
    time.sleep(seconds)
    if seconds:
        socket.create_connection(("127.0.0.1", port)).close()
    (folder / f"{name}.ended").write_text(str(time.time()))
    sys.exit()
signal.signal(signal.SIGTERM, end)
server = socket.create_server(("127.0.0.1", port)) if port and not seconds else None
(folder / f"{name}.here").touch()
while True:
    signal.pause()
"""

STUBBORN = """
trap : TERM
setsid sh -c 'trap : TERM; touch "$1"; while :; do sleep 1; done' - "$1" >/dev/null 2>&1 &
while :; do sleep 1; done
"""


def test_all_are_stopped_at_once_and_what_others_need_after_them(person: Person) -> None:
    files = {"tier.toml": ENDS.format(port=free_port()), "ends.py": AT_THE_END, "stubborn.sh": STUBBORN}
    course = person.course("ends", {f"environment/10-ends/{name}": text for name, text in files.items()})
    with stopped(person, course):
        up = person.run(course, "up")
        assert up.returncode == 0, up.stderr
        told = "stubborn did not end within 1 s, and was killed\nwhat stubborn has left did not end, and was killed\n"
        assert person.run(course, "down").stderr == f"{told}stopped\n"
        assert not processes(person, "ends")
    at = {file.name: float(file.read_text()) for file in course.glob("*.*d") if file.suffix in (".told", ".ended")}
    assert at["beside.told"] < at["application.ended"] <= at["database.told"]


def test_a_first_start_that_broke_off_begins_anew(person: Person) -> None:
    half = """
[services.half]
command = "sleep 600"
first_run = ["mkdir {state}/made", "test -e {course}/allowed", "touch {state}/made/whole"]
ready = { command = "test -e {state}/made/whole" }
"""
    course = web(person, "half", free_port(), half)
    with stopped(person, course):
        up = person.run(course, "up")
        assert "coursewright: half is not started: test ended with 1" in up.stderr
        (course / "allowed").touch()
        person.run(course, "down")
        assert person.run(course, "up").returncode == 0
        folder = person.services / "half" / "services" / "half"
        assert (folder / "broken-off" / "made").exists()


def test_nothing_is_ready_before_its_first_run_is_over(person: Person) -> None:
    made = """
[services.made]
command = "sleep 600"
first_run = ["sleep 4", "touch {state}/made"]
ready = { command = "true" }
[services.above]
command = "sh -c 'ls {made.state}; exec sleep 600'"
needs = ["made"]
ready = { command = "true" }
"""
    course = web(person, "made", free_port(), made)
    with stopped(person, course):
        assert person.run(course, "up").returncode == 0
        home = person.services / "made"
        assert (home / "services/made/state/made").exists()
        assert (home / "run/logs/above.log").read_text().splitlines()[-1] == "made"


def test_what_is_not_installed_is_named_and_the_rest_starts(person: Person) -> None:
    more = """
[packages]
apt = ["nothing-like-it"]
[services.rare]
command = "no-such-program {port}"
port = 1025
[services.above]
command = "sleep 600"
needs = ["rare"]
ready = { command = "true" }
"""
    course = web(person, "missing", free_port(), more)
    with stopped(person, course):
        up = person.run(course, "up")
        assert up.returncode == 0
        assert re.search(r"^web +ready", up.stderr, re.MULTILINE)
        assert re.search(r"^rare +not installed", up.stderr, re.MULTILINE)
        assert re.search(r"^above +not installed", up.stderr, re.MULTILINE)
        assert "rare needs no-such-program: sudo apt-get install nothing-like-it" in up.stderr


def test_what_is_damaged_is_named(person: Person) -> None:
    course = web(person, "damaged", free_port())
    home = person.services / "damaged"
    with stopped(person, course):
        person.run(course, "up")
        person.run(course, "down")
        for damaged in (b"\xff\0", b'{"web": 99999}'):  # costs a port
            (home / "ports.json").write_bytes(damaged)
            assert person.run(course, "up").returncode == 0
            person.run(course, "down")
        (home / "passwords" / "web").write_bytes(b"\xff\0")
        said = person.run(course, "up")
        hint = "hint: delete it, and the service with --reset: both are made anew\n"
        assert (said.returncode, said.stderr) == (1, f"error: {home}/passwords/web is damaged\n{hint}")
        (home / "passwords" / "web").unlink()
        shutil.rmtree(home / "run")
        (home / "run").write_text("")
        said = person.run(course, "up")
        hint = "hint: make room, or mend it, and try again; nothing was deleted\n"
        assert said.stderr == f"error: {home}/run/logs cannot be written: Not a directory\n{hint}"


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="run as root")
def test_a_full_disk(person: Person) -> None:
    text = '[services.big]\ncommand = "sleep 600"\nneeds = ["web"]\nready = { command = "true" }\n'
    text += 'first_run = ["dd if=/dev/zero of={state}/big bs=1k count=4000"]\n'
    port = free_port()
    course = web(person, "full", port, text)
    home = person.services / "full"
    home.mkdir(parents=True, exist_ok=True)
    subprocess.run(["/usr/bin/mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", home], check=True)
    try:
        person.own(person.services)
        with stopped(person, course):
            up = person.run(course, "up")
            assert up.returncode == 1
            assert re.search(r"^web +ready", up.stderr, re.MULTILINE)
            assert 'error: the service "big" of the tier "web" does not start; the end of its log:\n' in up.stderr
            for _ in range(100):  # each is a line in its log, for which there is no room
                answer(port)
            assert re.search(r"^web +ready", person.run(course, "status").stdout, re.MULTILINE)
            person.run(course, "down")
            with contextlib.suppress(OSError), (home / "room").open("wb", buffering=0) as room:
                while True:
                    room.write(b"0" * 1000)
            said = person.run(course, "up").stderr
            assert said.startswith(f"error: {home}")
            assert " cannot be written: No space left on device\nhint: make room, or mend it, and try again" in said
    finally:
        subprocess.run(["/usr/bin/umount", "-l", home], check=True)


def test_seeds_that_have_changed_are_told(person: Person) -> None:
    log = person.folder / "first-runs"  # which no tier puts there
    text = f"""
[files]
"seed.txt" = "/opt/course/seed.txt"
"kept.ini" = "/usr/share/kept.ini"
[services.kept]
command = "sh -c 'cat {{configuration}}/kept.ini; seq -f %0100g 100000; exec sleep 600'"
configuration = {{ "kept.ini" = "/usr/share/kept.ini" }}
first_run = ["cp /opt/course/seed.txt {{state}}/copy", "touch {log}"]
ready = {{ command = "true" }}
"""
    tier = WEB.format(name="web", port=free_port())
    files = {"environment/10-web/tier.toml": tier + text, "environment/10-web/seed.txt": "one"}
    files["environment/10-web/kept.ini"] = 'password={password}\nweb={web.port} {"a": {"b": {{port}}}} ${port}\n'
    course = person.course("seeded", files)
    copy, seed = person.services / "seeded/services/kept/state/copy", course / "environment/10-web/seed.txt"
    with stopped(person, course):
        assert "made from other seeds" not in person.run(course, "up").stderr
        log.write_text("more")
        assert "made from other seeds" not in person.run(course, "up").stderr
        # what it says is kept over several files, and its configuration is for it alone
        end = time.monotonic() + 60
        while f"{100_000:0100}" not in person.run(course, "logs", "kept", "--lines", "1").stdout:
            assert time.monotonic() < end
        lines = person.run(course, "logs", "kept", "--lines", "200000").stdout.splitlines()
        assert lines[-100_000:] == [f"kept | {number:0100}" for number in range(1, 100_001)]
        written = person.services / "seeded/services/kept/configuration/kept.ini"
        password = (person.services / "seeded/passwords/kept").read_text()
        web_port = port_of(person, course, "web")
        assert written.read_text() == f'password={password}\nweb={web_port} {{"a": {{"b": {{port}}}}}} ${{port}}\n'
        assert written.stat().st_mode & 0o777 == 0o600
        assert f"kept | password={password}" in lines
        seed.write_text("two")
        told = person.run(course, "up").stderr
        assert "kept was made from other seeds than are now in environment/10-web/seed.txt\n" in told
        assert "to begin anew with these, and lose what it keeps: coursewright down, and up --reset kept\n" in told
        assert copy.read_text() == "one"
        person.run(course, "down")
        person.run(course, "up")  # as in an image, whose log is all that is seen of it
        log_of = person.run(course, "logs", "kept", "--lines", "300000").stdout
        assert f"made from other seeds than are now in {seed}\n" in log_of
        person.run(course, "down")
        assert "made from other seeds" not in person.run(course, "up", "--reset", "kept", "--yes").stderr
        assert copy.read_text() == "two"


def test_reset_asks(person: Person) -> None:
    kept = '[services.kept]\ncommand = "sleep 600"\nfirst_run = ["touch {state}/data"]\nready = { command = "true" }\n'
    course = person.course("kept", {"environment/10-kept/tier.toml": f'[tier]\nname = "kept"\n{kept}'})
    data = person.services / "kept" / "services" / "kept" / "state" / "data"
    with stopped(person, course):
        person.run(course, "up")
        assert data.exists()
        assert "error: the environment is up" in person.run(course, "up", "--reset", "kept").stderr
        person.run(course, "down")
        data.write_text("work")
        said = person.run(course, "up", "--reset", "kept", say="n\n")
        assert (said.returncode, data.read_text()) == (2, "work")
        assert "error: nothing was deleted, and nothing started" in said.stderr
        assert (
            'no service called "kpet"\nhint: did you mean "kept"?' in person.run(course, "up", "--reset", "kpet").stderr
        )
        assert person.run(course, "up", "--reset", "kept", say="y\n").returncode == 0
        assert data.read_text() == ""


@takes_usual_ports
def test_without_a_login(person: Person) -> None:
    tiers = '[environment]\ntiers = ["minimal", "base", "jupyter", "environment/10-more"]\n'
    more = '[tier]\nname = "more"\n[amend.jupyter]\narguments.add = ["--ServerApp.news_url=None"]\n'
    course = person.course("open", {"course.toml": tiers, "environment/10-more/tier.toml": more})
    with stopped(person, course):
        up = person.run(course, "up", "--insecure-no-login")
        assert up.returncode == 0, up.stderr
        warning = "warning: no login: everybody on this machine can run programs as you; it listens on loopback only\n"
        assert up.stderr.startswith(warning)
        port = port_of(person, course, "jupyter")
        assert up.stdout == f"http://127.0.0.1:{port}/lab\n"
        assert answer(port, "/api/kernels") == "[]"
        for process in processes(person, "open"):
            assert all(map(is_loopback, listening_of(process))), name_of(process)
    tier = course / "environment/10-more/tier.toml"
    tier.write_text(tier.read_text().replace("news_url=None", "ip=0.0.0.0"))
    said = person.run(course, "up", "--insecure-no-login")
    assert said.returncode == 1
    assert 'error: arguments of the service "jupyter": it would listen to other machines\n' in said.stderr


def test_a_course_without_an_environment(person: Person) -> None:
    course = person.course("none", {})
    assert person.run(course, "up").stderr.startswith("error: the course has no environment\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="run as root")
def test_root_is_refused(person: Person, capsys: pytest.CaptureFixture[str]) -> None:
    from coursewright.cli import main

    assert main(["up", str(web(person, "root", free_port()))]) == 1
    assert capsys.readouterr().err.startswith("error: `coursewright up` does not run services as root\nhint: ")


@pytest.fixture(scope="module")
def whole(person: Person) -> Iterator[tuple[Path, str]]:
    """The example's environment, up, and the address that it was given."""
    for name, package in {"openrefine": "openrefine", "/usr/lib/postgresql": "postgresql"}.items():
        if not (shutil.which(name) or Path(name).exists()):
            pytest.skip(f"apt-get install {package}")
    course = person.folder / "data-management"
    shutil.copytree(EXAMPLES / "data-management", course)
    person.own(course)
    with stopped(person, course):
        up = person.run(course, "up")
        assert up.returncode == 0, up.stderr
        yield course, up.stdout.strip()


@takes_usual_ports
def test_the_whole_environment(person: Person, whole: tuple[Path, str]) -> None:
    course, address = whole
    status = person.run(course, "status").stdout
    for name in ("jupyter", "openrefine", "postgres", "mongodb"):
        assert re.search(rf"^{name} +ready", status, re.MULTILINE), status
    jupyter = port_of(person, course, "jupyter")
    token = address.rpartition("token=")[2]
    assert address == f"http://127.0.0.1:{jupyter}/lab?token={token}"
    one = Jupyter(f"http://127.0.0.1:{jupyter}/", token)
    check_login(one)
    check_told(one)
    check_notebooks(one)
    # nothing listens but on loopback
    for process in processes(person):
        assert all(map(is_loopback, listening_of(process))), name_of(process)


@takes_usual_ports
def test_a_neighbour_reads_nothing(person: Person, whole: tuple[Path, str], neighbour: str) -> None:
    course, _ = whole
    code = f"""
import urllib.error, urllib.request
for path in ("", "command/core/get-version", "command/core/get-csrf-token", "project-styles/main.less"):
    try:
        print(urllib.request.urlopen(f"http://127.0.0.1:{port_of(person, course, "openrefine")}/{{path}}").read())
    except urllib.error.HTTPError as error:
        print(error.code)
"""
    ran = subprocess.run(["/usr/bin/python3", "-c", code], user=neighbour, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["401"] * 4


@takes_usual_ports
def test_openrefine_in_a_browser(person: Person, whole: tuple[Path, str]) -> None:
    course, address = whole
    jupyter = port_of(person, course, "jupyter")
    check_openrefine(Jupyter(f"http://127.0.0.1:{jupyter}/", address.rpartition("token=")[2]))


def is_loopback(address: str) -> bool:
    """Whether nobody but this machine reaches an address; Java writes 127.0.0.1 as one of IPv6."""
    return ipaddress.ip_address(address.removeprefix("::ffff:")).is_loopback


@takes_usual_ports
def test_passwords_are_for_nobody_else(person: Person, whole: tuple[Path, str]) -> None:
    course, _ = whole
    home = person.services / course.name
    secrets = {file.name: file.read_text() for file in (home / "passwords").iterdir()}
    assert len(set(secrets.values())) == len(secrets) >= 4
    assert all(file.stat().st_mode & 0o077 == 0 for file in [*(home / "passwords").iterdir(), home / "passwords"])
    for file in [*home.glob("run/*"), *home.glob("run/logs/*"), *home.glob("services/jupyter/state/config/*")]:
        if file.is_file():
            assert not any(secret in file.read_text(errors="replace") for secret in secrets.values()), file
    for process in processes(person):
        assert not any(secret in " ".join(command_of(process)) for secret in secrets.values()), process


@takes_usual_ports
def test_the_databases_outlive_a_power_cut(person: Person, whole: tuple[Path, str]) -> None:
    course, _ = whole
    psql(person, course, "CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (42)")
    for process in processes(person):
        process.send_signal(signal.SIGSTOP)  # so that nobody cleans up after another
    killed = processes(person)
    for process in killed:
        process.kill()
    psutil.wait_procs(killed, timeout=20)
    up = person.run(course, "up")
    assert up.returncode == 0, up.stderr
    assert psql(person, course, "SELECT n FROM kept") == "42"


@takes_usual_ports
def test_supervisor_alone_is_killed(person: Person, whole: tuple[Path, str]) -> None:
    course, _ = whole
    (supervisor,) = (one for one in processes(person) if "supervisor.supervisord" in command_of(one))
    ports = (person.services / course.name / "ports.json").read_text()
    supervisor.kill()
    supervisor.wait(10)
    status = person.run(course, "status")
    assert re.search(r"^openrefine +left behind +\d+$", status.stdout, re.MULTILINE)
    assert status.stderr.startswith("Supervisor was killed, and these services still run: coursewright up starts them")
    assert person.run(course, "up").returncode == 0
    assert (person.services / course.name / "ports.json").read_text() == ports
    assert len([one for one in processes(person) if "supervisor.supervisord" in command_of(one)]) == 1
    assert len([one for one in processes(person) if name_of(one) == "java"]) == 1


def psql(person: Person, course: Path, sql: str) -> str:
    import psycopg

    password = (person.services / course.name / "passwords" / "postgres").read_text()
    port = port_of(person, course, "postgres")
    with psycopg.connect(f"postgresql://learner:{password}@127.0.0.1:{port}/course", autocommit=True) as connection:
        cursor = connection.execute(sql)
        return str(cursor.fetchall()[0][0]) if cursor.description else ""
