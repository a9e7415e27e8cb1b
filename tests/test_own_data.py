"""A reader's own file in the place of a table: told as a build with that file tells it, or refused, saying why."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess

import pytest

from coursewright.courses.building.build import build
from coursewright.courses.checking import check
from coursewright.courses.course import open_course
from coursewright.errors import CoursewrightError, Place
from coursewright.labels import known
from coursewright.tables.contracts.own import own_table
from test_browser import NODE, chromium  # noqa: F401 - a fixture
from test_retelling import course_of, parts, served  # noqa: F401 - a fixture

KINDS = 'types = { year = "integer", name = "text", code = "text", rain = "number", day = "date", wet = "boolean" }'
COURSE = {
    "course.toml": f"""
        [course]
        title = "Rain"
        [runtimes]
        here = true
        [parameters]
        year = 2019
        [tables]
        countries = "data/countries.csv"
        [tables.rain]
        file = "data/rain.csv"
        {KINDS}
        [tables.rain.expect]
        rows = "1..40"
        not_null = ["year", "name"]
        unique = [["year", "name"]]
        ranges = {{ rain = "0..5000" }}
        values = {{ year = [2019, 2020, 2021] }}
        match = {{ code = "[0-9]{{5}}" }}
        refers = {{ country = "countries.iso" }}
        """.replace('wet = "boolean"', 'wet = "boolean", country = "text"'),
    "data/countries.csv": """
        iso,country
        NO,Norway
        SE,Sweden
        """,
    "data/rain.csv": """
        year,name,code,rain,day,wet,country
        2019,Bergen,05003,2250.5,2019-11-03,true,NO
        2019,Oslo,00150,763,2019-08-20,false,NO
        2020,Bergen,05003,,,true,NO
        2020,Ås,01430,1024.25,2020-10-07,true,NO
        """,
    "tables/years.sql": "SELECT year, count(*) AS towns, sum(rain) AS rain FROM rain GROUP BY year ORDER BY year",
    "facts/wettest.sql": """
        /*---
        title = "The wettest town"
        tell = ["#name# was the wettest, with #rain.thousands# mm", "Nowhere was wetter than #name# (#code.or(none)#)"]
        score = "rain"
        ---*/
        SELECT name, code, rain FROM rain WHERE year = :year AND rain IS NOT NULL
        """,
    "grammars/town.yaml": """
        origin: "#verdict#[?, and most of it on #day.date(long)#]."
        verdict:
          rain is missing: "Nobody measured the rain of #name#"
          rain > 1000: ["It rained a lot in #name#", "#name# was wet", "#name# had #rain.round# mm of rain"]
          otherwise: "#name# had #rain# mm of rain"
        """,
    "pages/index.md": """
        ---
        title: Rain
        parameters:
          year: { default: 2019, label: Year, choices: "SELECT DISTINCT year FROM rain" }
          town:
            default: Bergen
            label: Town
            choices: "SELECT name FROM rain WHERE year = :year ORDER BY code, name"
        ---

        # Rain in {{ year }}

        ```{form}
        :own: rain
        ```

        Of {{ town }}.

        ```{tell} town
        :key: name
        SELECT name, rain, day FROM rain WHERE year = :year AND name = :town
        ```

        :::{when} SELECT 1 FROM rain WHERE year = :year AND rain > 2000

        It rained a lot.

        :::

        ```{facts}
        :form: paragraph
        ```

        ```{table}
        :caption: Of {{ year }}
        SELECT r.name, r.rain, r.day, r.wet, c.country FROM rain r JOIN countries c ON c.iso = r.country
        WHERE year = :year ORDER BY r.name
        ```

        ```{table} years
        ```

        The end.
        """,
}
HEADINGS = "year,name,code,rain,day,wet,country"
ROW = "2019,Bergen,05003,2250.5,2019-11-03,true,NO"
GOOD = {  # files, and what a build with each is asked for: the first choices that there are
    "whole.csv": (f"{HEADINGS}\n2019,Bergen,00417,2000,2019-01-02,yes,NO\n2020,Bergen,00417,1,,no,SE\n", {}),
    "others.csv": (
        '\ufeffcountry;name;"rain";year;code;day;wet\r\n'
        'NO;"Å;s ""x""";12.75;2021;00001;;\r\n'
        "\r\n"
        'SE;"two\r\nlines";1e3;2020;99999;NA;TRUE\r\n'
        "SE; spaced ;NA;2020;12345;2020-02-29;f\r\n"
        "NO;Ny-Ålesund by;1;2020;00002;2020-02-29;f\r\n",
        {"year": 2020, "town": "Ny-Ålesund by"},
    ),
    "tabs.tsv": (
        f"{HEADINGS}\n2020,<b>Ny</b>,99999,.5,2020-2-3,1,NO\n2020,Bergen,00001,5000,,0,NO\n".replace(",", "\t"),
        {"year": 2020, "town": "Bergen"},
    ),
    "lines.jsonl": (
        '{"year": 2020, "name": "Ås", "code": "01430", "rain": 12.50, "day": "2020-10-07", "wet": true, '
        '"country": "NO"}\n\r\n  {"name":"a \\"b\\" \\u00e5\\/\\n", "year":2020,"code":12345 , "rain":1e3,'
        '"country":"SE", "wet" : null}\r\n'
        '{"country": "NO", "rain": "7.25", "year": "2021", "name": " ", "wet": "yes", "day": "NA"}',
        {"year": 2020, "town": "Ås"},
    ),
    "sep.csv": (f"sep=|\n{HEADINGS}\n{ROW}\n".replace(",", "|"), {}),
}
LATE = "".join(f"2021,Town {number},0500{number},{number},,true,NO\n" for number in range(8))
OTHER = "It is no CSV in UTF-8: a spreadsheet, an archive, a web page or something else. Export its table as CSV."
NO_JSON = 'Line {} is no row of JSON, such as {{"a": "text", "b": 1.5}}: each name once, and no lists or objects in it.'
LINE = "Line 2, column “{}”: “{}” is "
COMMA = ROW.replace("2250.5", '"2250,5"')
LONG = ROW.replace("2250.5", "0.12345678901234567891")
DAY = ROW.replace("2019-11-03", "3.11.2019")
BROKEN = "2018,Oslo,0500,-1,,,DK\n2019,,05000,1,,,NO\n2020,Ås,,,,,NO\n2020,Ås,,,,,NO"
MANY = "\n".join(f"2021,Town {number},0500{number},{number},,maybe,NO" for number in range(8))
TOO_MANY = "\n".join(f"2019,T{number},,,,,NO" for number in range(41))
BAD = {  # files, and what is said of each
    "latin.csv": (
        f"{HEADINGS}\n{ROW}\n2020,Ås,,,,,NO\n".encode("latin-1"),
        "Line 3 is not UTF-8: save the file as UTF-8.",
    ),
    "column.csv": (HEADINGS.replace("code", "kode") + f"\n{ROW}\n", "There is no column “code”."),
    "type.csv": (f"{HEADINGS}\n{COMMA}\n", LINE.format("rain", "2250,5") + "of another type than number, as 1.5."),
    "long.csv": (f"{HEADINGS}\n{LONG}\n", LINE.format("rain", LONG[18:40]) + "of another type than number, as 1.5."),
    "date.csv": (f"{HEADINGS}\n{DAY}\n", LINE.format("day", "3.11.2019") + "of another type than date, as 2024-12-31."),
    "headings.csv": (f"{HEADINGS}\n", "It has headings, and no rows below them."),
    "nothing.csv": ("", "There is nothing in it."),
    "zip.csv": (b"PK\x03\x04\x14\0", OTHER),
    "packed.csv": (gzip.compress(b"a"), OTHER),
    "ragged.csv": (f"{HEADINGS}\n{ROW}\n{ROW},\n", "Line 3 has 8 values, where the first has 7."),
    "open.csv": (f'{HEADINGS}\n{ROW}\n2020,"Oslo,1,2\n', "The quotation marks in line 3 are not closed."),
    "back.csv": (
        f'{HEADINGS}\n2020,"a \\"b\\" c",,,,,NO\n',
        'A backslash stands before a quotation mark inside a value: write "" instead.',
    ),
    "rules.csv": (
        f"{HEADINGS}\n{BROKEN}\n",
        "Line 3, column “name”: the value is missing.",
        LINE.format("rain", "-1") + "not within 0..5000.",
        LINE.format("year", "2018") + "not 2019, 2020 or 2021.",
        "Line 2, column “code”: “0500” does not match [0-9]{5}.",
        "Line 4: 2020, Ås is there more than once in “year”, “name”.",
        "Line 5: 2020, Ås is there more than once in “year”, “name”.",
        LINE.format("country", "DK") + "not in countries.iso.",
    ),
    "many.csv": (
        f"{HEADINGS}\n{MANY}\n",
        *(f"Line {line}, column “wet”: “maybe” is of another type than true or false." for line in range(2, 7)),
        "And 3 more of this kind.",
    ),
    "markdown.csv": (
        f"{HEADINGS}\n2019,1. x,,,,,NO\n",
        "“1. x” of Town has signs that may be more than text in this page.",
    ),
    "nested.jsonl": ('{"year": 2020}\n\n{"year": [2020]}', NO_JSON.format(3)),
    "twice.jsonl": ('{"year": 2020, "year": 2021}', NO_JSON.format(1)),
    "cut.jsonl": ('{"year": 2020', NO_JSON.format(1)),
    "number.jsonl": (
        '{"year": 2020, "name": 1.0, "code": null, "rain": 0, "day": null, "wet": null, "country": "NO"}',
        "Line 1, column “name”: “1.0” is of another type than text.",
    ),
    "types.jsonl": (
        '{"year": 2020.0, "name": "", "code": null, "rain": "", "day": null, "wet": 2, "country": "NO"}',
        "Line 1, column “year”: “2020.0” is of another type than whole number.",
        "Line 1, column “rain”: “” is of another type than number, as 1.5.",
        "Line 1, column “wet”: “2” is of another type than true or false.",
    ),
    "rows.csv": (f"{HEADINGS}\n{TOO_MANY}\n", "It has 41 rows, where there should be 1..40."),
    "large.csv": (b"x" * 10_060_000, "It has 10.1 MB, and at most 10.0 MB are read: leave rows out."),
}


