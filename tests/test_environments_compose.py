"""Staged services: several tiers speak of one service, and the result is the same for the same tiers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.environments.environment import read_environment
from coursewright.environments.explaining import explain
from coursewright.environments.runtime.compose import Fragment, Setting, compose, order
from coursewright.errors import SeveralProblems

JUPYTER = """
[tier]
name = "jupyter"
[users]
student = {}
[services.jupyter]
command = "jupyter lab"
user = "student"
port = 8888
arguments = ["--a", "--b"]
environment = { LANG = "C.UTF-8" }
"""


def environment(folder: Path, *tiers: str):
    for number, text in enumerate(tiers):
        tier = folder / "environment" / f"{number}0-tier"
        tier.mkdir(parents=True, exist_ok=True)
        (tier / "tier.toml").write_text(text.strip() + "\n")
    return read_environment(folder)


def test_a_later_tier_amends_a_service(tmp_path):
    branding = """
[tier]
name = "branding"
[amend.jupyter]
environment = { OU_MODULE = "TM351" }
arguments.add = ["--c"]
arguments.remove = ["--a"]
set.stop_wait = "20s"
"""
    service = environment(tmp_path, JUPYTER, branding).services["jupyter"]
    assert service.arguments == ("--b", "--c")
    assert service.environment == {"LANG": "C.UTF-8", "OU_MODULE": "TM351"}
    assert (service.stop_wait, service.port) == ("20s", 8888)


def test_every_setting_is_explained_with_the_line_that_set_it(tmp_path):
    change = """
