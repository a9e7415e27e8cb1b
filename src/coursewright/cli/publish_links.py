"""`coursewright publish links`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

from cyclopts import Parameter

from coursewright.cli.options import CoursePath
from coursewright.cli.output import say, write
from coursewright.courses import open_course
from coursewright.errors import shown

if TYPE_CHECKING:
    from coursewright.courses.places import LaunchLink


def links(
    course: CoursePath = Path(),
    *,
    page: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    interface: str = "lab",
    ref: str = "",
    to: Literal["url", "badge", "button", "qr"] = "url",
    into: Path | None = None,
) -> None:
    """Print the links that open the pages of a course where they can be run, as [runtimes] of course.toml says.

    A link is a line: the page, the place, the address. As badges they are Markdown, as buttons HTML.

    Parameters
    ----------
    page
        The page that they open, such as index or week-1/trees; otherwise every page. Can be repeated.
    interface
        What they open it in: lab, notebook, or what else is behind Jupyter's port, such as rstudio, shiny/APP/ or
        openrefine.
    ref
        The branch or tag of the content, in place of the one in course.toml.
    to
        What is made of them: url, badge, button, or qr, a code for telephones.
    into
        The folder of the pictures of badges and codes; build/links of the course, unless it says.
    """
    from coursewright.courses.places import launches, names
    from coursewright.sites.runtimes import button, check_code

    if to == "qr":
        check_code()
    opened = open_course(course)
    found = launches(opened, page, interface=interface, ref=ref)
    folder = into or opened.root / "build" / "links"
    if to == "url":
        write("\n".join("\t".join((one.page, one.place, one.href)) for one in found))
    elif to == "button":
        write("\n".join(button(one.href, one.alt) for one in found))
    else:
        drawn = [(one, path, _picture(one, to)) for one, path in names(found, f".{to}.svg")]
        for _, path, picture in drawn:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(picture, encoding="utf-8")
        write("\n".join(_markdown(one, path) for one, path, _ in drawn))
        say(f"{len(drawn)} picture{'s' * (len(drawn) != 1)} in {shown(folder)}")


def _picture(one: LaunchLink, to: str) -> str:
    from coursewright.sites.runtimes import badge, code

    return code(one.href, one.alt) if to == "qr" else badge("open", one.where, one.alt)


def _markdown(one: LaunchLink, path: Path) -> str:
    from coursewright.courses.places import plain

    return f"[![{plain(one.alt)}]({quote(path.as_posix())})]({one.href})"