def written(folder, name, content):
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(file)


def brought(site, steps, built, chromium, init=""):  # noqa: F811 - a fixture
    """What a reader sees after each step, and pages as they were built."""
    with served(site) as address:
        asked = {"base": address, "page": "index.html", "executablePath": chromium, "steps": steps, "built": built}
        command = [str(shutil.which("node")), NODE / "own_data.js"]
        said = json.dumps({**asked, "init": init})
        done = subprocess.run(command, input=said, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["outside"], answer["sent"], answer["errors"]) == ([], [], [])
    return answer


@pytest.mark.usefixtures("parts")
def test_a_file_is_told_as_a_build_with_it_tells_it_or_refused(chromium, tmp_path):  # noqa: F811 - a fixture
    root = course_of(COURSE, tmp_path / "a [b] ü")
    site, files, pages = root / "build" / "site", tmp_path / "files", {}
    files.mkdir()
    own = (root / "data" / "rain.csv").read_text(encoding="utf-8")
    settings = (root / "course.toml").read_text(encoding="utf-8")
    for name, (content, chosen) in GOOD.items():
        there = written(root / "data", f"own-{name}", content)
        (root / "course.toml").write_text(settings.replace("rain.csv", f"own-{name}"), encoding="utf-8")
        build(open_course(root, chosen), only=["site"])
        pages[f"built-{len(pages)}.html"] = (site / "index.html").read_bytes()
        shutil.copy(there, files / name)
    (root / "course.toml").write_text(settings, encoding="utf-8")
    for name, chosen in {"other": {"year": 2020, "town": "Ås"}, "own": {}}.items():
        assert build(open_course(root, chosen), only=["site"]).remarks == ()
        pages[f"built-{name}.html"] = (site / "index.html").read_bytes()
    for name, content in pages.items():
        (site / name).write_bytes(content)
    bad = [written(files, name, content) for name, (content, *_) in BAD.items()]
    steps = [{"file": bad[0]}, *({"file": str(files / name)} for name in GOOD)]
    steps += [{"file": each} for each in bad[1:]]
    steps += [{"back": True}, {"choose": [["year", "2020"], ["town", "Ås"]]}, {"file": str(files / "whole.csv")}]
    found = brought(site, steps, list(pages), chromium)
    assert own.startswith("year")
    *told, other, first = found["pages"]
    assert len({*told, other, first}) == len(pages)
    assert not any("wasm" in name or name.endswith(".json") for name in found["before"] if "offline" not in name)
    assert not any("wasm" in name for name in found["opened"])
    refused, *rest = found["found"]
    good, rest = rest[: len(GOOD)], rest[len(GOOD) :]
    for name, step, page in zip(GOOD, good, told, strict=True):
        assert step["problems"] == [], name
        assert step["page"] == page, name
        assert step["stays"] == [], name
    assert good[1]["chosen"] == ["2020", "Ny-Ålesund by"]
    assert refused["page"] == first
    for (name, (_, *wanted)), step in zip(BAD.items(), [refused, *rest], strict=False):
        assert step["problems"] == wanted, name
        assert step["says"] == [f"{name} cannot stand in the place of “rain”. The page is as it was."]
        assert step["page"] == (first if step is refused else told[-1]), name
    back, chosen, again = rest[len(BAD) - 1 :]
    assert (back["says"], back["page"], back["focus"]) == (["Told from the course’s own data again."], first, "input")
    assert (chosen["page"], chosen["chosen"]) == (other, ["2020", "Ås"])
    assert again["chosen"] == ["2020", "Bergen"]  # there is no Ås in it
    assert again["says"] == ["Told from whole.csv. Rows: 2."]
    assert found["axe"] == []


