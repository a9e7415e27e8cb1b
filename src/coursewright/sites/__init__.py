"""Sites: what the pages of a course know of each other, and how they are written."""

from coursewright.sites.around.choosing import choice_file
from coursewright.sites.around.navigation import around
from coursewright.sites.feeds import Feed, Head, feeds_of, heads
from coursewright.sites.index import LOST, Entry, Index, Mention, read_entry
from coursewright.sites.licence import meant_by, text_of
from coursewright.sites.offline import offline_files
from coursewright.sites.page import SitePage, published
from coursewright.sites.resolve import Found, resolve_all, resolve_page
from coursewright.sites.runtimes import (
    RunCell,
    RunLink,
    Runtimes,
    check_runtimes,
    missing,
    run_cells,
    run_links,
    runs_of,
)
from coursewright.sites.search import Record, pieces, record
from coursewright.sites.site import Feeds, Site
from coursewright.sites.theme.looks import Looks
from coursewright.sites.theme.looks import check as check_looks

__all__ = [
    "LOST",
    "Entry",
    "Feed",
    "Feeds",
    "Found",
    "Head",
    "Index",
    "Looks",
    "Mention",
    "Record",
    "RunCell",
    "RunLink",
    "Runtimes",
    "Site",
    "SitePage",
    "around",
    "check_looks",
    "check_runtimes",
    "choice_file",
    "feeds_of",
    "heads",
    "meant_by",
    "missing",
    "offline_files",
    "pieces",
    "published",
    "read_entry",
    "record",
    "resolve_all",
    "resolve_page",
    "run_cells",
    "run_links",
    "runs_of",
    "text_of",
]
