"""The page of the Formula One example that is told again: whole, for races of all kinds, as a build has it for each.
Beside it the pages of its drivers, whose entries in the feed open another one.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from coursewright import plugins
from coursewright.chance import stream
from coursewright.courses.building.build import build
from coursewright.courses.building.state import CACHE, read_state
from coursewright.courses.course import open_course
from coursewright.courses.plan import materials, plan
from coursewright.pages import execute, read_document
from coursewright.sites import Index, SitePage, read_entry
from coursewright.sites.around.navigation import around
from coursewright.sites.references import resolve_all
from coursewright.tables import Sql
from test_browser import NODE, chromium  # noqa: F401 - a fixture
from test_retelling import parts, served  # noqa: F401 - a fixture
from test_retelling_text import told_again

EXAMPLE = Path(__file__).parent.parent / "examples" / "formula-one"
ADDRESS = "races/another"
RACES = 5
# The pages that it leads to, as rows alone.
LED_TO = {
    "races/race": (
        '{{ season }}-{{ round }}"\ndate: "{{ day }}',
        "SELECT season, round, CASE WHEN run THEN date END AS day FROM calendar WHERE season IS NOT NULL",
    ),
    "drivers/driver": ("{{ driverRef }}", "SELECT driverRef FROM driver_careers WHERE driverRef IS NOT NULL"),
    "teams/team": ("{{ teamRef }}", "SELECT teamRef FROM team_totals WHERE teamRef IS NOT NULL"),
    "seasons/season": ("{{ season }}", "SELECT year AS season FROM seasons"),
    "circuits/circuit": ("{{ circuitRef }}", "SELECT circuitRef FROM circuits"),
}


def sample_of(database, count):
    """Seasons and rounds: the first and the last race, one whose result is not there yet, and some others."""

    def asked(which):
        select = Sql(f"SELECT season, round FROM calendar WHERE {which} ORDER BY season, round", "races")
        return [tuple(row.values()) for row in database.rows(select)]

    run = asked("run")
    return [run[0], run[-1], *asked("NOT run")[:1], *stream("whole races").sample(run[1:-1], count - 3)]


def site_of_one_page(root):
    """The course with that page and, for each that it may lead to, one that says nothing."""
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("build", "pages", "feeds.times"))
    settings = (root / "course.toml").read_text(encoding="utf-8")
    (root / "course.toml").write_text(settings.replace('\norder = ["index"', '\n# order = ["index"'), encoding="utf-8")
    for name, (called, rows) in LED_TO.items():
        page = root / "pages" / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        title = called.partition('"')[0]
        text = f'---\ntitle: "{title}"\nname: "{called}"\nfor_each: {rows}\n---\n\nNothing.\n'
        page.write_text(text, encoding="utf-8")
    shutil.copy(EXAMPLE / "pages" / f"{ADDRESS}.md", root / "pages" / f"{ADDRESS}.md")
    driver = (EXAMPLE / "pages/drivers/driver.md").read_text(encoding="utf-8").partition("```{tell}")[0]
    (root / "pages/drivers/driver.md").write_text(driver, encoding="utf-8")
    return build(open_course(root), only=["site"])


def as_built(root, races):
    """For each race the page as a build gives it: the course is opened once, the other pages are those of the site."""
    course = open_course(root)
    database = course.database()
    (page,) = [one for one in plan(course, database)[0] if one.address == ADDRESS]
    entries = {address: state.entry for address, state in read_state(root / "build" / CACHE).pages.items()}
    for season, number in races:
        one = replace(page, parameters={**page.parameters, "season": season, "round": number})
        executed = execute(one.page, ADDRESS, materials(course, database, one))
        document = read_document(executed, course.conventions)
        entry = read_entry(document, one.file)
        index = Index({**entries, ADDRESS: entry}.values())
        found = resolve_all(index, root)[ADDRESS]
        made = SitePage(document, entry, found, around(entry, index), course.site)
        yield plugins.load("formats", "site").page_files(made)[f"{ADDRESS}.html"].encode()


@pytest.fixture(scope="module")
def root(tmp_path_factory, parts):  # noqa: ARG001, F811 - a fixture, which skips
    made = tmp_path_factory.mktemp("book") / "races"
    assert [remark for remark in site_of_one_page(made).remarks if "stays as it was" in remark] == []
    return made


def test_the_feed_of_the_book_has_the_newest_race_first_and_opens_another_driver(root, chromium):  # noqa: F811 - a fixture
    items = json.loads((root / "build/site/feed.json").read_bytes())["items"]
    days = [item["date_published"] for item in items]
    assert days == sorted(days, reverse=True)
    assert items[0]["url"].rpartition("/")[0] == "https://example.org/formula-one/races"
    drivers = [item for item in items if "/drivers/" in item["url"]]
    assert 0 < len(drivers) < len(items) / 2
    driver = drivers[0]
    link = driver["_coursewright"]["run"][0]
    assert (link["title"], link["url"].partition("#")[2]) == ("Another driver", "site.choice")
    with served(root / "build" / "site") as address:
        asked = json.dumps([link["url"].replace("https://example.org/formula-one/", address)])
        command = [str(shutil.which("node")), NODE / "first_links.js", chromium]
        done = subprocess.run(command, input=asked, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    (opened,) = json.loads(done.stdout)
    assert opened != driver["title"]
    titles = [page.read_text(encoding="utf-8") for page in (root / "build/site/drivers").glob("*.html")]
    assert any(f"<title>{opened} " in title for title in titles)


def test_whole_pages_of_races_are_those_of_a_build(root, chromium):  # noqa: F811 - a fixture
    races = sample_of(open_course(EXAMPLE).database(), RACES)
    pages = {f"races/built-{number}.html": page for number, page in enumerate(as_built(root, races))}
    pairs = [
        [f"{ADDRESS}.html?season={race[0]}&round={race[1]}", name] for race, name in zip(races, pages, strict=True)
    ]
    found = told_again(root / "build" / "site", pages, pairs, chromium)
    for race, (status, again, built) in zip(races, found, strict=True):
        assert status.startswith(f"Told for Season {race[0]}, Race "), race
        assert again == built, race
    assert len({built for _, _, built in found}) == len(races)