TIMED = {
    "course.toml": """
        [course]
        title = "Races"
        [runtimes]
        here = true
        [parameters]
        season = 2020
        round = 2
        [timeline]
        table = "races"
        key = "raceId"
        order = ["year", "round"]
        now = ["season", "round"]
        timeless = ["drivers"]
        known = { races = "before" }
        [tables]
        races = "data/races.csv"
        drivers = "data/drivers.csv"
        [tables.results]
        file = "data/results.csv"
        types = { raceId = "integer", driver = "text", place = "integer" }
        [tables.results.expect]
        not_null = ["driver"]
        """,
    "data/races.csv": "raceId,year,round,name\n7,2019,1,Oslo\n3,2020,1,Bergen\n5,2020,2,Tromsø\n4,2020,3,Bodø",
    "data/drivers.csv": "driver,name\nA,Ann\nB,Bob\nC,Cy",
    "data/results.csv": "raceId,driver,place\n7,A,1\n7,B,2\n3,B,1\n5,A,1\n4,B,1",
    "tables/careers.sql": """
        /*---
        cumulative = true
        latest = ["driver"]
        ---*/
        SELECT raceId, driver, sum(CAST(place = 1 AS INTEGER)) OVER (PARTITION BY driver ORDER BY year, round) AS wins
        FROM results JOIN races USING (raceId)
        """,
    "facts/wins.sql": """
        /*---
        title = "Wins"
        tell = "#name# had won #wins# times before #race#"
        score = "wins"
        ---*/
        SELECT d.name, c.wins, r.name AS race FROM careers c JOIN drivers d USING (driver), races r
        WHERE r.year = :season AND r.round = :round
        """,
    "facts/last.sql": """
        /*---
        title = "Last"
        tell = "#name# came #place.ordinal# in #race#"
        score = 0.5
        ---*/
        SELECT d.name, o.place, r.name AS race FROM results o JOIN drivers d USING (driver) JOIN races r USING (raceId)
        WHERE (r.year, r.round) < (:season, :round)
        """,
    "pages/index.md": """
        ---
        parameters:
          season: { default: 2020, label: Season, choices: "SELECT DISTINCT year FROM races" }
          round: { default: 2, label: Race, choices: "SELECT round, name FROM races WHERE year = :season" }
        ---

        # Races

        ```{form} season round
        :own: results
        ```

        ```{facts}
        ```
        """,
}
THEIRS = "raceId,driver,place\n7,C,1\n3,C,1\n3,A,2\n5,A,1\n4,C,1\n"


