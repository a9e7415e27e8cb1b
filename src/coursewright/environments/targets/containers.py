"""An environment for editors and for Compose: `.devcontainer/devcontainer.json` and `compose.yaml`, of the same image.

Both show one port, Jupyter's, behind which all services are, to this machine alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import yaml

DEVCONTAINER = ".devcontainer"
RECIPE = f"{DEVCONTAINER}/image"
MARKED = "Written by `coursewright publish devcontainer`"
_HOME = "/home/learner"
_TOKEN = f"{_HOME}/.local/share/coursewright/image/passwords/jupyter"
_PORT = 8888


def devcontainer(title: str, image: str = "") -> str:
    """The text of `devcontainer.json`, for `image`, or else for the recipe in RECIPE."""
    made: Mapping[str, object] = {"image": image} if image else {
        "build": {"dockerfile": "image/Containerfile", "context": "image"}
    }  # fmt: skip
    said = {
        "name": title.replace("${", "$ {"),  # which would be a variable
        **made,
        "overrideCommand": False,  # the image's own starts the services
        "remoteUser": "learner",
        "containerEnv": {"COURSEWRIGHT_COURSE": "${containerWorkspaceFolder}"},
        "forwardPorts": [_PORT],
        "portsAttributes": {str(_PORT): {"label": "Jupyter, and all services behind it", "onAutoForward": "notify"}},
        "otherPortsAttributes": {"onAutoForward": "ignore"},
        "postAttachCommand": f"printf 'The token of Jupyter: '; cat {_TOKEN}",
    }
    return f"// {MARKED}, from the tiers of the course.\n{json.dumps(said, indent=2, ensure_ascii=False)}\n"


def compose(project: str, stop_seconds: int, image: str = "") -> str:
    """The text of `compose.yaml`, for `image`, or else for the recipe in RECIPE, whose image is called `project`."""
    build = {} if image else {"build": {"context": f"./{RECIPE}", "dockerfile": "Containerfile"}}
    service = {
        "image": (image or project).replace("$", "$$"),
        **build,
        "ports": [f"127.0.0.1:{_PORT}:{_PORT}"],
        "volumes": [f"home:{_HOME}", f".:{_HOME}/course"],
        "stop_grace_period": f"{stop_seconds}s",
    }
    said = {"services": {"course": service}, "volumes": {"home": {}}}
    told = f"# {MARKED}. The token: docker compose exec course cat {_TOKEN}\n"
    return told + yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=10**6)
