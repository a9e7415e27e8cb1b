"""Runtimes: where pages can be run, and what they need for it in the reader's browser."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.runtimes.asked import FETCH, Ours, can_ask, more_file, more_scripts, ours
    from coursewright.sites.runtimes.badges import badge
    from coursewright.sites.runtimes.carrying import FOLDER, missing
    from coursewright.sites.runtimes.cells import LANGUAGES, RunCell, run_cells, runs_of
    from coursewright.sites.runtimes.fetching import fetch
    from coursewright.sites.runtimes.imports import NotPlain, names_of_python, packages_of_python
    from coursewright.sites.runtimes.itself import here
    from coursewright.sites.runtimes.lite import check_lite, make_lite
    from coursewright.sites.runtimes.pictures import button, check_code, code
    from coursewright.sites.runtimes.places import LAB, NOTEBOOK, RunLink, run_links
    from coursewright.sites.runtimes.settings import Binder, Runtimes, check_runtimes, is_branch
else:
    __getattr__ = on_first_use(__name__, __file__)