[tier]
name = "change"
[amend.jupyter]
override = true
set.port = 80
arguments.remove = ["--a"]
unset = ["environment.LANG"]
"""
    composed = environment(tmp_path, JUPYTER, change).composed
    lines = [
        (one.key, one.value, one.origin.tier, one.origin.line, [(value, at.line) for value, at in one.before])
        for one in explain(composed, "jupyter")
    ]
    assert lines == [
        ("command", "jupyter lab", "jupyter", 6, []),
        ("user", "student", "jupyter", 7, []),
        ("port", 80, "change", 5, [(8888, 8)]),
        ("arguments", "--b", "jupyter", 9, []),
        ("arguments", None, "change", 6, [("--a", 9)]),
        ("environment.LANG", None, "change", 7, [("C.UTF-8", 10)]),
    ]


CONFLICTS = {
    "a value that another tier has set": (
        "[amend.jupyter]\nset.port = 80\n",
        "error: jupyter (COURSE/environment/00-tier/tier.toml:8) has set jupyter.port to 8888, and other to 80\n"
        "  --> COURSE/environment/10-tier/tier.toml:4\n"
        "hint: say `override = true` in [amend.jupyter], or leave it as it is",
    ),
    "a service twice": (
        '[services.jupyter]\ncommand = "x"\nport = 1\n',
        'error: two tiers define the service "jupyter": jupyter (COURSE/environment/00-tier/tier.toml:5) and other\n'
        "  --> COURSE/environment/10-tier/tier.toml:3\n"
        "hint: change what is there in [amend.jupyter]",
    ),
    "a service that nobody defines": (
        "[amend.jupiter]\nset.port = 80\n",
        'error: no tier before other defines the service "jupiter"\n'
        "  --> COURSE/environment/10-tier/tier.toml:3\n"
        "hint: defined so far: jupyter",
    ),
    "a port twice": (
        '[services.web]\ncommand = "x"\nport = 8888\n',
        'error: "jupyter" (COURSE/environment/00-tier/tier.toml:8) and "web" have the same port, 8888\n'
        "  --> COURSE/environment/10-tier/tier.toml:5\n"
        "hint: give one of them another port",
    ),
    "a user that no tier makes": (
        '[services.web]\ncommand = "x"\nport = 1\nuser = "www"\n',
        'error: the service "web" runs as "www", and no tier makes that user\n'
        "  --> COURSE/environment/10-tier/tier.toml:6\n"
        "hint: add it: [users.www]",
    ),
    "needs in a circle": (
        '[services.web]\ncommand = "x"\nport = 1\nneeds = ["jupyter"]\n[amend.jupyter]\nneeds.add = ["web"]\n',
        "error: these services need each other: jupyter → web → jupyter\n"
        "  --> COURSE/environment/10-tier/tier.toml:8\n"
        "hint: take one of them out of `needs`",
    ),
    "a need that is not there": (
        '[services.web]\ncommand = "x"\nport = 1\nneeds = ["mongo"]\n',
        'error: the service "web" needs "mongo", which no tier defines\n'
        "  --> COURSE/environment/10-tier/tier.toml:6\n"
        "hint: defined: jupyter, web",
    ),
    "removing what is not there": (
        '[amend.jupyter]\narguments.remove = ["--z"]\n',
        "error: other removes '--z' from arguments of \"jupyter\", where it is not\n"
        "  --> COURSE/environment/10-tier/tier.toml:4\n"
        "hint: take it out of `remove`",
    ),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_conflict_is_named_with_both_places(name, tmp_path):
    text, says = CONFLICTS[name]
    with pytest.raises(SeveralProblems) as raised:
        environment(tmp_path, JUPYTER, '[tier]\nname = "other"\n' + text).services  # noqa: B018 - read for its error
    assert str(raised.value).replace(str(tmp_path), "COURSE") == says


def test_all_conflicts_are_found_at_once(tmp_path):
    other = '[tier]\nname = "other"\n' + "".join(
        text for name, (text, _) in CONFLICTS.items() if name in ("a service twice", "a service that nobody defines")
    )
    with pytest.raises(SeveralProblems) as raised:
        environment(tmp_path, JUPYTER, other).services  # noqa: B018 - read for its error
    assert len(raised.value.problems) == 2


# What must hold for any tiers

NAMES = st.sampled_from(["one", "two", "three"])
ITEMS = st.lists(st.sampled_from(["-a", "-b", "-c", "-d"]), max_size=4, unique=True)
VALUES = st.integers(1, 5)
SERVICE = st.fixed_dictionaries(
    {"command": st.sampled_from(["x", "y"])},
    optional={"arguments": ITEMS, "environment": st.dictionaries(st.sampled_from("ABC"), VALUES), "folder": NAMES},
)
CHANGE = st.fixed_dictionaries(
    {"override": st.booleans()},
    optional={
        "set": st.fixed_dictionaries({}, optional={"folder": NAMES, "command": NAMES}),
        "unset": st.lists(st.sampled_from(["folder", "environment.A"]), max_size=2, unique=True),
        "arguments": st.fixed_dictionaries({}, optional={"replace": ITEMS, "remove": ITEMS, "add": ITEMS}),
        "environment": st.dictionaries(st.sampled_from("ABC"), VALUES),
    },
)
TIERS = st.lists(
    st.tuples(st.dictionaries(NAMES, SERVICE, max_size=2), st.dictionaries(NAMES, CHANGE, max_size=2)), max_size=5
).map(lambda tiers: [Fragment(f"tier{n}", f"{n}.toml", *tier) for n, tier in enumerate(tiers)])


@given(TIERS)
def test_the_same_tiers_give_the_same_services(tiers):
    assert compose(tiers) == compose(tiers)


@given(TIERS)
def test_a_tier_that_says_nothing_changes_nothing(tiers):
    empty = Fragment("empty", "empty.toml")
    assert compose([empty, *tiers, empty]) == compose(tiers)


@given(TIERS)
def test_the_order_of_keys_in_a_tier_does_not_matter(tiers):
    turned = [
        Fragment(
            tier.tier,
            tier.file,
            {name: dict(reversed(service.items())) for name, service in tier.services.items()},
            {name: dict(reversed(change.items())) for name, change in tier.amend.items()},
        )
        for tier in tiers
    ]
    one, other = compose(tiers), compose(turned)
    assert {name: one.service(name) for name in one.services} == {name: other.service(name) for name in other.services}
    assert {conflict.message for conflict in one.conflicts} == {conflict.message for conflict in other.conflicts}


@given(TIERS)
def test_every_value_comes_from_a_tier_that_says_it(tiers):
    composed = compose(tiers)
    said = {tier.tier: json.dumps([tier.services, tier.amend]) for tier in tiers}

    def check(setting: Setting) -> None:
        for one in setting.value if isinstance(setting.value, tuple) else (setting,):
            if one.value is not None and not isinstance(one.value, tuple):
                assert json.dumps(one.value) in said[one.origin.tier]
        if setting.replaced:
            check(setting.replaced)

    for settings in composed.services.values():
        for setting in settings.values():
            check(setting)


@given(TIERS)
def test_two_neighbours_that_speak_of_different_services_can_change_places(tiers):
    for at in range(len(tiers) - 1):
        one, other = tiers[at], tiers[at + 1]
        if not {*one.services, *one.amend} & {*other.services, *other.amend}:
            swapped = [*tiers[:at], other, one, *tiers[at + 2 :]]
            assert {n: compose(tiers).service(n) for n in compose(tiers).services} == {
                n: compose(swapped).service(n) for n in compose(swapped).services
            }


@given(st.permutations(["a", "b", "c", "d"]))
def test_services_come_after_those_that_they_need(names):
    needs = {"a": [], "b": ["a"], "c": ["a", "b"], "d": ["c"]}
    services = {name: {"command": "x", "port": ord(name), "needs": needs[name]} for name in names}
    assert order(compose([Fragment("one", "one.toml", services)])) == ["a", "b", "c", "d"]
