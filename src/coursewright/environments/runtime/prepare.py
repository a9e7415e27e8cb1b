"""What has to be in its place before Supervisor starts: folders of services, Jupyter's settings, Supervisor's files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from . import proxy, supervisor
from .program import WEB, ServiceProgram, background, config_of

# This folder as a package of its own, as in images: Coursewright itself takes longer to import.
_STARTER = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)

# JupyterLab asks every learner whether it may fetch news, also where it is told to fetch none.
_NO_NEWS = '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}\n'


def prepare(
    programs: Mapping[str, ServiceProgram],
    layout: supervisor.Layout,
    *,
    ip: str = "127.0.0.1",
    fronted: bool = False,
    keeping: bool = False,
) -> None:
    """Write all of it; `ip` is what Jupyter listens on.

    With `fronted` somebody else starts Jupyter, with the settings that are written here for it; with `keeping` its
    learners have a page on which they keep their work.
    """
    for program in programs.values():
        _own(Path(program.folder), program.user)
        background(program.folder).unlink(missing_ok=True)  # it may have been told to stay in front
    if WEB in programs:
        web = programs[WEB]
        for folder in (web.state, config_of(web)):
            _own(folder, web.user)
        text = proxy.jupyter_config(programs.values(), ip=ip, keeping=keeping)
        (config_of(web) / proxy.FILE).write_text(text, encoding="utf-8")
        (config_of(web) / "labconfig").mkdir(exist_ok=True)
        (config_of(web) / "labconfig/page_config.json").write_text(_NO_NEWS, encoding="utf-8")
    by_others = {WEB} if fronted else set()
    supervisor.write(programs, layout, lambda name: starter(layout, name), by_others)


def starter(layout: supervisor.Layout, name: str) -> tuple[str, ...]:
    """The command that starts a program; a command after it is run in the program's place, with its variables."""
    return (*module("start"), str(layout.program(name)))


def module(name: str) -> tuple[str, ...]:
    """The command that runs a module of this folder."""
    here = Path(__file__).parent
    return (sys.executable, "-c", _STARTER, str(here.parent), f"{here.name}.{name}")


def _own(folder: Path, user: str) -> None:
    """Make a folder that is the user's alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user and os.geteuid() == 0:
        shutil.chown(folder, user, user)
