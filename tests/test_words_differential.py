"""Against the JavaScript library: for every sequence of choices, the same text, over written and generated grammars."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from coursewright.chance import stream
from coursewright.errors import CoursewrightError
from coursewright.words import Grammar
from coursewright.words.language.scan import read
from coursewright.words.rowwise.writer import RowWriter

NODE = Path(__file__).parent / "node"
MOST_CHOICES, MOST_SEQUENCES = 12, 300
VOWELS = "aeiouAEIOU"


def js_a(text, *_):
    unit = text[:1].lower() == "u" and text[2:3].lower() == "i"
    return ("a " if unit or text[:1] not in VOWELS or not text else "an ") + text


def js_s(text, *_):
    if text[-1:] and text[-1] in "shx":
        return text + "es"
    if text[-1:] == "y":
        return text[:-1] + "ies" if text[-2:-1] not in VOWELS or len(text) < 2 else text + "s"
    return text + "s"


def js_ed(text, *_):
    if text[-1:] == "e":
        return text + "d"
    if text[-1:] == "y":
        return text[:-1] + "ied" if text[-2:-1] not in VOWELS or len(text) < 2 else text + "d"
    return text + "ed"


def js_capitalize_all(text, *_):
    return re.sub(r"(?<![A-Za-z0-9])[A-Za-z0-9]", lambda found: found[0].upper(), text)


def js_capitalize(text, *_):
    return text[:1].upper() + text[1:]


JS_MODIFIERS = {"a": js_a, "s": js_s, "ed": js_ed, "capitalize": js_capitalize, "capitalizeAll": js_capitalize_all}
JS_MODIFIERS["replace"] = lambda text, old, new="undefined": text.replace(old, new)


class TooLong(Exception):
    pass


class Scripted:
    """Chooses as a script says, and notes what there was to choose from."""

    def __init__(self, script):
        self.script = script
        self.made = []

    def choose(self, choice, _place):
        options = len(choice.texts)
        if options <= 1:
            return 0
        if len(self.made) >= MOST_CHOICES:
            raise TooLong
        chosen = self.script[len(self.made)] if len(self.made) < len(self.script) else 0
        self.made.append((chosen, options))
        return chosen


def outcome(grammar, text, scripted):
    try:
        return RowWriter(grammar, {}, scripted).write(read(text))
    except TooLong:
        return {"error": "long"}
    except CoursewrightError:
        return {"error": "fails"}


def outcomes(rules, text):
    ours_only = [name for name in Grammar({}).all_modifiers if name not in {*JS_MODIFIERS, "firstS"}]
    grammar = Grammar(rules, modifiers=JS_MODIFIERS)
    for name in ours_only:
        del grammar.all_modifiers[name]
    found, script = [], []
    while len(found) < MOST_SEQUENCES:
        scripted = Scripted(script)
        found.append(outcome(grammar, text, scripted))
        made = scripted.made
        while made and made[-1][0] + 1 >= made[-1][1]:
            made.pop()
        if not made:
            break
        script = [chosen for chosen, _ in made]
        script[-1] += 1
    return found


WRITTEN = [
    ({"a": ["x", "y"]}, "#a#"),
    ({"a": ["x", "y"]}, "#a##a#"),
    ({"a": "x"}, "#a.capitalize#"),
    ({"a": ["apple", "pear", "unit", "hour"]}, "#a.a#"),
    ({"a": ["bus", "fox", "baby", "day", "car", "bath"]}, "#a.s#"),
    ({"a": ["pass", "bake", "try", "play", "walk", "fix", "reach"]}, "#a.ed#"),
    ({"a": ["3rd place", "the McLaren", "don't"]}, "#a.capitalizeAll#"),
    ({"a": ["x"]}, "#a.nothing.capitalize#"),
    ({"a": ["cat"]}, "#a.replace(a,o).s#"),
    ({"a": ["cat"]}, "#a.replace()#"),
    ({"a": ["cat"]}, "#a.replace(a.b,c)#"),
    ({}, "#missing#"),
    ({}, "##"),
    ({}, "#.capitalize#"),
    ({}, "#unclosed"),
    ({}, "[unclosed"),
    ({}, "closed]"),
    ({}, "closed] #a#"),
    ({}, "[]"),
    ({}, "\\"),
    ({}, "\\\\"),
    ({}, "\\\\\\\\"),
    ({}, "\\#a\\#"),
    ({}, "a\\#b\\#c\\#d"),
    ({"a": "x"}, "before\\\\#a#after"),
    ({"a": "x"}, "text\\"),
    ({"a": "#b#", "b": ["c", "d"]}, "#a# and #a#"),
    ({"b": "plain"}, "#[a:in]b#/#a#"),
    ({"a": "base", "b": "#a#"}, "#[a:in]b#/#a#"),
    ({"a": ["x", "y"], "s": "#p# #p#"}, "#[p:#a#]s#"),
    ({"a": ["x", "y"]}, "[p:#a#]#p# #p#"),
    ({}, "[p:x,y,z]#p##p#"),
    ({}, "[p:x][p:y]#p#[p:POP]#p#"),
    ({"p": "base"}, "[p:x]#p#[p:POP]#p#[p:POP]#p#"),
    ({"p": "base"}, "[p:POP][p:POP]#p#"),
    ({"set": ["[he:he][his:his]", "[he:she][his:her]"]}, "[#set#]#he# took #his# hat"),
    ({"set": ["[he:he]", "[he:she]"], "s": "#he#"}, "#[#set#]s#, later #he#"),
    ({"set": ["[he:he]", "[he:she]"]}, "#set##he#"),
    ({"s": "x"}, "[s]#s#"),
    ({}, "[a:b:c]#a#"),
    ({}, "[a b:c d]#a b#"),
    ({"x": "1"}, "#[a:#x#][b:#a##a#]x##b#"),
    ({"x": ["1", "2"]}, "[a:#x#,#x#]#a##a#"),
    ({"d": ["\\#1", "\\#2"]}, "[c:#d#]#c# #d#"),
    ({"d": ["\\[x\\]"]}, "[c:#d#]#c#"),
    ({"d": ["\\#1"]}, "[c:#d#][e:#c#]#e#"),
    ({"d": ["a, b", "c"]}, "[c:#d#]#c#"),
    ({"a": "x"}, "#a[b:c]d#"),
    ({"a": "x"}, "#[b:c]a[d:e]#"),
    ({"a": []}, "(#a#)"),
    ({"a": [""]}, "(#a.capitalize#)"),
    ({"a": ["#a#x", "."]}, "#a#"),
    ({"a": ["#a##a#", ".", ""]}, "#a#"),
    ({"a": "x"}, "[[a:b]]#a#"),
    ({"a": "x"}, "[a:[b:c]]#a##b#"),
    ({}, "[][]][][][[[]]][[]]]]"),
    ({}, "[][#]][]][##][[[##]]][#[]]]]"),
    ({"a": "x"}, "#a.capitalize.#"),
    ({"a": "x", "": "empty"}, "#.s#"),
    ({"a": "é ß 💻"}, "#a.capitalize# #a.capitalizeAll#"),
    ({"a": "x"}, "#[a:y]#"),
    ({"f": "[a:1]", "g": "[#f#]"}, "#g##a#"),
]


def generated(number):
    """A grammar of up to five symbols, of pieces that are mostly sound."""
    rng = stream("words", "differential", number)
    names = ["a", "b", "c", "d", "e"][: rng.randint(2, 5)]
    broken = rng.random() < 0.3

    def piece(later):
        saved = rng.choice(["p", "q"])
        pieces = ["word", " ", "an apple", "x, y", "baby", f"#{saved}#", f"[{saved}:lit,eral]", f"[{saved}:t]#{saved}#"]
        if later:
            one = rng.choice(later)
            pieces += [f"#{one}#"] * 6 + [
                f"#{one}.{rng.choice(['capitalize', 'a', 's', 'ed', 'nope', 'replace(a,b)', 'capitalizeAll'])}#",
                f"#[{saved}:#{rng.choice(later)}#]{one}#",
                f"[{saved}:#{one}#]#{saved}#",
                f"[{saved}:#{one}#,more]",
                f"[#{one}#]",
                f"#[#{one}#]{rng.choice(later)}#",
                f"[{one}:over]",
                f"[{saved}:x][{saved}:POP]",
            ]
        if broken:
            pieces += ["\\#", "\\[", "\\\\", "[", "]", "#", "\\", f"[{saved}:POP]", "##", "[]", "[a:b:c]"]
        return rng.choice(pieces)

    rules = {}
    for at, name in enumerate(names):
        later = names if rng.random() < 0.08 else names[at + 1 :]
        options = ["".join(piece(later) for _ in range(rng.randint(0, 4))) for _ in range(rng.randint(1, 3))]
        rules[name] = options if rng.random() < 0.9 else options[0]
    return rules, f"#{names[0]}#" + "".join(piece(names) for _ in range(rng.randint(0, 2)))


@pytest.fixture(scope="module")
def theirs():
    if not shutil.which("node"):
        pytest.skip("needs Node.js: install nodejs")
    if not (NODE / "node_modules" / "tracery-grammar").is_dir():
        pytest.skip("needs the npm package tracery-grammar: npm install --prefix tests/node")

    def run(grammars):
        asked = json.dumps([{"rules": rules, "text": text} for rules, text in grammars])
        ran = subprocess.run(
            [shutil.which("node"), "outcomes.js"], input=asked, capture_output=True, text=True, cwd=NODE, check=True
        )
        return json.loads(ran.stdout)

    return run


def differences(grammars, theirs):
    found = []
    for (rules, text), javascript in zip(grammars, theirs(grammars), strict=True):
        ours = outcomes(rules, text)
        if ours != javascript:
            different = next((pair for pair in zip(ours, javascript, strict=False) if pair[0] != pair[1]), None)
            found.append((rules, text, different or (len(ours), len(javascript))))
    return found


def test_written_grammars_have_the_same_texts(theirs):
    assert len(WRITTEN) >= 50
    assert differences(WRITTEN, theirs) == []


@pytest.mark.parametrize("part", range(4))
def test_generated_grammars_have_the_same_texts(theirs, part):
    grammars = [generated(number) for number in range(part * 100, (part + 1) * 100)]
    assert differences(grammars, theirs) == []


def test_the_hash_reaches_every_text_that_choices_can():
    """The sets, not only the sequences: over many seeds our own choices give every text there is and no other."""
    for number in range(40):
        rules, text = generated(number)
        possible = outcomes(rules, text)
        if len(possible) > 12 or any(isinstance(one, dict) for one in possible):
            continue
        grammar = Grammar(rules, modifiers=JS_MODIFIERS)
        assert {grammar.flatten(text, seed=seed) for seed in range(400)} == set(possible)
