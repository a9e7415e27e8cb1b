# ruff: noqa: E501 - the lines of messages
"""What goes wrong in grammars: the exact messages, the checks before there is a row, and the limits."""

from __future__ import annotations

import time

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from coursewright.errors import CoursewrightError, Place
from coursewright.words import Grammar, NotToldWarning, tell


def message_of(work):
    with pytest.raises(CoursewrightError) as caught:
        work()
    return str(caught.value)


FORMS = {
    "list in a list": (
        {"a": [["b"]]},
        'error: rule "a": a list of rules holds texts, not lists or maps\n  --> grammar, rule a\n'
        "hint: give the inner part a rule of its own",
    ),
    "numbers among conditions": (
        {"a": {"x > 1": 5, "otherwise": "b"}},
        'error: rule "a": a number stands where a text is needed\n  --> grammar, rule a\n'
        'hint: write the number as text ("5"), or give every entry a weight and none a condition',
    ),
    "bad weights": (
        {"a": {"b": -1}},
        'error: rule "a": weights are numbers from 0 up, and one at least is above 0\n  --> grammar, rule a',
    ),
    "condition": (
        {"a": {"x >": "b"}},
        'error: rule "a": the condition "x >" cannot be read: a value is needed before the end\n  --> grammar, rule a\n'
        'hint: conditions look like: pos <= 3, team = "Ferrari" and not retired, time is missing',
    ),
    "condition of two words": (
        {"a": {"x y": "b"}},
        'error: rule "a": the condition "x y" cannot be read: "and" or "or" is needed before "y"\n  --> grammar, rule a\n'
        'hint: conditions look like: pos <= 3, team = "Ferrari" and not retired, time is missing',
    ),
    "condition with a strange sign": (
        {"a": {"x & y": "b"}},
        'error: rule "a": the condition "x & y" cannot be read: "&" has no meaning in a condition\n'
        "  --> grammar, rule a\n"
        'hint: conditions look like: pos <= 3, team = "Ferrari" and not retired, time is missing',
    ),
    "no repeat": (
        {"a": {"no repeat": "b"}},
        'error: rule "a": "no repeat" stands alone and holds a list of texts\n  --> grammar, rule a\n'
        'hint: write {"no repeat": ["…", "…"]}',
    ),
    "half a character": (
        {"a": "flag \ud83c"},
        'error: rule "a": \\ud83c is half a character\n  --> grammar, rule a\n'
        "hint: write the character itself, or both its halves: \\ud83c\\udfc1",
    ),
    "half a character in a condition": (
        {"a": {'x = "\udfc1"': "b"}},
        'error: rule "a": \\udfc1 is half a character\n  --> grammar, rule a\n'
        "hint: write the character itself, or both its halves: \\ud83c\\udfc1",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_rule_in_no_known_form(name):
    rules, message = FORMS[name]
    assert message_of(lambda: Grammar(rules)) == message


def test_all_rules_in_no_known_form_are_reported():
    with pytest.raises(CoursewrightError) as caught:
        Grammar({"a": [[]], "b": {"x": -1}, "c": "fine"})
    assert [problem.message[:8] for problem in caught.value.problems] == ['rule "a"', 'rule "b"']


CHECKS = {
    "unknown symbol": (
        {"origin": "#animl#", "animal": "cat"}, (), "unknown-symbol",
        'error: no rule called "animl"\n  --> grammar, rule origin\nhint: did you mean "animal"? Available: animal, origin',
    ),
    "unknown start": ({"start": "x"}, (), "unknown-symbol",
        'error: no rule called "origin"\n  --> grammar\nhint: Available: start'),
    "unknown modifier": (
        {"origin": "#x.ordnal#"}, ("x",), "unknown-modifier",
        'error: no modifier called "ordnal"\n  --> grammar, rule origin\n'
        'hint: did you mean "ordinal"? Available: a, agree, capitalize, capitalizeAll, count, date, distinct, duration, '
        "each, ed, either, first, firstS, gap, join, lap time, laptime, last, least, list and 29 more",
    ),
    "arguments": (
        {"origin": "#x.round(1,2)#"}, ("x",), "unknown-modifier",
        "error: the modifier .round does not take (1,2)\n  --> grammar, rule origin\nhint: write .round(places)",
    ),
    "no arguments": (
        {"origin": "#x.ordinal(2)#"}, ("x",), "unknown-modifier",
        "error: the modifier .ordinal does not take (2)\n  --> grammar, rule origin\nhint: write .ordinal without brackets",
    ),
    "condition on no column": (
        {"origin": {"ps < 3": "x"}}, ("pos",), "unknown-column",
        'error: no column called "ps" for "ps < 3"\n  --> grammar, rule origin\nhint: did you mean "pos"? Available: pos',
    ),
    "unreadable": (
        {"origin": "100% #sure"}, (), "unreadable-rule",
        'error: "100% #sure" cannot be read: unclosed tag\n  --> grammar, rule origin\n'
        "hint: write \\# or \\[ for the sign itself (in JSON \\\\# and \\\\[)",
    ),
    "an action that shows nothing": (
        {"origin": "[#pos#]#pos#"}, ("pos",), "idle-action",
        'error: the action "[#pos#]" saves nothing and shows nothing, in "[#pos#]#pos#"\n  --> grammar, rule origin\n'
        "hint: to show it, write #pos#; to save it under a name, [name:#pos#]",
    ),
    "an action in a tag that shows nothing": (
        {"origin": "#[#a.upper#]pos# #a#", "a": "x"}, ("pos",), "idle-action",
        'error: the action "[#a.upper#]" saves nothing and shows nothing, in "#[#a.upper#]pos# #a#"\n'
        "  --> grammar, rule origin\nhint: to show it, write #a.upper#; to save it under a name, [name:#a.upper#]",
    ),
    "words in brackets": (
        {"origin": "#pos# [sic]"}, ("pos",), "idle-action",
        'error: the action "[sic]" saves nothing and shows nothing, in "#pos# [sic]"\n  --> grammar, rule origin\n'
        "hint: to save it under a name, write [name:sic]; for the brackets themselves, write \\[sic\\]",
    ),
    "a column in brackets": (
        {"origin": "[pos]"}, ("pos",), "idle-action",
        'error: the action "[pos]" saves nothing and shows nothing, in "[pos]"\n  --> grammar, rule origin\n'
        "hint: to show it, write #pos#; for the brackets themselves, write \\[pos\\]",
    ),
    "an empty action in a tag": (
        {"origin": "#[]pos#"}, ("pos",), "idle-action",
        'error: the action "[]" saves nothing and shows nothing, in "#[]pos#"\n  --> grammar, rule origin\n'
        "hint: leave it out; for the brackets themselves, write \\[\\]",
    ),
    "saved under no name": (
        {"origin": "[:x,y]a"}, (), "idle-action",
        'error: the action "[:x,y]" saves under no name, in "[:x,y]a"\n  --> grammar, rule origin\n'
        "hint: name it: [name:x,y], which #name# shows",
    ),
    "saved under a tag": (
        {"origin": "[#pos#:x]a"}, ("pos",), "idle-action",
        'error: the action "[#pos#:x]" saves under "#pos#", which no tag names, in "[#pos#:x]a"\n  --> grammar, rule origin\n'
        "hint: name it: [name:x], which #name# shows",
    ),
    "a second colon": (
        {"origin": "[at:12:30:15]#at#"}, (), "idle-action",
        'error: the action on "at" ends at its second colon: ":30:15" is lost, in "[at:12:30:15]#at#"\n'
        "  --> grammar, rule origin\nhint: make it a rule of its own, and save that: [at:#rule#]",
    ),
    "never fires": (
        {"origin": "x", "spare": "y"}, (), "never-fires",
        'error: rule "spare" can never fire\n  --> grammar, rule spare\nhint: use it as #spare# in a rule, or remove it',
    ),
    "weight 0": (
        {"origin": {"x": 1, "y": 0}}, (), "never-fires",
        'error: "y" has weight 0 and can never fire\n  --> grammar, rule origin\n'
        "hint: give it a weight above 0, or remove it",
    ),
    "condition twice": (
        {"origin": {"x = 1": "a", "x  = 1": "b"}}, ("x",), "never-fires",
        'error: the condition "x  = 1" is there twice\n  --> grammar, rule origin\n'
        "hint: the first of the two decides: remove the second",
    ),
    "condition never holds": (
        {"origin": {"1 = 2": "a"}}, (), "never-fires",
        'error: the condition "1 = 2" never holds\n  --> grammar, rule origin\nhint: name a column in it, or remove it',
    ),
    "no end": (
        {"origin": "x", "a": ["#b#"], "b": ["#a#."]}, (), "no-end",
        'error: rule "a" has no end: each of its texts leads back to it\n  --> grammar, rule a\n'
        "hint: give it a rule that does not lead back to it",
    ),
    "hidden": (
        {"origin": "#x#", "x": "rule"}, ("x",), "hidden-rule",
        'error: the column "x" hides the rule "x"\n  --> grammar, rule x\n'
        "hint: rename the rule, or the column: while both are there #x# is the column",
    ),
}  # fmt: skip


WORKS = {
    "a rule that saves": {"origin": "#[#hero#]story#", "hero": "[who:Jo][their:her]", "story": "#who# and #their# cat"},
    "a rule that leads to one that saves": {"origin": "[#a#]#x#", "a": "#b#", "b": "[x:1]"},
    "what is saved": {"origin": "[set:#pos#][#set#]#pos#"},
    "nothing, to forget": {"origin": "[x:]#x#[x:POP]"},
    "a name with signs": {"origin": "[#:1]#`#`#"},
}


@pytest.mark.parametrize("name", WORKS)
def test_actions_that_do_something_are_let_be(name):
    assert Grammar(WORKS[name]).check({"pos"}) == []


def test_an_idle_action_is_an_error_where_a_grammar_is_strict():
    rows = [{"pos": 1}]
    assert tell(Grammar({"origin": "[#pos#]x"}), rows) == ["x"]
    message = message_of(lambda: tell(Grammar({"origin": "[#pos#]x"}, strict=True), rows))
    assert message.startswith('error: the action "[#pos#]" saves nothing and shows nothing, in "[#pos#]x"\n')


@pytest.mark.parametrize("name", CHECKS)
def test_check(name):
    rules, columns, rule, message = CHECKS[name]
    problems = [problem for problem in Grammar(rules).check(columns) if problem.rule == rule]
    assert str(problems[0]) == message


def test_a_sound_grammar_has_no_problems():
    rules = {
        "origin": ["#[a:#b#]c# #x.ordinal#", "[#f#]#g#"],
        "b": ["1", "2"],
        "c": "#a#",
        "f": "[g:y]",
        "missing": "-",
    }
    assert Grammar(rules).check(["x"]) == []


def test_unknown_columns_cannot_be_told_while_no_columns_are_known():
    assert Grammar({"origin": {"x > 1": "#y#"}}).check() == []


JSON = """{
  "origin": [
    "#animal.capitalize# sleeps",
    "#anmal# sleeps"
  ],
  "animal": ["cat", "#dog"]
}
"""
YAML = """
origin:
  - "#animal.capitalize# sleeps"
  - "#anmal# sleeps"
animal: ["cat", "#dog"]
"""


@pytest.mark.parametrize(("name", "content", "lines"), [("g.json", JSON, (6, 4)), ("g.yaml", YAML, (5, 4))])
def test_problems_in_a_file_have_their_line(tmp_path, name, content, lines):
    path = tmp_path / name
    path.write_text(content)
    grammar = Grammar.read(path)
    assert [str(problem.where) for problem in grammar.check([])] == [
        f"{path}:{lines[0]}, rule animal",
        f"{path}:{lines[1]}, rule origin",
    ]
    assert grammar.flatten("#origin#", seed=1)


FILES = {
    "comma.json": ('{"a": "b",}', ":1", "the JSON cannot be read", "JSON wants double quotes"),
    "twice.json": ('{"a": "b",\n "a": "c"}', ":2", '"a" is there twice', "rename or remove one"),
    "list.json": ('["a"]', ":1", "a grammar maps names to rules", "it looks like this"),
    "deep.json": ("[" * 100_000, "", "the JSON is nested too deeply", "a grammar is one flat map"),
    "tab.yaml": ("a: b\n\tc: d", ":2", "the YAML cannot be read", "indent with spaces, not with tabs"),
    "colon.yaml": ("a: b: c", ":1", "the YAML cannot be read", "needs quotes in YAML"),
    "deep.yaml": ("a: " + "[" * 60 + "]" * 60, ":1", "this is nested too deeply", "lists and maps go"),
    "alias.yaml": ("b: a\nc: *x", ":2", "YAML's aliases (*name) and anchors (&name) are not read here", "needs quotes"),
    "anchor.yaml": ("b: a\nc: &x [b]", ":2", "YAML's aliases (*name) and anchors (&name) are not read", "needs quotes"),
    "tag.yaml": ("a: !!int 3", ":1", "YAML's tags (!name) are not read here", "a text that starts with ! needs quotes"),
    "merge.yaml": ("b: a\n<<: {c: d}", ":2", "YAML's merge key << is not read here", "write out what is meant"),
    "second.yaml": ("a: b\n---\nc: d", ":2", "a second document begins here", "make it a file of its own"),
    "key.yaml": ("[a]: b", ":1", "a key is a text, not a list or map", "put it in quotes"),
    "cut.yaml": (
        "a: b\norigin: The #name# won",
        ":2",
        'the text is cut short at "#name# won"',
        "the whole text in quotes",
    ),
    "emptied.yaml": (
        "origin:\n  - #name# won",
        ":2",
        'the text is cut short at "#name# won"',
        "the whole text in quotes",
    ),
    "folded.yaml": ("origin: The winner\n  #name.a#", ":2", 'the text is cut short at "#name.a#"', "text in quotes"),
    "quoted.yaml": ("origin:\n  #`a b`.or('n.a.')#", ":2", "the text is cut short at", "text in quotes"),
    "twice.yaml": ("a: b\nc: d\na: e", ":3", '"a" is there twice', "rename or remove one"),
    "grammar.txt": ("a: b", "", 'a grammar is not a ".txt" file', "name it .json, .yaml or .yml"),
    "latin.json": (b'{"a": "\xe9"}', "", "the grammar is not UTF-8 text", "save the file as UTF-8"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read(tmp_path, name):
    content, line, message, hint = FILES[name]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    text = message_of(lambda: Grammar.read(path))
    assert text.startswith(f"error: {message}")
    assert f"\n  --> {path}{line}\nhint: " in text
    assert hint in text


@pytest.mark.parametrize("grammar", ["race", {"origin": "#name#"}])
def test_rules_and_names_are_no_grammar(grammar):
    with pytest.raises(CoursewrightError, match="and no grammar\nhint: make one"):
        tell(grammar, [{"name": "Jo"}])


def test_a_file_that_is_not_there(tmp_path):
    (tmp_path / "race.json").write_text("{}")
    assert message_of(lambda: Grammar.read(tmp_path / "rase.json")) == (
        "error: the grammar cannot be read: No such file or directory\n"
        f"  --> {tmp_path / 'rase.json'}\n"
        'hint: did you mean "race.json"? Available: race.json'
    )


AS_WRITTEN = [
    "no",
    "yes",
    "on",
    "y",
    "NO",
    "1:30",
    "1.50",
    "012",
    "1_000",
    "0x10",
    "0o7",
    "1e3",
    "2024-01-01",
    "~",
    "null",
    ".inf",
    ".nan",
    "=",
    "1.10",
    "+5",
    "Null",
    "TRUE",
]


def test_words_and_numbers_of_yaml_are_told_as_they_are_written(tmp_path):
    path = tmp_path / "g.yml"
    path.write_text("".join(f"r{at}: {text}\n" for at, text in enumerate(AS_WRITTEN)) + "yes: [1.50]\n")
    grammar = Grammar.read(path)
    assert [grammar.flatten(f"#r{at}#") for at in range(len(AS_WRITTEN))] == AS_WRITTEN
    assert grammar.flatten("#yes#") == "1.50"


def test_numbers_of_json_are_told_as_they_are_written(tmp_path):
    path = tmp_path / "g.json"
    path.write_text('{"a": 1.50, "b": [1e3], "c": {"x": 0, "y": 1.5}, "d": true, "e": {"n = 1": ["2.0", 2.00]}}')
    grammar = Grammar.read(path)
    assert [grammar.flatten(f"#{name}#", values={"n": 0}) for name in "abcde"] == ["1.50", "1e3", "y", "true", ""]
    assert {grammar.flatten("#e#", seed=seed, values={"n": 1}) for seed in range(9)} == {"2.0", "2.00"}


def test_weights_are_numbers_and_texts_in_quotes_are_not(tmp_path):
    path = tmp_path / "g.yaml"
    path.write_text("verb: {won: 1, took: 0}\nrank: {pos = 1: '1.0', otherwise: '02'}\n")
    assert Grammar.read(path).flatten("#verb# #rank#", values={"pos": 2}) == "won 02"
    path.write_text("rank: {pos = 1: 1.0, otherwise: text}\n")
    assert "a number stands where a text is needed" in message_of(lambda: Grammar.read(path))


def test_a_rule_without_a_text_is_named(tmp_path):
    path = tmp_path / "g.yaml"
    path.write_text("origin: # name won\n")
    problem = Grammar.read(path).check(["name"])[0]
    assert str(problem) == (
        'error: rule "origin" is empty\n'
        f"  --> {path}:1, rule origin\n"
        'hint: a text that starts with # needs quotes in YAML; for no text at all write ""'
    )


def test_comments_of_yaml_stay_comments(tmp_path):
    path = tmp_path / "g.yaml"
    path.write_text("#old: '#name#'\n# origin\norigin: 'a #b#' # said\nb: |- # as it stands\n  x #y\n")
    assert Grammar.read(path).flatten("#origin#") == "a x y"


# Strict grammars, one row at a time

STRICT = {
    "#y#": 'error: no column or rule called "y"\n  --> grammar\nhint: Available: loop, set, x',
    "#x.nope#": 'error: no modifier called "nope"\n  --> grammar\nhint: ',
    "#x": 'error: "#x" cannot be read: unclosed tag\n  --> grammar\nhint: write \\# or \\[ for the sign itself',
    "#x[a:b]y#": 'error: the tag "#x[a:b]y#" has text on both sides of an action\n  --> grammar\n'
    "hint: put the action in front: #[key:rule]symbol#",
    "[x:POP]#x#": 'error: "x" was forgotten more often than saved\n  --> grammar\nhint: remove one [x:POP]',
    "[q:POP]": 'error: nothing is saved as "q" that could be forgotten\n  --> grammar\nhint: remove one [q:POP]',
    "#loop#": "error: the text goes more than 150 rules deep\n  --> grammar, rule loop\n"
    'hint: give "loop" a rule that does not lead back to it, or raise max_depth',
    "#set#": 'error: no column called "colunm"\n  --> grammar, rule set\nhint: Available: x',
}


@pytest.mark.parametrize("text", STRICT)
def test_a_strict_grammar_stops(text):
    grammar = Grammar({"loop": "#loop#", "set": {"colunm": "x"}}, strict=True)
    assert message_of(lambda: grammar.flatten(text, values={"x": 1})).startswith(STRICT[text])


def test_a_place_with_a_part_is_used_as_it_is():
    grammar = Grammar({"origin": "#x.ordinal#"}, strict=True, place=Place("facts/a.sql", 3, "tell"))
    assert message_of(lambda: tell(grammar, [{"x": "DNF"}])) == (
        'error: the modifier .ordinal cannot be applied to #x#: "DNF" is not a number: row 0 (x "DNF")\n  --> facts/a.sql:3, tell'
    )


def test_a_strict_modifier_only_stops_where_it_is_used():
    grammar = Grammar({"origin": {"pos != 'DNF'": "#pos.ordinal#", "otherwise": "#pos#"}}, strict=True)
    assert tell(grammar, pl.DataFrame({"pos": ["1", "DNF"]})).to_list() == ["1st", "DNF"]
    assert "DNF" in message_of(
        lambda: tell(Grammar({"origin": "#pos.ordinal#"}, strict=True), pl.DataFrame({"pos": ["DNF"]}))
    )


# Limits

RUNAWAY = {
    "recursion": {"origin": "#origin#"},
    "two by two": {"origin": "#origin##origin#"},
    "doubling text": {"origin": "[a:xxxxxxxxxx]" + "[a:#a##a##a##a#]" * 60 + "#a#"},
    "doubling nothing": {**{f"s{n}": f"#s{n + 1}##s{n + 1}#" for n in range(60)}, "s60": "", "origin": "#s0#"},
    "doubling words": {**{f"s{n}": f"#s{n + 1}##s{n + 1}#" for n in range(60)}, "s60": "word", "origin": "#s0#"},
    "replacing": {"origin": "#a.replace(x,xxxxxxxxxx)" + ".replace(x,xxxxxxxxxx)" * 20 + "#", "a": "x"},
    "choices": {**{f"s{n}": [f"#s{n + 1}##s{n + 1}#"] * 3 for n in range(40)}, "s40": ["a", "b"], "origin": "#s0#"},
}


@pytest.mark.parametrize("name", RUNAWAY)
def test_a_grammar_cannot_hang_or_fill_the_memory(name):
    grammar = Grammar(RUNAWAY[name], max_length=100_000)
    started = time.perf_counter()
    text = message_of(lambda: grammar.flatten("#origin#"))
    assert message_of(lambda: tell(grammar, pl.DataFrame({"q": [1, 2]}))) == text
    assert ("rules deep" in text) or ("grows past 100,000 characters" in text)
    assert "hint: " in text
    assert grammar.check([]) is not None
    assert time.perf_counter() - started < 30


@pytest.mark.parametrize("rows", [{"a": 1}, "text", 3, [1, 2], pl.Series([1])])
def test_rows_of_no_known_kind(rows):
    assert message_of(lambda: tell(Grammar({"origin": "x"}), rows)) == (
        f"error: rows are not a {type(rows).__name__}\n  --> tell, rows\n"
        "hint: give a pandas, Polars or PyArrow table, a DuckDB relation, a list of dictionaries, a Dask or Spark "
        "DataFrame, or a Ray Dataset"
    )


def test_a_key_that_is_no_column():
    for rows in ([{"id": 1}], pl.DataFrame({"id": [1]})):
        assert message_of(lambda rows=rows: tell(Grammar({"origin": "x"}), rows, key="idd")) == (
            'error: no column called "idd"\n  --> tell, key\nhint: did you mean "id"? Available: id'
        )


def test_a_column_to_group_by_that_is_none():
    assert message_of(lambda: tell(Grammar({"origin": "x"}), [{"id": 1}], by="idd")) == (
        'error: no column called "idd"\n  --> tell, by\nhint: did you mean "id"? Available: id'
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: pa.table([[1], [2]], names=["id", "id"]),
        lambda: pa.RecordBatch.from_arrays([pa.array([1]), pa.array([2])], names=["id", "id"]),
        lambda: duckdb.sql("SELECT 1 AS id, 2 AS id"),
        lambda: pd.DataFrame([[1, 2]], columns=["id", "id"]),
    ],
    ids=["table", "batch", "relation", "pandas"],
)
def test_two_columns_of_one_name(make):
    assert message_of(lambda: tell(Grammar({"origin": "x"}), make())) == (
        'error: the column "id" is there twice\n  --> tell, rows\nhint: rename one of them'
    )


@pytest.mark.parametrize("rows", [1, 300])
def test_a_grammar_that_is_not_strict_says_what_does_not_exist(rows: int) -> None:
    """The text shows `((.pluralise))`, as Tracery does, but not without a word."""
    grammar = Grammar({"origin": "#x.pluralise# by #y#", "y": "z"})
    told = (
        'no modifier called "pluralise", and texts are told without it, as the grammar is not strict\n'
        '  --> grammar, rule origin\nhint: did you mean "plural"?'
    )
    with pytest.warns(NotToldWarning) as warned:
        assert set(tell(grammar, [{"x": "cat"}] * rows)) == {"cat((.pluralise)) by z"}
    assert [str(one.message).startswith(told) for one in warned] == [True]
    assert warned[0].filename == __file__
    with pytest.warns(NotToldWarning) as warned:
        assert grammar.flatten("#origin#", values={"x": "cat"}) == "cat((.pluralise)) by z"
    assert [str(one.message).startswith(told) for one in warned] == [True]


def test_what_is_offered_instead_are_rules_of_the_grammar() -> None:
    """The text that `flatten` is given is no rule that another could name."""
    with pytest.warns(NotToldWarning) as warned:
        assert Grammar({"a": "b"}).flatten("#of this tex#") == "((of this tex))"
    assert str(warned[0].message).endswith("  --> grammar, rule of this text\nhint: Available: a")


@pytest.mark.parametrize("count", [3, 300])
def test_a_modifier_that_does_not_take_a_value_is_told(count: int) -> None:
    """The text shows `((.ordinal))`, as Tracery does, and a warning names the first row, on each path and each time."""
    grammar = Grammar({"origin": "[?#x.ordinal# ]of #y#", "y": ["all"]})
    told = (
        'the modifier .ordinal cannot be applied to #x#: "DNF" is not a number, and texts are told without it, as the '
        'grammar is not strict: row 1 (x "DNF") and 1 more\n  --> grammar, rule origin\n'
        'hint: deal with this value first, by a condition: … = "…": …'
    )
    rows = [{"x": value} for value in ["1", "DNF", *["2"] * (count - 3), "DNF"]]
    for given in (rows, pl.DataFrame(rows), rows):
        with pytest.warns(NotToldWarning) as warned:
            texts = [*tell(grammar, given)]
        assert [texts[0], texts[1], texts[-1]] == ["1st of all", "DNF((.ordinal)) of all", "DNF((.ordinal)) of all"]
        assert [str(one.message) for one in warned] == [told]
    with pytest.warns(NotToldWarning) as warned:
        assert grammar.flatten("#x.ordinal#", values={"x": "DNF"}) == "DNF((.ordinal))"
    assert [str(one.message) for one in warned] == [
        told.replace(': row 1 (x "DNF") and 1 more', "").replace(", rule origin", "")
    ]
