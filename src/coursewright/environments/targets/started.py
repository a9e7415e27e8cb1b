"""The services of tiers where nobody is root: what starts them from the folder that they are carried in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from coursewright.environments.environment import Environment
from coursewright.environments.runtime.program import WEB
from coursewright.environments.tier import CATALOGUE, FILE, Tier
from coursewright.environments.written import TierFile
from coursewright.errors import Problem

MARKED = "# Written by `coursewright publish binder`.\n"
FOLDER = "services"
RUNTIME = Path(__file__).parent.parent / "runtime"
BROUGHT = ("r", "rstudio", "shiny")
"""Tiers of the catalogue whose services repo2docker has itself, where R is asked of it."""
_COMMAND = f"""\
here="$(cd "$(dirname "${{BASH_SOURCE[0]}}")" && pwd)/{FOLDER}"
export COURSEWRIGHT_TIERS="$here/tiers" COURSEWRIGHT_COURSE="${{COURSEWRIGHT_COURSE:-${{REPO_DIR:-$PWD}}}}"
export PYTHONPATH="$here${{PYTHONPATH:+:$PYTHONPATH}}"
exec python3 -s -m runtime.entry "$@\""""


@dataclass(frozen=True)
class StartScript:
    """What has to be carried along, `texts` and `copies` by their paths, and the command in front of another."""

    texts: dict[str, str] = field(default_factory=dict)
    copies: dict[str, Path] = field(default_factory=dict)
    command: str = ""
    unsaid: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def is_brought(tier: Tier) -> bool:
    """Whether what the tier runs is in repo2docker's own image."""
    return tier.folder.parent == CATALOGUE and tier.name in BROUGHT


def started(environment: Environment) -> StartScript:
    """What starts the services of an environment, if it has any but Jupyter as it comes."""
    tiers = [tier for tier in environment.tiers if not is_brought(tier)]
    brought = {name for tier in environment.tiers if is_brought(tier) for name in tier.written.services}
    said = {tier.name: _fragment(tier, brought) for tier in tiers}
    unsaid = [*_unreached(tiers, said), *_amended(tiers, brought)]
    notes = (f'note: the service "{name}" is repo2docker\'s own, at /{name}/' for name in sorted(brought))
    if not any(_is_ours(tier, said[tier.name]) for tier in tiers):
        return StartScript(unsaid=tuple(unsaid), notes=tuple(notes))
    texts, copies = {}, {}
    moved: dict[str, str] = {}
    for place, tier in enumerate(tiers, 1):
        texts[f"{FOLDER}/tiers/{place:03}-{tier.name}.json"] = _json(said[tier.name])
        for name, file in _files(tier).items():
            source = tier.folder / name
            for one in sorted(source.rglob("*")) if source.is_dir() else [source]:
                if one.is_file():
                    copies[f"{FOLDER}/files/{tier.name}/{one.relative_to(tier.folder).as_posix()}"] = one
            moved[file.to.rstrip("/")] = f"files/{tier.name}/{name.rstrip('/')}"
    texts[f"{FOLDER}/files.json"] = _json(moved)
    copies |= {f"{FOLDER}/runtime/{file.name}": file for file in sorted(RUNTIME.glob("*.py"))}
    return StartScript(texts, copies, _COMMAND, tuple(unsaid), (*notes, *_alone(tiers)))


def _fragment(tier: Tier, brought: set[str]) -> dict[str, Any]:
    """What the tier says of services, but for what it changes in those that are not ours to start."""
    said = asdict(tier.fragment)
    return {
        **said,
        "file": f"{tier.name}/{FILE}",
        "amend": {name: change for name, change in said["amend"].items() if name not in brought},
    }


def _is_ours(tier: Tier, said: Mapping[str, Any]) -> bool:
    """Whether a tier has something to start, or to tell Jupyter, that Binder does not do by itself."""
    as_it_comes = tier.folder == CATALOGUE / "jupyter"
    return bool(said["amend"] or (said["services"] and not as_it_comes))


def _files(tier: Tier) -> dict[str, TierFile]:
    return {name: one if isinstance(one, TierFile) else TierFile(one) for name, one in tier.written.files.items()}


def _unreached(tiers: list[Tier], said: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Files at places that only root can write to, and that no service is told of, which could be told another."""
    told = json.dumps([(one["services"], one["amend"]) for one in said.values()], ensure_ascii=False)
    for tier in tiers:
        for name, file in _files(tier).items():
            if not re.search(rf"(?<![\w./-]){re.escape(file.to.rstrip('/'))}(?![\w.-])", told):
                message = f'the file "{name}" cannot be put at {file.to}: on Binder nobody is root'
                hint = "put it into the course itself, where notebooks find it, or publish an image"
                yield Problem(message, tier.place("files", name), hint, "binder")


def _amended(tiers: list[Tier], brought: set[str]) -> Iterator[Problem]:
    for tier in tiers:
        for name in brought & set(tier.written.amend):
            message = f'the service "{name}" is repo2docker\'s own, and cannot be changed'
            hint = "publish an image of the environment: coursewright publish binder --environment"
            yield Problem(message, tier.place("amend", name), hint, "binder")


def _alone(tiers: list[Tier]) -> Iterator[str]:
    users = {one.user for tier in tiers for one in tier.written.services.values() if one.user}
    if len(users) > 1 or any(name != WEB for tier in tiers for name in tier.written.services):
        yield "note: on Binder all services are one user's, who can read what each of them keeps"


def _json(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
