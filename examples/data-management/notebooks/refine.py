"""OpenRefine from Python, by its HTTP API, with nothing but the standard library."""

from __future__ import annotations

import base64
import json
import os
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any


class Refine:
    """An OpenRefine at `address`, by default the one of this environment; `token` is Jupyter's, behind its port.

    The environment's own address has a name and a password in it, by which OpenRefine lets its user in.
    """

    def __init__(self, address: str = "", token: str = "") -> None:
        parts = urllib.parse.urlsplit(address or os.environ["OPENREFINE_URL"])
        login, at, host = parts.netloc.rpartition("@")
        basic = base64.b64encode(login.encode()).decode()
        self.address = f"{parts.scheme}://{host}{parts.path.rstrip('/')}/command/core/"
        self.headers = {"Authorization": f"Basic {basic}" if at else f"token {token}"} if at or token else {}

    def create(self, file: Path, name: str) -> Project:
        """A new project from a file of CSV, with all its values as text."""
        border = secrets.token_hex(16)
        parts = {
            'name="project-name"': name,
            'name="format"': "text/line-based/*sv",
            'name="options"': json.dumps({"separator": ",", "guessCellValueTypes": False, "trimStrings": False}),
            f'name="project-file"; filename="{file.name}"': file.read_text(encoding="utf-8"),
        }
        body = "".join(f"--{border}\r\nContent-Disposition: form-data; {k}\r\n\r\n{v}\r\n" for k, v in parts.items())
        kind = f"multipart/form-data; boundary={border}"
        with self._send("create-project-from-upload", f"{body}--{border}--\r\n", kind) as answer:
            where = urllib.parse.urlsplit(answer.headers["Location"]).query
        return Project(self, urllib.parse.parse_qs(where)["project"][0])

    def ask(self, command: str, *, query: dict[str, str] | None = None, **form: str) -> str:
        """What OpenRefine answers to a command that changes something."""
        body = urllib.parse.urlencode(form)
        answer = self._send(command, body, "application/x-www-form-urlencoded", query)
        return str(answer.read().decode("utf-8"))

    def _send(self, command: str, body: str, kind: str, query: dict[str, str] | None = None) -> Any:
        told = {**(query or {}), "csrf_token": self.look("get-csrf-token")["token"]}
        address = f"{self.address}{command}?{urllib.parse.urlencode(told)}"
        request = urllib.request.Request(address, body.encode(), {**self.headers, "Content-Type": kind})  # noqa: S310 - http
        try:
            return _OPENER.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            if error.code in (302, 303):
                return error
            raise

    def look(self, command: str, **query: str) -> Any:
        """What OpenRefine answers to a command that changes nothing."""
        address = f"{self.address}{command}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(address, headers=self.headers)  # noqa: S310 - http
        with _OPENER.open(request, timeout=60) as answer:
            return json.load(answer)


class Project:
    """A table in OpenRefine."""

    def __init__(self, refine: Refine, number: str) -> None:
        self.refine, self.number = refine, number

    def apply(self, operations: list[dict[str, Any]]) -> None:
        """Do what its Undo/Redo tab gives as "Extract", and wait until it is done."""
        where = {"project": self.number}
        answer = json.loads(self.refine.ask("apply-operations", query=where, operations=json.dumps(operations)))
        if answer["code"] == "error":
            raise ValueError(answer["message"])
        while self.refine.look("get-processes", **where)["processes"]:
            time.sleep(0.1)

    def clusters(self, column: str) -> list[list[tuple[str, int]]]:
        """Values of a column that are probably the same, each with how often it is there."""
        clusterer = {"type": "binning", "function": "fingerprint", "column": column, "params": {}}
        engine = {"facets": [], "mode": "row-based"}
        answer = self.refine.ask(
            "compute-clusters",
            query={"project": self.number},
            engine=json.dumps(engine),
            clusterer=json.dumps(clusterer),
        )
        return [[(value["v"], value["c"]) for value in cluster] for cluster in json.loads(answer)]

    def csv(self) -> str:
        """Its rows as CSV."""
        return self.refine.ask("export-rows/rows.csv", project=self.number, format="csv", engine="{}")

    def delete(self) -> None:
        """Take it out of OpenRefine."""
        self.refine.ask("delete-project", project=self.number)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """OpenRefine answers with the address of the new project: that is all that is wanted."""


_OPENER = urllib.request.build_opener(_Stay)