@pytest.mark.usefixtures("parts")
def test_facts_of_moments_are_those_of_the_file(chromium, tmp_path):  # noqa: F811 - a fixture
    root = course_of(TIMED, tmp_path)
    site, pages = root / "build" / "site", {}
    ours = (root / "data" / "results.csv").read_text(encoding="utf-8")
    for name, content in {"theirs": THEIRS, "ours": ours}.items():
        written(root / "data", "results.csv", content)
        for number in (2, 3):
            assert build(open_course(root, {"round": number}), only=["site"]).remarks == ()
            pages[f"{name}-{number}.html"] = (site / "index.html").read_bytes()
    build(open_course(root), only=["site"])
    for name, content in pages.items():
        (site / name).write_bytes(content)
    file, twice = written(tmp_path, "own.csv", THEIRS), written(tmp_path, "twice.csv", THEIRS + "3,C,2\n")
    head, *rest = (line.split(",") for line in THEIRS.split())
    rows = [dict(zip(head, line, strict=True)) for line in rest]
    kept = [{**row, "raceId": int(row["raceId"]), "place": int(row["place"])} for row in rows]
    many = [{"raceId": 7, "driver": f"D{at}", "place": 2} for at in range(30_000)]  # whom no table of drivers names
    lines = written(tmp_path, "own.jsonl", "".join(json.dumps(row) + "\n" for row in [*kept, *many]))
    steps = [{"file": file}, {"choose": [["round", "3"]]}, {"back": True}, {"file": twice}, {"file": lines}]
    found = brought(site, steps, list(pages), chromium)
    assert len({*found["pages"]}) == len(pages)
    assert [step["page"] for step in found["found"]] == [found["pages"][at] for at in (0, 1, 3, 3, 1)]
    assert [step["stays"] for step in found["found"]] == [[]] * 5
    (problem,) = found["found"][3]["problems"]
    assert "several rows of one moment for driver" in problem
    assert check(root) == []


