"""Services with a path -> the text of a `jupyter_server_config.py`, by which they are reached behind Jupyter's port.

Supervisor runs the services; jupyter-server-proxy only leads to them, and lets nobody through who has not logged in to
Jupyter. Nothing secret is in the text: the token and the services' logins are in the environment, and base_url comes
from the command line or the hub.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .program import Proxy, ServiceProgram

FILE = "jupyter_server_config.py"

# What Jupyter, its extensions and hubs answer themselves.
RESERVED = frozenset(
    {"api", "consoles", "custom", "desktop", "doc", "edit", "files", "hub", "kernelspecs", "lab", "labextensions"}
    | {"login", "logout", "lsp", "metrics", "nbclassic", "nbconvert", "nbextensions", "notebooks", "proxy"}
    | {"server-proxy", "services", "static", "terminals", "tree", "user", "view", "voila"}
)

_LARGEST = 2 * 2**30  # bytes that go up through the port in one piece; Jupyter's own limit is 0.5 GB
_ANY = 2**50  # bytes that come down: they pass through, and stay nowhere

_BEGINNING = '''\
"""How Jupyter listens, and what is reached behind its port. Written by Coursewright at every start."""

from base64 import b64encode
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from os import environ

from tornado.simple_httpclient import SimpleAsyncHTTPClient


def loaded(name, file):
    spec = spec_from_file_location(name, file)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rewrite = loaded("coursewright_rewrite", {rewrite!r})
if find_spec("jupyter_server_proxy"):
    from jupyter_server_proxy.handlers import ProxyHandler

    loaded("coursewright_discreet", {discreet!r}).hide_logins(ProxyHandler)
    loaded("coursewright_passage", {passage!r}).let_through(ProxyHandler, {patience!r}, {otherwise!r})
    loaded("coursewright_own", {own!r}).lead_to_own(ProxyHandler, {owners!r})


def basic(variable):
    return {{"Authorization": "Basic " + b64encode(environ.get(variable, "").encode()).decode()}}


def with_room(self, *arguments, before=SimpleAsyncHTTPClient.initialize, **options):
    before(self, *arguments, **{{"max_body_size": {any}, "max_buffer_size": {largest}, **options}})


SimpleAsyncHTTPClient.initialize = with_room  # for what services answer

c.ServerApp.ip = {ip!r}
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.disable_check_xsrf = False
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.ServerApp.max_body_size = c.ServerApp.max_buffer_size = {largest}
c.LanguageServerManager.autodetect = bool(find_spec("jupyterlab_lsp"))  # to look for them, R and Node.js are started

c.ServerProxy.non_service_rewrite_response = rewrite.below()
c.ServerProxy.servers = {{
'''


_KEEPING = """
c.ServerApp.jpserver_extensions = {{{module!r}: True}}
c.LabServerApp.extra_labextensions_path = [{folder!r}]
"""


def jupyter_config(programs: Iterable[ServiceProgram], *, ip: str = "127.0.0.1", keeping: bool = False) -> str:
    """The whole text of the file, the same for the same programs; `ip` is what Jupyter listens on.

    With `keeping`, learners have a page on which they keep their work, and notebooks a button that leads to it.

    Raises ValueError for a path that cannot be one, and for one of a program that says nowhere where it listens.
    """
    here, shown = Path(__file__).resolve().parent, [program for program in programs if program.path]
    # Beyond loopback Jupyter listens in containers alone, where there is nobody else.
    owners = {one.port: _number(one.user) for one in shown if one.port} if ip == "127.0.0.1" else {}
    text = _BEGINNING.format(
        **{name: str(here / f"{name}.py") for name in ("rewrite", "discreet", "own", "passage")},
        owners=owners,
        ip=ip,
        largest=_LARGEST,
        any=_ANY,
        patience={check_path(program.path): program.proxy.timeout for program in shown},
        otherwise=Proxy().timeout,
    )
    for program in shown:
        text += "".join(f"    {line}\n" for line in _entry(program))
    return f"{text}}}\n" + (
        _KEEPING.format(module=f"{__package__}.keep_page", folder=str(here / "labextensions")) if keeping else ""
    )


def _entry(program: ServiceProgram) -> Iterator[str]:
    """The lines of one program."""
    path, proxy = check_path(program.path), program.proxy
    if program.port is None and not program.socket:
        raise ValueError(f'the service "{program.name}" has a path, and nothing says where it listens')
    where = f'"unix_socket": {program.socket!r}' if program.socket else f'"port": {program.port:d}'
    login = f", **basic({program.login_variable!r})" if proxy.login else ""
    launcher = {"title": proxy.title or program.name, "path_info": f"{path}/"}
    if proxy.icon:
        launcher["icon_path"] = proxy.icon
    yield f"{path!r}: {{"
    yield '    "command": [],'
    yield f"    {where},"
    yield f'    "absolute_url": {proxy.absolute},'
    yield f'    "launcher_entry": {launcher!r},'
    yield f'    "request_headers_override": {{**{_headers(proxy.host, proxy.rewrite)!r}{login}}},'
    yield f'    "rewrite_response": rewrite.below({proxy.rewrite!r}, {proxy.host!r}),'
    yield "},"


def _number(user: str) -> int:
    """The number of the user that a program runs as; without a name, whoever runs this."""
    if not user or os.geteuid() != 0:
        return os.geteuid()
    import pwd  # which Windows has not, where courses are built as well

    return pwd.getpwnam(user).pw_uid


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
