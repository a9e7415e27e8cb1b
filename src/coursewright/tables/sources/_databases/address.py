"""Where a database is and who asks: its URL, taken apart, with what is secret filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.fetching import secrets

# What the scheme of a URL says about who reads it; a driver after "+" is SQLAlchemy's, and ours is used all the same.
_KINDS = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
}
# What Spark is reached by where it serves SQL, and what people call it.
_CALLED = {"spark": "hive"}
_OTHERS = ("databricks", "duckdb", "hive", "mssql", "oracle", "snowflake", "trino")
_SECRET = ("passwd", "password", "pwd", "sslpassword", "token")
SECONDS_TO_CONNECT = 10


@dataclass(frozen=True, slots=True)
class Address:
    """A database; `kind` is "postgresql", "mysql", "sqlite" or another dialect of SQLAlchemy."""

    kind: str
    scheme: str
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: int | None = None
    database: str = ""
    options: str = field(default="", repr=False)
    place: Place | None = None
    root: Path = Path()

    @property
    def server(self) -> str:
        """The host and its port, for messages."""
        if not self.host:
            return "this machine"
        return f"{self.host}:{self.port}" if self.port else self.host

    @property
    def shown(self) -> str:
        """The URL without user, password and options, for messages."""
        return f"{self.scheme}://{self.server if self.host else ''}/{self.database}"

    def url(self, scheme: str, options: str | None = None) -> str:
        """The URL with everything in it: for a driver, and for nothing else."""
        login = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        host = f"[{self.host}]" if ":" in self.host else self.host
        place = host + (f":{self.port}" if self.port else "")
        asked = self.options if options is None else options
        at = "@" if login else ""
        return f"{scheme}://{login}{at}{place}/{quote(self.database, safe='/')}" + (f"?{asked}" if asked else "")

    def problem(self, message: str, hint: str = "") -> CoursewrightError:
        """`message` as an error; a driver that has put the password into it is not repeated."""
        return CoursewrightError(self.hidden(message), self.place, self.hidden(hint))

    def hidden(self, text: str) -> str:
        """`text` without the password, in any of the forms in which drivers write it."""
        forms = {self.password, quote(self.password, safe=""), quote(self.password), quote_plus(self.password)}
        forms |= {repr(self.password)[1:-1], self.password.replace("\\", "\\\\").replace("'", "\\'")}
        for form in sorted(forms, key=len, reverse=True):
            text = text.replace(form, "…") if form else text
        return text


def parse(url: str, *, place: Place | None, root: Path) -> Address:
    """The address that `url` says. Raises CoursewrightError for one that cannot be read, or a password written out."""
    scheme, separator, rest = secrets.fill(url, place).partition("://")
    scheme = _CALLED.get(scheme.lower(), scheme)
    name = scheme.partition("+")[0].lower()
    if not separator:
        hint = 'for instance "postgresql://user:${PASSWORD}@host/database"'
        raise CoursewrightError("the address of the database is no URL", place, hint)
    kind = _kind(name, place)
    if kind == "sqlite":
        return Address(kind, name, database=unquote(rest.removeprefix("/").partition("?")[0]), place=place, root=root)
    try:
        parts = urlsplit(f"//{rest}")
        port = parts.port
    except ValueError:
        hint = "write signs such as : / @ # in a name as %3A %2F %40 %23"
        raise CoursewrightError("the address of the database cannot be read", place, hint) from None
    for option, _ in parse_qsl(parts.query):
        if option.lower() in _SECRET:
            hint = f"a password stands before the @: {name}://user:${{PASSWORD}}@host/database"
            raise CoursewrightError(f'the address of the database has the option "{option}"', place, hint)
    if kind == "mysql" and not parts.hostname:
        hint = f"for instance {name}://user:${{PASSWORD}}@127.0.0.1/database"
        raise CoursewrightError("the address of the database names no host", place, hint)
    return Address(
        kind,
        name if kind in _KINDS.values() else scheme.lower(),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        unquote(parts.hostname or ""),
        port,
        unquote(parts.path.removeprefix("/")),
        parts.query,
        place,
        root,
    )


def _kind(name: str, place: Place | None) -> str:
    if name in _KINDS:
        return _KINDS[name]
    if name in _OTHERS or _is_dialect(name):
        return name
    raise CoursewrightError(f'no database called "{name}://" is known', place, did_you_mean(name, [*_KINDS, *_OTHERS]))


def _is_dialect(name: str) -> bool:
    """Whether SQLAlchemy, or a package beside it, knows the name."""
    from importlib.metadata import entry_points

    return bool(entry_points(group="sqlalchemy.dialects", name=name))
