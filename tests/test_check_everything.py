"""One run of `check` finds every fault of a course in which everything is broken on purpose, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursewright.courses import check

FILES = {
    "course.toml": """\
[course]
title = "Fruit"
licence = "CC BY"
url = "example.org/fruit"
timezone = "Mars"

[parameters]
year = 2024

[tables]
sales = "data/sales.csv"
gone = "data/gone.csv"

[runtimes]
heer = true

[site]
order = "year"
""",
    "data/sales.csv": "year,fruit,tonnes\n2023,apple,10\n2024,pear,\n",
    "Page/a.md": "# Nobody looks here\n",
    "tables/syntax.sql": "SELECT * FRM sales\n",
    "tables/column.sql": "SELECT nothing FROM sales\n",
    "facts/bare.sql": "SELECT * FROM sales\n",
    "facts/big.SQL": "SELECT * FROM sales\n",
    "facts/asked.sql": """\
/*---
title = "Sold"
tell = "#fruit# sold #tonnes#"
score = 1
[question]
ask = "How much of #fruit#?"
answer = "tones"
---*/
SELECT year, fruit, tonnes FROM sales WHERE year = :year
""",
    "grammars/rules.json": '{"origin": ["#nowhere# is", "[a:b#", "#x.twisted#"]}\n',
    "figures/syntax.py": "def draw(:\n    pass\n",
    "figures/bare.py": "x = 1\n",
    "figures/missing.py": "import numpy\nimport no_such_module\n\n\ndef draw():\n    return None\n",
    "questions/kind.md": "---\nkind: numer\n---\n# Question\n\nWhat?\n",
    "questions/points.md": "---\nkind: number\npoints: 0\n---\n# Question\n\nWhat?\n",
    "questions/code.md": "---\nkind: number\n---\n```python\nanswer = pick([1, 2\n```\n# Question\n\nWhat?\n",
    "questions/open.md": "---\nkind: number\n---\n```python\nanswer = 1\n```\n# Question\n\nWhat\nis {{ answer?\n",
    "questions/more/below.md": "---\nkind: number\n---\n# Question\n\nWhat?\n",
    "pages/front.md": '---\ntitle: "B\n---\nText\n',
    "pages/none.md": "---\nfor_each: SELECT * FROM sales WHERE year = 1900\nname: none-{{ year }}\n---\nText\n",
    "pages/old.markdown": "# Old\n",
    "pages/below/directives.md": """\
# Directives

```{facts} asked
:limit: 0
```

```{figure} bare
```

```{table}
SELECT 'a FROM sales
```

```{tabel} sales
```

```{question} kind
:variants: 0
```

```{facts} nobody
```

{{ year | upper }}
""",
    "pages/below/text.md": """\
