"""Addresses with something secret in them: where the secret comes from, and how the address is shown without it."""

from __future__ import annotations

import os
import re
from urllib.parse import quote, unquote, urlsplit

from coursewright.errors import CoursewrightError, Place

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_SERVICE = "coursewright"  # the name under which a keyring holds passwords


def fill(address: str, place: Place | None) -> str:
    """The address with each `${NAME}` as the environment has it, and with the password that a keyring holds.

    A keyring (the Python package of that name, where it is installed) is asked for the service "coursewright" and
    "user@host" when an address of a database names a user and no password. Raises CoursewrightError for a password
    that is written out, and for a variable that is not set.
    """
    password = _parts(address)[2]
    if password and not _VARIABLE.search(password):
        hint = "write ${NAME} in its place, and put the password into the environment variable NAME"
        raise CoursewrightError(f"{shown(address)} has its password written out", place, hint)

    def value(found: re.Match[str]) -> str:
        if found[1] not in os.environ:
            message = f"{shown(address)} needs the environment variable {found[1]}, which is not set"
            raise CoursewrightError(message, place, f"for instance: export {found[1]}=…")
        return quote(os.environ[found[1]], safe="")

    filled = _VARIABLE.sub(value, address)
    scheme, user, password, host = _parts(filled)
    if user and not password and not scheme.startswith("http"):
        kept = _from_keyring(f"{unquote(user)}@{urlsplit(f'//{host}').hostname}")
        if kept is not None:
            return f"{scheme}://{user}:{quote(kept, safe='')}@{host}"
    return filled


def shown(address: str) -> str:
    """The address without what may be secret: no password, no query, no fragment, and no user on the web."""
    scheme, user, _, host = _parts(re.split("[?#]", address, maxsplit=1)[0])
    return f"{scheme}://{'' if scheme.startswith('http') or not user else f'{user}@'}{host}" if scheme else host


def _parts(address: str) -> tuple[str, str, str, str]:
    """The scheme, the user, the password, and what comes after these; a password may have any sign in it."""
    scheme, slashes, rest = address.partition("://")
    if not slashes:
        return "", "", "", address
    host = rest.partition("/")[0] if scheme.startswith("http") else rest.partition("?")[0]
    user, at, _ = host.rpartition("@")
    name, _, password = user.partition(":")
    return scheme, name, password, rest[len(user) + len(at) :]


def _from_keyring(name: str) -> str | None:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        password: str | None = keyring.get_password(_SERVICE, name)
    except keyring.errors.KeyringError:
        return None
    return password
