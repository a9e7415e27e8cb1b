"""What logs in to Jupyter stays with Jupyter: its cookies and its token are not handed on to the services behind it.

A service is a program that somebody else wrote, and may be another user's: with Jupyter's cookie it could run anything
as the learner. The configuration of Jupyter loads this file by its place, in Jupyter's own Python: it imports nothing
of ours.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Beginnings of cookies: a hub's, those against requests of other sites, and Jupyter's, also of another course's at
# another port of this machine: browsers do not part cookies by ports.
_LOGINS = ("jupyterhub-", "_xsrf", "username-")
_SCHEMES = re.compile(r"(?i)\s*(?:token|bearer)\s")  # by which scripts log in


def hide_logins(handler: type[Any]) -> None:
    """Let a handler of jupyter-server-proxy's hand on requests without what logs in."""
    headers_of, address_of = handler.proxy_request_headers, handler.get_client_uri

    def proxy_request_headers(self: Any) -> Any:
        headers = headers_of(self)
        own = self.identity_provider.get_cookie_name(self)
        headers["Cookie"] = _without_logins(headers.get("Cookie", ""), own)
        if not headers["Cookie"]:
            del headers["Cookie"]
        if _SCHEMES.match(headers.get("Authorization", "")):
            del headers["Authorization"]
        if "Referer" in headers:
            headers["Referer"] = without_token(headers["Referer"])
        return headers

    def get_client_uri(self: Any, *where: Any) -> str:
        return without_token(address_of(self, *where))

    handler.proxy_request_headers, handler.get_client_uri = proxy_request_headers, get_client_uri


def _without_logins(cookies: str, own: str) -> str:
    kept = [one.strip() for one in cookies.split(";") if one.strip()]
    return "; ".join(one for one in kept if not one.startswith((*_LOGINS, f"{own}=")))


def without_token(address: str) -> str:
    """An address whose query says no token; any other is as it was, letter by letter."""
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not any(name == "token" for name, _ in pairs):
        return address
    query = urlencode([(name, value) for name, value in pairs if name != "token"])
    return urlunsplit(parts._replace(query=query))