def test_the_words_are_there_in_every_language_of_pages():
    words = known("own")
    assert {tuple(each) for each in words.values()} == {tuple(words["en"])}
    assert set(words) == set(known("retelling"))


UNSOUND = {
    "no such table": (
        {"pages/index.md": COURSE["pages/index.md"].replace(":own: rain", ":own: rian")},
        'no table called "rian"',
        'did you mean "rain"? Available: countries, rain, years',
    ),
    "a table that is made": (
        {"pages/index.md": COURSE["pages/index.md"].replace(":own: rain", ":own: years")},
        'a reader\'s file cannot stand in the place of "years", which is made of others',
        "name the table that it is made of",
    ),
    "no contract": (
        {"pages/index.md": COURSE["pages/index.md"].replace(":own: rain", ":own: countries")},
        'a reader\'s file cannot stand in the place of "countries", which has no contract',
        'say what is expected of its rows, for instance: [tables.countries.expect] rows = "1.."',
    ),
    "types that are not said": (
        {"course.toml": COURSE["course.toml"].replace('rain = "number", day = "date", ', "")},
        'a reader\'s file for "rain" would be guessed at: the types of "rain" and "day" are not said',
        'types = { rain = "number", day = "date" }',
    ),
    "an encoding": (
        {"course.toml": COURSE["course.toml"].replace("types =", 'encoding = "iso-8859-2"\n        types =')},
        "a reader's file cannot stand in the place of \"rain\", which says encoding: readers' files are UTF-8, "
        "with one line of headings",
        'keep "rain" in such a file too',
    ),
    "numbers too long": (
        {"data/rain.csv": COURSE["data/rain.csv"].replace("2250.5", "0.12345678901234567891")},
        '"rain" of "rain" is DECIMAL(24,20), which readers\' files cannot have',
        "keep shorter numbers, or times without a zone, or say text",
    ),
}


@pytest.mark.parametrize("case", UNSOUND)
def test_a_table_that_no_file_can_stand_for_is_a_problem(case, tmp_path):
    files, message, hint = UNSOUND[case]
    root = course_of({**COURSE, **files}, tmp_path)
    (name,) = [line.split()[1] for line in (root / "pages/index.md").read_text().split("\n") if ":own:" in line]
    with pytest.raises(CoursewrightError) as told:
        own_table(open_course(root).database(), name, Place(root / "pages/index.md", 12, "{form} :own:"))
    assert (told.value.problem.message, told.value.problem.hint) == (message, hint)
    assert told.value.problem.where.line


def test_check_says_where_a_form_offers_what_cannot_be(tmp_path):
    page = COURSE["pages/index.md"].replace(":own: rain", ":own: years")
    root = course_of({**COURSE, "pages/index.md": page}, tmp_path)
    (problem,) = check(root)
    place = f"{root}/pages/index.md:14, {{form}} :own:"
    assert str(problem).endswith(f"  --> {place}\nhint: name the table that it is made of")
