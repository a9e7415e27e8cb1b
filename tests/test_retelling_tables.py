"""Tables written again by the scripts of a page: the same, byte for byte, as Python writes them."""

from __future__ import annotations

import datetime
import json
import math
import shutil
import struct
import subprocess
from decimal import Decimal

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coursewright.chance import stream
from coursewright.courses.course import open_course
from coursewright.errors import CoursewrightError
from coursewright.pages.executing.run import Materials, carry_out
from coursewright.pages.formats.html_table import write_table
from coursewright.pages.retold.table import retold_table
from coursewright.pages.text.body import standing_alone
from test_browser import NODE
from test_retelling import OURS, course_of, parts, saved  # noqa: F401 - a fixture

# signs, groups, forms of dates, and words or none
LANGUAGES = ["en-GB", "en-IN", "de", "de-AT", "fr", "fr-CH", "es", "pl", "sv", "da", "nl", "it", "pt", "cy", "ar", "he"]
LANGUAGES += ["hi", "ja", "zh-Hant", "fi", "tr"]
TABLES, ROWS = 160, (0, 1, 2, 5, 9, 24)
NAMES = ("Points", "Year", "Season", "driverId", "Time", "Größe", "a, b", 'say "x"', "n", "Total <b>")


def floats(chance):
    """Numbers of a column: plain ones, noisy ones, tiny or huge ones, or any bits."""
    ways = (
        lambda: chance.randint(-30, 400) / chance.choice((1, 2, 4, 8, 10)),
        lambda: sum(chance.choice((0.1, 0.2, 0.7, 1.1)) for _ in range(chance.randint(1, 9))),
        lambda: chance.uniform(-1, 1) * 10 ** chance.randint(-12, -3),
        lambda: chance.uniform(-1, 1) * 10 ** chance.randint(3, 22),
        lambda: chance.choice((0.0, -0.0, math.inf, -math.inf, math.nan, 1.5, 99999.5)),
        lambda: float(chance.randint(900, 2300)),
        lambda: struct.unpack("d", chance.randbytes(8))[0],
    )
    return chance.choice(ways)


def singles(chance):
    one = floats(chance)
    return lambda: struct.unpack("f", struct.pack("f", min(3e38, max(-3e38, one()))))[0]


def wholes(chance):
    low, high = chance.choice(((0, 9), (-50, 50), (1950, 2024), (0, 10**6), (-(2**63), 2**63 - 1)))
    return lambda: chance.randint(low, high)


def decimals(chance, digits, scale):
    return lambda: Decimal(chance.randint(-(10**digits) + 1, 10 ** chance.randint(1, digits) - 1)).scaleb(-scale)


def texts(chance):
    clocks = chance.random() < 0.3
    some = (
        "",
        "Räikkönen",
        'a <b> & "c"',
        "nan",
        "NaN",
        "inf",
        "0",
        "long text that goes on and on",
        "'x'",
        "日本",
        "12.5",
    )

    def one():
        if clocks:
            return chance.choice(
                (
                    f"{chance.randint(0, 3)}:{chance.randint(0, 59):02}.{chance.randint(0, 999):03}",
                    f"{chance.randint(0, 99)}.5",
                    "1:02:03",
                    "59",
                )
            )
        return chance.choice(some)

    return one


def days(chance):
    return lambda: (
        datetime.date(1, 1, 1)
        + datetime.timedelta(days=chance.choice((chance.randint(0, 3_650_000), chance.randint(720_000, 740_000))))
    )


def clocks(chance):
    steps = chance.choice((3600_000_000, 60_000_000, 1_000_000, 1000, 1))
    count = 86_400_000_000 // steps

    def one():
        return (datetime.datetime.min + datetime.timedelta(microseconds=steps * chance.randrange(count))).time()

    return one


def moments(chance):
    day, clock, plain = days(chance), clocks(chance), chance.random() < 0.2
    return lambda: datetime.datetime.combine(day(), datetime.time() if plain else clock())


def line(chance, one):
    return lambda: [chance.choice((None, one(), one())) for _ in range(chance.choice((0, 1, 2, 7, 130)))]


KINDS = {
    "double": (pa.float64(), floats),
    "float": (pa.float32(), singles),
    "whole": (pa.int64(), wholes),
    "small": (pa.int16(), lambda chance: lambda: chance.randint(-300, 3000)),
    "unsigned": (pa.uint64(), lambda chance: lambda: chance.randint(0, 2**64 - 1)),
    "decimal": (pa.decimal128(9, 2), lambda chance: decimals(chance, 9, 2)),
    "long decimal": (pa.decimal128(38, 12), lambda chance: decimals(chance, 20, 12)),
    "huge": (pa.decimal128(38, 0), lambda chance: decimals(chance, 38, 0)),
    "truth": (pa.bool_(), lambda chance: lambda: chance.random() < 0.5),
    "text": (pa.string(), texts),
    "day": (pa.date32(), days),
    "moment": (pa.timestamp("us"), moments),
    "clock": (pa.time64("us"), clocks),
    "nothing": (pa.string(), lambda chance: chance.choice([lambda: None])),
    "line of whole": (pa.list_(pa.int32()), lambda chance: line(chance, lambda: chance.randint(-9, 40))),
    "line of floats": (pa.list_(pa.float64()), lambda chance: line(chance, floats(chance))),
    "line of decimals": (pa.list_(pa.decimal128(12, 3)), lambda chance: line(chance, decimals(chance, 9, 3))),
}  # fmt: skip
NUMBERS = {"double", "float", "whole", "small", "unsigned", "decimal", "long decimal", "huge"}
DATES = ("short", "medium", "long", "full", "d MMMM y", "yy-MM-dd", "EEEE d. LLL", "QQQ y", "'day' d")


