"""Hubs for classes: values for Zero to JupyterHub and BinderHub, and the settings of a TLJH, as plain data and text.

What is in them hangs on the settings alone. Tests hold the values against the schemas of both charts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from coursewright.environments.images.reference import ImageReference

HOME = "/home/learner"
Login = Literal["native", "lti13", "github", "globus", "google", "openid"]
_CLASSES = {"openid": "generic-oauth"}
_PATIENCE = 120  # seconds for a server to answer: content is fetched before it starts


@dataclass(frozen=True)
class StudentLimits:
    """What one student is sure to have, and may have at most: memory in MB, processors; and a disk in GB."""

    memory: int = 512
    most_memory: int = 2048
    cpu: float = 0.05
    most_cpu: float = 2
    disk: int = 2


@dataclass(frozen=True)
class Profile:
    """A course on a hub: its image, the repository of its content, the services that have a path, by their titles."""

    slug: str
    title: str
    image: ImageReference
    content: str
    branch: str = "main"
    services: tuple[tuple[str, str], ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        """What the image is told."""
        return {
            "COURSEWRIGHT_CONTENT": self.content,
            "COURSEWRIGHT_CONTENT_BRANCH": self.branch,
            "COURSEWRIGHT_COURSE": f"{HOME}/{self.slug}",
        }


@dataclass(frozen=True)
class Hub:
    """A hub of `students`, who log in by `login`; a server that nobody uses for `idle` minutes is stopped."""

    profiles: Sequence[Profile]
    limits: StudentLimits = StudentLimits()
    students: int = 30
    login: Login = "native"
    admins: tuple[str, ...] = ()
    idle: int = 60


def values(hub: Hub) -> dict[str, Any]:
    """The values for the chart of Zero to JupyterHub."""
    config: dict[str, Any] = {
        "JupyterHub": {"authenticator_class": _CLASSES.get(hub.login, hub.login)},
        "Authenticator": {"admin_users": list(hub.admins)},
        "Spawner": {"http_timeout": _PATIENCE},
    }
    if hub.login == "native":  # who signs up is let in by an administrator
        config["NativeAuthenticator"] = {"open_signup": False, "minimum_password_length": 10}
        config["Authenticator"]["allow_all"] = True
    return {
        "hub": {
            "config": config,
            "activeServerLimit": hub.students,
            "concurrentSpawnLimit": 64,
        },
        "singleuser": _servers(hub),
        "scheduling": {
            "userScheduler": {"enabled": True},
            "podPriority": {"enabled": True},
            "userPlaceholder": {"enabled": True, "replicas": max(1, hub.students // 30)},
        },
        "prePuller": {"hook": {"enabled": True}, "continuous": {"enabled": True}},
        "cull": {"enabled": True, "timeout": hub.idle * 60, "every": 300, "maxAge": 0, "users": False},
    }


def _servers(hub: Hub) -> dict[str, Any]:
    limits, first = hub.limits, hub.profiles[0]
    said: dict[str, Any] = {
        "image": _image(first.image),
        "uid": 1000,
        "fsGid": 100,
        "startTimeout": 600,
        "defaultUrl": "/lab",
        "extraEnv": first.environment,
        "memory": {"guarantee": f"{limits.memory}M", "limit": f"{limits.most_memory}M"},
        "cpu": {"guarantee": limits.cpu, "limit": limits.most_cpu},
        "storage": {"type": "dynamic", "capacity": f"{limits.disk}Gi", "homeMountPath": HOME},
        "cloudMetadata": {"blockWithIptables": True},
        "networkPolicy": {"enabled": True},
    }
    if len(hub.profiles) > 1:
        said["profileList"] = [_profile(one, is_first=one is first) for one in hub.profiles]
    return said


def _profile(profile: Profile, *, is_first: bool) -> dict[str, Any]:
    named = _image(profile.image)
    listed = ", ".join(f"{title} at {path}" for path, title in profile.services)
    return {
        "display_name": profile.title,
        "slug": profile.slug,
        "description": f"JupyterLab{f', with {listed}' if listed else ''}",
        **({"default": True} if is_first else {}),
        "kubespawner_override": {"image": f"{named['name']}:{named['tag']}", "environment": profile.environment},
    }


def _image(image: ImageReference) -> dict[str, str]:
    """An image as the chart puts it together again, with a colon between both."""
    if image.digest:
        how, _, number = image.digest.partition(":")
        return {"name": f"{image.name}@{how}", "tag": number}
    return {"name": image.name, "tag": image.tag}


@dataclass(frozen=True)
class OwnBinder:
    """A BinderHub at `address`, whose images go to `registry` by names that begin with `prefix`.

    Repositories in `banned` are not built. With `homes` people log in and keep what is in their home.
    """

    address: str
    hub_address: str
    registry: str
    prefix: str
    banned: tuple[str, ...] = ()
    quota: int = 100
    homes: bool = False


def binderhub(binder: OwnBinder, hub: Hub) -> dict[str, Any]:
    """The values for the chart of BinderHub, with those of the hub in which its servers run."""
    servers = values(hub)
    own: dict[str, Any] = {
        "use_registry": True,
        "image_prefix": binder.prefix,
        "hub_url": binder.hub_address,
        "per_repo_quota": binder.quota,
    }
    inside: dict[str, Any] = {
        "cull": servers["cull"],
        "singleuser": {name: servers["singleuser"][name] for name in ("memory", "cpu", "networkPolicy")},
    }
    if binder.homes:
        own["auth_enabled"] = True
        inside |= _homes(binder, servers)
    return {
        "config": {"BinderHub": own, "RepoProvider": {"banned_specs": [f"^{_spec(one)}/.*" for one in binder.banned]}},
        "registry": {"url": binder.registry},
        "imageCleaner": {"enabled": True, "imageGCThresholdType": "relative", "imageGCThresholdHigh": 80},
        "jupyterhub": inside,
    }


def _homes(binder: OwnBinder, servers: dict[str, Any]) -> dict[str, Any]:
    """What lets people log in, and each keep a home."""
    told = f"{binder.address}/oauth_callback"
    service = {"oauth_client_id": "service-binder", "oauth_no_confirm": True, "oauth_redirect_uri": told}
    config = {**servers["hub"]["config"], "BinderSpawner": {"auth_enabled": True}}
    kept = {"cmd": "jupyterhub-singleuser", "storage": servers["singleuser"]["storage"]}
    scopes = ["self", "access:services!service=binder"]
    names = ("memory", "cpu", "networkPolicy", "uid", "fsGid", "startTimeout")
    return {
        "hub": {
            "config": config,
            "redirectToServer": False,
            "services": {"binder": service},
            "loadRoles": {"user": {"scopes": scopes}},
        },
        "singleuser": {**{name: servers["singleuser"][name] for name in names}, **kept},
    }


def _spec(repository: str) -> str:
    """The repository as a regular expression that matches nothing else."""
    return "".join(sign if sign.isalnum() or sign in "/_-" else f"\\{sign}" for sign in repository)


def littlest(hub: Hub) -> str:
    """The text of a file in `jupyterhub_config.d` of The Littlest JupyterHub: one machine, the first course."""
    profile, limits = hub.profiles[0], hub.limits
    python = "/opt/tljh/user/bin/python"
    bring = [python, "-m", "coursewright.environments.runtime.pull", profile.content, profile.branch]
    command = [*bring, f"~/{profile.slug}", "--", "/opt/tljh/user/bin/jupyterhub-singleuser"]
    return _LITTLEST.format(
        command=json.dumps(command, indent=4),
        patience=_PATIENCE,
        memory=f"{limits.most_memory}M",
        cpu=limits.most_cpu,
        students=hub.students,
    )


_LITTLEST = '''\
"""The course before each server starts, and limits for each student. Goes into /opt/tljh/config/jupyterhub_config.d."""

c.Spawner.cmd = {command}
c.Spawner.http_timeout = {patience}
c.Spawner.mem_limit = "{memory}"
c.Spawner.cpu_limit = {cpu}
c.JupyterHub.active_server_limit = {students}
'''
