"""The outline of a course for other programs: a file for each page, and one with all pages and their headings."""

import json

from coursewright.sites import Index, Site, SitePage


def page_files(page: SitePage) -> dict[str, str | bytes]:
    """The files of one page, by path below `build/outline`: its title and description, which others may want alone."""
    about = {"title": page.entry.title, "description": page.entry.description}
    return {f"{page.entry.address}.json": json.dumps(about, ensure_ascii=False)}


def site_files(index: Index, site: Site) -> dict[str, str | bytes]:
    """The files that the course as a whole has."""
    pages = [
        {"title": entry.title, "address": entry.address, "headings": [each.text for each in entry.headings]}
        for entry in index.entries
    ]
    return {"outline.json": json.dumps({"course": site.title, "pages": pages}, ensure_ascii=False, indent=2)}