def named(name):
    return '"' + name.replace('"', '""') + '"'


def options_of(chance, columns):
    """Options that each column can have, as their text."""
    found: dict[str, list[str]] = {}

    def say(option, name, value=""):
        found.setdefault(option, []).append(f"{named(name)} = {value}" if value else named(name))

    for name, kind in columns.items():
        if chance.random() < 0.2:
            say("align", name, chance.choice(("left", "right", "centre")))
        if chance.random() < 0.2:
            say("missing", name, chance.choice(("–", "none", "<i>")))
        if kind.startswith("line"):
            say("spark", name, chance.choice(("", "alone")))
        if kind in NUMBERS or kind.startswith("line"):
            numeric(chance, kind, name, say)
        if kind in {"day", "moment", "clock"} and chance.random() < 0.5:
            say(
                "date",
                name,
                chance.choice(DATES if kind != "clock" else ("short", "medium", "HH:mm", "h 'o''clock' a")),
            )
        others = [named(other) for other, own in columns.items() if not own.startswith("line")]
        if others and chance.random() < 0.1:
            say("sort", name, chance.choice(others))
    return {option: ", ".join(each) for option, each in found.items()}


def numeric(chance, kind, name, say):
    if chance.random() < 0.3:
        say("decimals", name, str(chance.choice((0, 1, 2, 3, 7, 20))))
    if chance.random() < 0.2:
        say("thousands", name, chance.choice(("yes", "no")))
    if chance.random() < 0.4:
        option, unit = chance.choice(
            (("unit", "£"), ("unit", "€"), ("unit", "km"), ("unit", "%"), ("unit", "°"), ("percent", ""))
        )
        say(option, name, unit)
    if chance.random() < 0.2:
        say("sign", name)
    for option in ("bar", "heat", "total") if not kind.startswith("line") else ():
        if chance.random() < 0.25:
            say(option, name, chance.choice({"bar": ("", "", "1e30"), "heat": ("", "alone"), "total": ("",)}[option]))


def drawn(seed, folder):
    """A random table: its file, and what an author says of it."""
    chance = stream(f"tables/{seed}")
    rows, columns, data = chance.choice(ROWS), {}, {}
    for name in chance.sample(NAMES, chance.randint(2, 7)):
        columns[name] = kind = chance.choice(list(KINDS))
        type_, make = KINDS[kind]
        one, gaps = make(chance), chance.choice((0, 0, 0.3))
        data[name] = pa.array([None if chance.random() < gaps else one() for _ in range(rows)], type_)
    pq.write_table(pa.table(data), folder / f"t{seed}.parquet")
    options = options_of(chance, columns)
    if chance.random() < 0.5:
        options["caption"] = chance.choice(
            (
                "Who won",
                "A <b> & c",
                "Tables of {{ year }}",
                "{{ year }}",
                "con",
                "Table 3",
                "Figure A.{{ year }}: x",
                "References",
            )
        )
    if chance.random() < 0.3:
        options["limit"] = str(chance.choice((0, 1, 3, 1000)))
    if chance.random() < 0.3:
        options["tools"] = chance.choice(("none", "sort", "download, filter", "download"))
    if chance.random() < 0.2:
        options["hide"] = named(next(iter(columns)))
    return options


@pytest.mark.usefixtures("parts")
def test_tables_of_any_type_option_and_language_are_written_alike(tmp_path, parts):  # noqa: F811 - a fixture
    (tmp_path / "data").mkdir()
    wanted = {seed: drawn(seed, tmp_path / "data") for seed in range(TABLES)}
    tables = "\n".join(f't{seed} = "data/t{seed}.parquet"' for seed in wanted)
    course_of({"course.toml": '[course]\ntitle = "Tables"\n[parameters]\nyear = 2018\n[tables]\n' + tables}, tmp_path)
    course = open_course(tmp_path)
    database = course.database()
    rules, expected, files = [], [], {}
    for seed, options in wanted.items():
        language = LANGUAGES[seed % len(LANGUAGES)]
        lines = "".join(f":{name}: {text}\n" for name, text in options.items())
        directive = standing_alone("table", f"t{seed}", lines, tmp_path / "page.md")
        materials = Materials(tmp_path, database, course.parameters, language=language)
        try:
            made = write_table(carry_out(directive, materials), {}, language, "figure-7")
        except CoursewrightError:  # an option that a column cannot have, which is drawn too
            continue
        rule = retold_table(directive, materials, frozenset({"year"}))
        files[f"t{seed}"] = saved(pq.read_table(tmp_path / "data" / f"t{seed}.parquet"), tmp_path / f"{seed}.arrow")
        rules.append(
            {"rule": msgspec.to_builtins(rule), "told": {"values": {"year": "2018"}, "pages": {}, "ident": "figure-7"}}
        )
        expected.append((seed, options, language, made))
    asked = {
        **parts,
        "engine": str(OURS / "engine.cjs"),
        "script": str(OURS / "table.mjs"),
        "tables": files,
        "rules": rules,
    }
    done = subprocess.run(
        [shutil.which("node"), NODE / "retell_tables.js"],
        input=json.dumps(asked, default=str),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for (seed, options, language, made), written in zip(expected, json.loads(done.stdout), strict=True):
        lines = zip(written.split("<td"), made.split("<td"), strict=False)
        different = [(one, other) for one, other in lines if one != other]
        assert (different[:1], len(written)) == ([], len(made)), (seed, options, language)
    assert len(expected) > TABLES * 0.6
    assert any("aria-labelledby" in made for *_, made in expected)  # a caption that is English in part
