"""Charts drawn again by the scripts of a page: what they show, in words, is what a build says of the same rows."""

from __future__ import annotations

import datetime
import json
import math
import shutil
import subprocess

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coursewright.chance import stream
from coursewright.courses.course import open_course
from coursewright.errors import CoursewrightError
from coursewright.figures.charts.redrawn import REDRAWN
from coursewright.figures.charts.spoken import spoken_in
from coursewright.pages.directives import figure
from coursewright.pages.executing.cells import filled_directive
from coursewright.pages.executing.run import Materials
from coursewright.pages.reading.page import read_options
from coursewright.pages.retold.figure import retold_figure
from coursewright.pages.text.body import standing_alone
from coursewright.words.in_sql import NotInSql
from test_browser import NODE
from test_retelling import OURS, course_of, parts, saved  # noqa: F401 - a fixture

CHARTS = 120
LANGUAGES = ("en-GB", "en-GB", "en-US", "de", "fr", "ar", "cy", "pl", "sv", "fi", "en-IN")
NAMES = ("Ås", "Bergen", "Oslo", "Tromsø", "a <b> & c", "東京", "Zürich", "Ωmega", "\U0001d538", "x" * 40)


def values(chance):
    ways = (
        lambda: float(chance.randint(-30, 400)),
        lambda: chance.randint(-3, 40) / 8,
        lambda: chance.uniform(-1, 1) * 10 ** chance.randint(-9, 3),
        lambda: chance.uniform(0, 1) * 10 ** chance.randint(3, 18),
        lambda: 2.5,
        lambda: chance.choice((0.0, -0.0, math.inf, math.nan, 1.5, -0.0004)),
    )
    return chance.choice(ways)


def places(chance):
    """The x of a chart: its type and what makes one."""
    day = datetime.date(chance.choice((985, 1969, 2024)), 1, 30)
    return chance.choice(
        (
            (pa.int32(), lambda: chance.randint(1990, 2004)),
            (pa.int64(), lambda: 3 * chance.randint(-4, 9)),
            (pa.float64(), lambda: chance.choice((0.5, 1.0, 2.0, 100000.5, 1e-7, -12.25, 1234567.0))),
            (pa.float64(), lambda: float(chance.randint(1, 9))),
            (pa.string(), lambda: chance.choice(NAMES)),
            (pa.date32(), lambda: day + datetime.timedelta(days=chance.randint(0, 90))),
        )
    )


def drawn(seed):
    """A random table of a chart, mostly one row for each x and group, and its options."""
    chance = stream(f"charts/{seed}")
    kind = chance.choice(("lines", "lines", "bars", "dots"))
    type_, place = places(chance) if kind == "lines" else (pa.string(), lambda: chance.choice((*NAMES, "b", "c", "d")))
    value, groups = values(chance), chance.sample(NAMES, chance.randint(1, 5)) if kind == "lines" else ["one"]
    rows, gaps = {}, chance.choice((0, 0, 0, 0.2))
    for _ in range(chance.choice((0, 1, 2, 9, 30, 60))):
        key = (place(), chance.choice(groups))
        rows.setdefault(
            key if chance.random() < 0.999 else (*key, "again"), None if chance.random() < gaps else value()
        )
    table = pa.table(
        {
            "where it is": pa.array([x for x, *_ in rows], type_),
            "y": pa.array(rows.values(), pa.float64()),
            "who": pa.array([who for _, who, *_ in rows], pa.string()),
        }
    )
    options = {"live": kind, "x": "where it is", "y": "y"} | ({"group": "who"} if kind == "lines" else {})
    for name, text in (("title", " In {{ year }}"), ("y_label", "mm of <rain>"), ("alt", "Mine {{ year }}")):
        if chance.random() < {"title": 0.6, "y_label": 0.4, "alt": 0.05}[name]:
            options[name] = text
    return table, options


def told(directive, materials, database):
    """The alternative text that a build gives, without drawing; None where there is no chart."""
    filled = filled_directive(directive, materials.parameters)
    options = read_options(filled, figure.FigureOptions)
    said = {name: getattr(options, name) for name in ("title", "y_label", "alt")}
    rows = database.query(figure.sql_of(filled, options))
    try:
        with spoken_in(materials.language):
            return REDRAWN[options.live](rows, **figure.columns_of(filled, options), **said).alt
    except CoursewrightError:
        return None


@pytest.mark.usefixtures("parts")
def test_charts_of_any_rows_say_the_same(tmp_path, parts):  # noqa: F811 - a fixture
    (tmp_path / "data").mkdir()
    wanted = {seed: drawn(seed) for seed in range(CHARTS)}
    for seed, (rows, _) in wanted.items():
        pq.write_table(rows, tmp_path / "data" / f"t{seed}.parquet")
    tables = "\n".join(f't{seed} = "data/t{seed}.parquet"' for seed in wanted)
    course_of({"course.toml": '[course]\ntitle = "Charts"\n[parameters]\nyear = 2018\n[tables]\n' + tables}, tmp_path)
    course = open_course(tmp_path)
    database = course.database()
    rules, expected, files = [], [], {}
    for seed, (rows, options) in wanted.items():
        materials = Materials(tmp_path, database, course.parameters, language=LANGUAGES[seed % len(LANGUAGES)])
        lines = "".join(f":{name}: {text}\n" for name, text in options.items())
        content = f"{lines}SELECT * FROM t{seed}\n"
        directive = standing_alone("figure", "one", content, tmp_path / "page.md")
        rules.append(msgspec.to_builtins(retold_figure(directive, materials, frozenset({"year"}))))
        files[f"t{seed}"] = saved(rows, tmp_path / f"{seed}.arrow")
        expected.append(told(directive, materials, database))
    asked = {**parts, "engine": str(OURS / "engine.cjs"), "script": str(OURS / "shown.mjs"), "tables": files}
    done = subprocess.run(
        [shutil.which("node"), NODE / "retell_figures.js"],
        input=json.dumps({**asked, "rules": rules}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for seed, text, again in zip(wanted, expected, json.loads(done.stdout), strict=True):
        assert again == text, (seed, wanted[seed][1])
    assert sum(text is not None for text in expected) > CHARTS * 0.6
    assert None in expected


@pytest.mark.parametrize(
    ("select", "why"),
    [
        ("SELECT true AS x, 1 AS y, 'a' AS g", 'lines along the column "x", of the type BOOLEAN'),
        ("SELECT 1 AS x, 1 AS y, 1.5 AS g", 'lines of the column "g", of the type DECIMAL(2,1)'),
        ("SELECT 1 AS x, '1' AS y, 'a' AS g", 'a chart of the column "y", of the type VARCHAR'),
    ],
)
def test_what_is_not_drawn_again_is_said(tmp_path, select, why):
    course = open_course(course_of({"course.toml": '[course]\ntitle = "C"\n[parameters]\nyear = 2018\n'}, tmp_path))
    materials = Materials(tmp_path, course.database(), course.parameters)
    content = f":live: lines\n:x: x\n:y: y\n:group: g\n{select}\n"
    directive = standing_alone("figure", "one", content, tmp_path / "page.md")
    with pytest.raises(NotInSql) as told_:
        retold_figure(directive, materials, frozenset({"year"}))
    assert str(told_.value) == why
