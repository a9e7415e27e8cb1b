"""What is said of a server that does not let one in, refuses, or goes away: the same whatever the server."""

from __future__ import annotations

from coursewright.errors import CoursewrightError
from coursewright.tables.sources._databases.address import Address


def denied(address: Address) -> CoursewrightError:
    """The user or the password is wrong; a server does not say which."""
    hint = "check the user, and the variable of the environment that holds the password"
    return address.problem(f'{address.server} does not let "{address.user}" in with this password', hint)


def no_host(address: Address) -> CoursewrightError:
    """The name of the host is unknown."""
    return address.problem(f'there is no host called "{address.host}"', "check the address and the network")


def refused(address: Address) -> CoursewrightError:
    """Nobody listens at the port."""
    hint = "check the port, and that the server runs and listens there"
    return address.problem(f"no database answers at {address.server}", hint)


def no_database(address: Address) -> CoursewrightError:
    """The server is there, the database is not."""
    return address.problem(f'{address.server} has no database called "{address.database}"', "check its name")


def other(address: Address, said: str) -> CoursewrightError:
    """Anything else, in the driver's words."""
    lines = said.strip().splitlines() or ["it does not say why"]
    return address.problem(f"{address.server} cannot be reached: {lines[0]}")


def changing(address: Address) -> CoursewrightError:
    """The server was about to change something, in a session that may not."""
    return address.problem("the query would change the database", "write one SELECT; tables are never changed")


def gone(address: Address, rows: int = 0) -> CoursewrightError:
    """The server was lost while rows came; `rows` is how many had."""
    when = f"after {rows:,} rows" if rows else "before all rows had come"
    return address.problem(f"{address.shown} went away {when}", "no row is kept; try again when the server is back")
