"""A page of Jupyter's, `BASE/coursewright/keep`, on which learners take their work away, and bring it back.

An extension of Jupyter's server, so that it is there whatever language a notebook is in. A button in JupyterLab and
Notebook leads to it. It is imported by Jupyter's Python alone.
"""

from __future__ import annotations

import html
import re
import secrets
from pathlib import Path
from typing import Any

from . import keep
from .content import notice

ADDRESS = "coursewright/keep"
_SESSION = secrets.token_hex(8)  # of this server: what another one kept is brought back
_PAGE = (Path(__file__).parent / "keep.html").read_text(encoding="utf-8")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Give Jupyter's server the page and the archive, for whoever has logged in."""
    from jupyter_server.base.handlers import JupyterHandler
    from jupyter_server.utils import url_path_join
    from tornado.web import HTTPError, authenticated

    class KeepHandler(JupyterHandler):  # type: ignore[misc, unused-ignore]  # Jupyter's classes have no types here
        @property
        def folder(self) -> Path:
            return keep.folder_of(Path(self.contents_manager.root_dir))

    class KeepPage(KeepHandler):
        @authenticated  # type: ignore[untyped-decorator, unused-ignore]  # as above
        def get(self) -> None:
            self.finish(page(keep.work(self.folder), keep.name_of(self.folder), self.xsrf_token.decode()))

    class Archive(KeepHandler):
        @authenticated  # type: ignore[untyped-decorator, unused-ignore]  # as above
        def get(self) -> None:
            self.set_header("Content-Type", "application/zip")
            self.set_header("Content-Disposition", f'attachment; filename="{keep.ARCHIVE}"')
            self.set_header("Cache-Control", "no-store")
            self.finish(keep.pack(self.folder, keep.work(self.folder)))

        @authenticated  # type: ignore[untyped-decorator, unused-ignore]  # as above
        def post(self) -> None:
            try:
                brought = keep.restore(self.request.body, self.folder)
            except keep.UnfitArchive as error:
                raise HTTPError(400, reason=f"the archive is not brought back: {error}"[:200]) from None
            self.finish({"text": said(brought)})

    at = url_path_join(server.web_app.settings["base_url"], ADDRESS)
    server.web_app.add_handlers(".*$", [(at, KeepPage), (f"{at}.zip", Archive)])


def page(found: keep.KeptWork, course: str, token: str) -> str:
    """The text of the page; the browser keeps work by the name of the `course`.

    Where nothing is changed yet, the page brings back by itself what the browser has of another session.
    """
    names = [*found.files, *(f"{name} (deleted)" for name in found.deleted)]
    listed = "".join(f"<li>{html.escape(name)}</li>" for name in names)
    left_out = "".join(f"<li>{html.escape(name)}</li>" for name in found.left_out)
    if left_out:
        left_out = f"<p>Too large to be kept: download them one by one.</p><ul>{left_out}</ul>"
    number = f"{len(names)} file{'s' * (len(names) != 1)}"
    values = {"number": number, "listed": listed, "left_out": left_out, "session": _SESSION}
    values["fresh"] = "" if names or found.left_out else "yes"
    values |= {"course": html.escape(course, quote=True), "token": html.escape(token, quote=True)}
    return re.sub(r"\[\[(\w+)\]\]", lambda found: values[found[1]], _PAGE)


def said(brought: Any) -> str:
    """What became of work that was brought back, in words."""
    number = len(brought.new) + len(brought.merged) + len(brought.kept) + len(brought.removed)
    if not number:
        return "Nothing to bring back: all of it is here."
    told = notice(brought).replace("You have changed", "Kept work has changed", 1) if notice(brought) else ""
    return f"Your work is back: {number} file{'s' * (number != 1)}. Close and open notebooks that are open.\n\n{told}"