---
title: Text of {{ year
---
![](../../data/sales.csv) and {{ year and `{{ code`

{{ year } and [a page](nowhere.md), [another](directives.md) and [more](../none-2024.md)

![A chart](chart.png)
""",
    "environment/10-ours/tier.toml": '[tier]\nname = "ours"\n[packages]\napt = "r"\n[services.a]\ncomand = "x"\n',
}

BURIED = {
    "course.toml": """\
[course]
title = "Fruit"
authors = "Ann"
language = "xx-nowhere"

[parameters]
year = 2024

[tables]
sales = "data/sales.csv"
torn = "data/torn.csv"
object = "data/object.json"
orders = { file = "data/sales.csv", expect = { unique = ["key"] } }

[bibliography]
files = ["refs.bib"]

[cells]
seconds = -1

[publish]
accepted = ["no-such-rule"]
""",
    "data/sales.csv": "year,fruit,tonnes\n2023,apple,10\n2024,pear,\n",
    "data/torn.csv": 'a,b\n1,2\n3,"4\n5,6\n',
    "data/object.json": '{"a": ',
    "refs.bib": "@book{x,\n title={T}, author={A B}, year=2001}\n",
    "tables/round.sql": "SELECT * FROM trip\n",
    "tables/trip.sql": "SELECT * FROM round\n",
    "tables/empty.sql": "",
    "tables/two.sql": "SELECT 1 AS a; SELECT 2 AS b\n",
    "tables/kill.sql": "DELETE FROM sales\n",
    "facts/best.sql": """\
/*---
title = "Best"
tell = "#fruit#"
scor = 1
---*/
SELECT fruit FROM sales WHERE year = :yaer
""",
    "facts/chance.sql": '/*---\ntitle = "C"\ntell = "#r#"\nscore = 1\n---*/\nSELECT random() AS r FROM sales\n',
    "grammars/rules.yaml": 'origin: "#a#"\na: ["x", "y"]\n b: c\n',
    "grammars/turns.yaml": 'origin:\n  - "#origin#"\n',
    "questions/several.md": """\
---
kind: number
points: 0
tries: many
tolerence: 1
---
# Question

What is {{ 1 +* }} and
{{ answer ?

# Anwsers
""",
    "questions/front.md": "kind: number\n\nWhat?\n",
    "pages/home.md": "---\ntitle: Home\noder: 3\nnumbered: perhaps\n---\n# Home\n\nSee[^none].\n",
    "pages/notebook.ipynb": '{"cells": [',
    "pages/rows.md": "---\nfor_each: SELECT year FROM sales\nname: same\n---\nText\n",
    "pages/several.md": """\
---
bibliography: none.bib
---
# Several

See[^nowhere].

```{figure} nothing
:widht: 3
```

```{table} sales
:decimals: tons = 2
```

```{tell}
:rows: sales
#frut#
```

{{ one }} and {{ two }} ![](a.png)

```{form} nobody
```

```{include} gone.md
```

```{graph}
a - b
```
""",
    "pages/when.md": "---\ndate: 2024-13-45\n---\n# When {{ one }}\n\n![](../data/sales.csv)\n\n{{ two\n",
    "environment/10-ours/tier.toml": '[tier]\nname = "ours"\n[services.a]\ncommand = "x"\nport = 70000\n',
}

FOUND = """\
course.toml:15, [runtimes] heer: unknown key "heer"
course.toml:18, [site] order: "order" should be a list, not text
course.toml:4, [course] url: "example.org/fruit" is no address of a site
course.toml:5, [course] timezone: no time zone called "Mars"
course.toml:3, [course] licence: the licence "CC BY" has another name
Page: nothing reads the folder "Page"
facts/big.SQL: nothing reads "facts/big.SQL"
questions/more/below.md: nothing reads "questions/more/below.md"
pages/old.markdown: nothing reads "pages/old.markdown"
course.toml:12, [tables] gone: no file "data/gone.csv" for the table "gone"
tables/column.sql:1: SQL: no column called "nothing"
tables/syntax.sql:1: SQL: syntax error at or near "sales"
grammars/rules.json:1, rule origin: "[a:b#" cannot be read: too many [
grammars/rules.json:1, rule origin: no modifier called "twisted"
figures/bare.py: this figure has no function draw
figures/missing.py:2: this figure needs no_such_module, which is not installed
figures/syntax.py:1: this is not Python: invalid syntax
facts/asked.sql:7, answer: no column called "tones" to answer with
facts/bare.sql:1: this finder has no front matter
questions/code.md:5: question "code", seed 0, variant 1: this is not Python: '[' was never closed
questions/kind.md:2, kind: no kind of question called "numer"
questions/open.md:10: {{ is not closed
questions/points.md:3, points: "points" should be a number above 0, not 0
pages/front.md:2: this is not YAML: found unexpected end of stream
pages/none.md:2, for_each: for_each finds no rows
pages/below/directives.md:4, {facts} :limit:: "limit" should be a whole number, 1 or more, not "0"
pages/below/directives.md:11: SQL: unterminated string literal
pages/below/directives.md:14, {tabel}: no directive called "tabel"
pages/below/directives.md:17, {question} :variants:: 0 variants cannot be shown
pages/below/directives.md:21, {facts}: no finder called "nobody"
pages/below/directives.md:24: no parameter called "year | upper"
pages/below/text.md:2, title: {{ is not closed
pages/below/text.md:4: {{ is not closed
pages/below/text.md:6: {{ is not closed
pages/below/text.md:4: this picture has no alternative text
pages/below/text.md:6: no page or file "nowhere.md"
pages/below/text.md:8: no picture "chart.png"
environment/10-ours/tier.toml:4, [packages] apt: "apt" should be a list, not text
environment/10-ours/tier.toml:6, [services.a] comand: unknown key "comand"
"""


FOUND_BURIED = """\
course.toml:3, [course] authors: "authors" should be a list, not text
course.toml:19, [cells] seconds: "seconds" should be a number above 0
course.toml:4, [course] language: no language called "xx-nowhere"
course.toml:22, [publish] accepted: nothing that is looked for is called "no-such-rule"
course.toml:11, [tables] torn: line 3 of torn.csv has a quotation mark that is not closed
course.toml:12, [tables] object: line 1 of object.json is no JSON: expecting value
course.toml:13, [tables.orders.expect] unique: "orders" has no column called "key"
tables/empty.sql:1: there is no SQL here
tables/kill.sql:1: only SELECT can stand here
tables/round.sql:1: these tables are made from each other: round → trip → round
tables/trip.sql:1: these tables are made from each other: trip → round → trip
tables/two.sql:1: there are 2 statements here
grammars/rules.yaml:3: the YAML cannot be read: expected <block end>, but found '<block mapping start>'
grammars/turns.yaml:1, rule origin: rule "origin" has no end: each of its texts leads back to it
facts/best.sql:4, scor: unknown key "scor"
facts/best.sql:6: no parameter called "yaer"
facts/chance.sql:6: a finder cannot use the function random
questions/front.md:1: this question has no front matter
questions/several.md:4, tries: "tries" should be a whole number, not text
questions/several.md:5, tolerence: unknown key "tolerence"
questions/several.md:3, points: "points" should be a number above 0, not 0
questions/several.md:12: no part of a question is called "Anwsers"
questions/several.md:10: {{ is not closed
pages/home.md:3, oder: unknown key "oder"
pages/home.md:4, numbered: "numbered" should be true or false or nothing, not text
pages/home.md:8, [^none]: no footnote called "none"
pages/notebook.ipynb:1: this notebook is not JSON: expecting value
pages/several.md:6, [^nowhere]: no footnote called "nowhere"
pages/several.md:26, {include}: no file "gone.md" to include
pages/rows.md:3, name, row 2: two pages are called "same"
pages/several.md:9, {figure} :widht:: no option called "widht"
pages/several.md:13, {table} :decimals:: no column called "tons"
pages/several.md:18, rule origin: no column or rule called "frut"
pages/several.md:23, {form}: no parameter called "nobody"
pages/several.md:28: "a - b" is no edge
pages/several.md:2, bibliography: no bibliography "none.bib"
pages/several.md:21: no parameter called "one"
pages/several.md:21: no parameter called "two"
pages/several.md:21: this picture has no alternative text
pages/when.md:4: no parameter called "one"
pages/when.md:8: {{ is not closed
pages/when.md:2, date: "2024-13-45" is no date
pages/when.md:6: this picture has no alternative text
environment/10-ours/tier.toml:5, services.a.port: 70000 is no port
"""


@pytest.mark.parametrize(("files", "expected"), [(FILES, FOUND), (BURIED, FOUND_BURIED)], ids=["each", "buried"])
def test_every_fault_is_found_in_one_run(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    """Also of files in which something else is wrong above it, or before it could be seen."""
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    problems = check(tmp_path)

    found = [f"{each.where}: {each.message}" for each in problems]
    assert [each.replace(f"{tmp_path}/", "") for each in found] == expected.splitlines()


@pytest.mark.parametrize("text", [r"\{{ this", "`{{ code`", "${{x}^2}$", "```\n{{ code\n```", "{{ year }}"])
def test_braces_that_are_meant_are_no_slip(tmp_path: Path, text: str) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "course.toml").write_text('[course]\ntitle = "T"\n[parameters]\nyear = 1\n', encoding="utf-8")
    (tmp_path / "pages/index.md").write_text(f"# T\n\n{text}\n", encoding="utf-8")

    assert check(tmp_path) == []


def test_a_table_or_parameter_that_is_wrong_is_told_once_and_all_else_besides(tmp_path: Path) -> None:
    files = {
        "course.toml": '[course]\ntitle = "T"\n[parameters]\nseason = { default = "x", range = [1, 2] }\n'
        "round = { defalt = 3 }\n"
        '[tables]\nsales = "sales.csv"\ngone = { file = "gone.csv", typos = 1 }\nthird = { query = "SELECT 1" }\n'
        '"no.page" = { file = "sales.csv", typos = 1 }\npage = { file = "sales.csv", typos = 1 }\n',
        "sales.csv": "a\n1\n",
        "tables/below.sql": "SELECT * FROM gone\n",
        "facts/of_gone.sql": '/*---\ntitle = "G"\ntell = "#a#"\n---*/\nSELECT * FROM below\n',
        "facts/torn.sql": '/*---\ntitle = "F"\ntell = "#a#"\n---*/\nSELECT a FROM sales WHERE\n',
        "questions/kind.md": "---\nkind: nmber\n---\nWhat?\n",
        "pages/hanging.md": "# In {{ season }}, {{ round }}\n",
        "pages/word.md": "# T\n\n```{tabel} a\n```\n",
        "pages/index.md": "# T\n\n{{ sales\n\n```{table}\nSELECT * FROM third\n```\n\n[gone](gone.md)\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = [str(problem).splitlines()[0] for problem in check(tmp_path)]
    assert found == [
        'error: unknown key "defalt"',
        'error: unknown key "typos"',
        'error: unknown key "typos"',
        'error: unknown key "typos"',
        "error: season has a range, and its default is text",
        "error: a table comes from one of file, html or database",
        'error: SQL: syntax error at or near "WHERE"',
        'error: no kind of question called "nmber"',
        "error: {{ is not closed",
        'error: no directive called "tabel"',
        'error: no page or file "gone.md"',
    ]
