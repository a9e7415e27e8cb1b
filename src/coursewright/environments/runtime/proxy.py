"""Services with a path -> the text of a `jupyter_server_config.py`, by which they are reached behind Jupyter's port.

Supervisor runs the services; jupyter-server-proxy only leads to them, and lets nobody through who has not logged in to
Jupyter. Nothing secret is in the text: the token is in the environment, and base_url comes from the command line or
the hub.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FILE = "jupyter_server_config.py"

# What Jupyter, its extensions and hubs answer themselves.
RESERVED = frozenset(
    {"api", "consoles", "custom", "desktop", "doc", "edit", "files", "hub", "kernelspecs", "lab", "labextensions"}
    | {"login", "logout", "lsp", "metrics", "nbclassic", "nbconvert", "nbextensions", "notebooks", "proxy"}
    | {"server-proxy", "services", "static", "terminals", "tree", "user", "view", "voila"}
)

_BEGINNING = '''\
"""How Jupyter listens, and what is reached behind its port. Written by Coursewright at every start."""

from importlib.util import find_spec, module_from_spec, spec_from_file_location

spec = spec_from_file_location("coursewright_rewrite", {rewrite!r})
rewrite = module_from_spec(spec)
spec.loader.exec_module(rewrite)

c.ServerApp.ip = {ip!r}
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.disable_check_xsrf = False
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LanguageServerManager.autodetect = bool(find_spec("jupyterlab_lsp"))  # to look for them, R and Node.js are started

c.ServerProxy.non_service_rewrite_response = rewrite.below()
c.ServerProxy.servers = {{
'''


def jupyter_config(
    services: Mapping[str, Mapping[str, Any]], ports: Mapping[str, int], *, ip: str = "127.0.0.1"
) -> str:
    """The whole text of the file, the same for the same services and ports.

    `services` are dictionaries as `Composed.service` gives them, `ports` those that were found for them, by name; `ip`
    is what Jupyter listens on. Raises ValueError for a path that cannot be one.
    """
    text = _BEGINNING.format(rewrite=str(Path(__file__).with_name("rewrite.py").resolve()), ip=ip)
    for name, service in services.items():
        if service.get("path"):
            text += "".join(f"    {line}\n" for line in _entry(name, service, ports.get(name, service.get("port"))))
    return f"{text}}}\n"


def _entry(name: str, service: Mapping[str, Any], port: int | None) -> Iterator[str]:
    """The lines of one service."""
    path, proxy = check_path(service["path"]), service.get("proxy", {})
    if port is None:
        raise ValueError(f'the service "{name}" has a path and no port')
    links = tuple(str(link) for link in proxy.get("rewrite", ()))
    host = str(proxy.get("host", "")).replace("{port}", str(port))
    launcher = {"title": str(proxy.get("title") or name), "path_info": f"{path}/"}
    if icon := proxy.get("icon"):
        launcher["icon_path"] = str(icon)
    yield f"{path!r}: {{"
    yield '    "command": [],'
    yield f'    "port": {port:d},'
    yield f'    "absolute_url": {bool(proxy.get("absolute", False))},'
    yield f'    "launcher_entry": {launcher!r},'
    yield f'    "request_headers_override": {_headers(host, links)!r},'
    yield f'    "rewrite_response": rewrite.below({links!r}, {host!r}),'
    yield "},"


def _headers(host: str, links: tuple[str, ...]) -> dict[str, str]:
    """The headers that the service is given in place of the browser's; the proxy fills in braces in them."""
    headers = {"Host": host} if host else {}
    if links:  # what is packed cannot be rewritten
        headers["Accept-Encoding"] = "identity"
    return {name: value.replace("{", "{{").replace("}", "}}") for name, value in headers.items()}


def check_path(path: str) -> str:
    """The name below which Jupyter shows a service. Raises ValueError for one that cannot be, or is Jupyter's own."""
    name = path.strip("/")
    if not re.fullmatch("[A-Za-z0-9_-]+", name):
        raise ValueError(f'"{path}" is no path')
    if name.lower() in RESERVED:
        raise ValueError(f'"{path}" is an address of Jupyter itself')
    return name
