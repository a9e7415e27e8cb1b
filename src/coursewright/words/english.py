"""English for the words that data brings: articles, plurals, past tenses, possessives, capitals, pronouns.

Written for names, numbers and abbreviations ("an 18th win", "an F1 car", "Grands Prix"), where the usual libraries,
which know dictionaries, go wrong.
"""

from __future__ import annotations

import re
import unicodedata

_SPOKEN_AS_WORDS = frozenset(
    [
        "BAFTA",
        "FIFA",
        "GATT",
        "LAN",
        "LASER",
        "MIDI",
        "MOMA",
        "NASA",
        "NASCAR",
        "NATO",
        "PIN",
        "RADA",
        "RADAR",
        "RAG",
        "RAM",
        "REM",
        "RIBA",
        "ROM",
        "SAGE",
        "SALT",
        "SARS",
        "SAT",
        "SCUBA",
        "SIM",
        "SONAR",
        "SWAT",
        "UNESCO",
        "UNICEF",
        "LAMP",
        "LISP",
        "NAAFI",
    ]
)
_LONGEST_ACRONYM = 4
_NAMED_WITH_A_VOWEL = "AEFHILMNORSX"
_SILENT_H = ("hour", "honest", "honour", "honor", "heir")
_YOU = re.compile(
    r"eu|ewe|u$|ubiq|ufo|ugand|uk$|ukr|ukul|unanim|unary|uni(?!n|m[^o]|d[^i]|gnor)|"
    r"ur[aeiou]|us$|us[aeu](?!$)|use$|usb$|usur|ut[aei][^r]|uterus|utop|uvul"
)
_ONE = re.compile(r"one(?![a-rt-z])|ones?$|oneself|once|one-|ouija")
_LETTERS = re.compile(r"[A-Z][A-Z0-9.&]*s?$|[A-Z]{2,}[a-z]?$")


def article(text: str) -> str:
    """The text with "a" or "an" in front, by its sound: "an hour", "a university", "an 18th win", "an F1 car"."""
    return f"{'an' if _sounds_like_a_vowel(text) else 'a'} {text}"


def _sounds_like_a_vowel(text: str) -> bool:
    word = re.match(r"[\W_]*([\w.,&]+)", text)
    if not word:
        return False
    first = word[1].rstrip(".,")
    if first[0].isdigit():
        return _number_sounds_like_a_vowel(first)
    if _is_spelt_out(first, text):
        return first[0] in _NAMED_WITH_A_VOWEL
    plain = "".join(c for c in unicodedata.normalize("NFD", first.lower()) if not unicodedata.combining(c))
    if plain.startswith(_SILENT_H):
        return True
    return plain[0] in "aeiouæœø" and not _YOU.match(plain) and not _ONE.match(plain)


def _number_sounds_like_a_vowel(number: str) -> bool:
    digits = re.match(r"\d{1,3}(,\d{3})+|\d+", number)
    figures = digits[0].replace(",", "") if digits else ""
    teen = figures[:2] in {"11", "18"} and len(figures) % 3 == 2  # noqa: PLR2004 - eleven, eleven thousand, …
    return figures.startswith("8") or teen


def _is_spelt_out(word: str, text: str) -> bool:
    """Whether the letters are named one by one: "an MP", "a UN envoy"; a text all in capitals is only loud."""
    if not _LETTERS.match(word) or word.rstrip("s") in _SPOKEN_AS_WORDS:
        return False
    letters = sum(map(str.isalpha, word.rstrip("s")))
    if letters == 1:
        return len(word) > 1 or word != "A" or len(text) == 1
    loud = text.isupper() and " " in text.strip() and not any(map(str.isdigit, word))
    return letters <= _LONGEST_ACRONYM and not loud


_IRREGULAR = {
    "goose": "geese", "man": "men", "woman": "women", "child": "children", "person": "people", "tooth": "teeth",
    "foot": "feet", "mouse": "mice", "louse": "lice", "ox": "oxen", "die": "dice", "criterion": "criteria",
    "phenomenon": "phenomena", "medium": "media", "stratum": "strata", "bacterium": "bacteria", "nucleus": "nuclei",
    "radius": "radii", "stimulus": "stimuli", "cactus": "cacti", "fungus": "fungi", "alumnus": "alumni",
    "index": "indices", "matrix": "matrices", "vertex": "vertices", "appendix": "appendices", "axis": "axes",
    "quiz": "quizzes", "bus": "buses", "gas": "gases", "passerby": "passersby", "passer-by": "passers-by",
    "runner-up": "runners-up", "prix": "prix", "this": "these", "that": "those", "is": "are", "was": "were",
    "has": "have", "cv": "CVs", "leaf": "leaves", "loaf": "loaves", "half": "halves", "calf": "calves",
    "self": "selves", "shelf": "shelves", "elf": "elves", "wolf": "wolves", "thief": "thieves", "knife": "knives",
    "life": "lives", "wife": "wives", "scarf": "scarves", "hoof": "hooves", "potato": "potatoes",
    "tomato": "tomatoes", "hero": "heroes", "echo": "echoes", "veto": "vetoes", "torpedo": "torpedoes",
    "cargo": "cargoes", "mosquito": "mosquitoes", "stomach": "stomachs", "monarch": "monarchs", "epoch": "epochs",
    "loch": "lochs", "eunuch": "eunuchs", "patriarch": "patriarchs", "tech": "techs",
}  # fmt: skip
_SAME = frozenset(
    [
        "sheep",
        "deer",
        "fish",
        "series",
        "species",
        "aircraft",
        "spacecraft",
        "hovercraft",
        "offspring",
        "salmon",
        "trout",
        "cod",
        "moose",
        "means",
        "headquarters",
        "crossroads",
        "mercedes",
        "swiss",
        "chinese",
        "japanese",
        "portuguese",
    ]
)
_NOT_MEN = ("human", "german", "roman", "norman", "shaman", "talisman", "ottoman", "caiman")
_HEAD_FIRST = re.compile(r"([\w']+)((?: of| in| at| to| for|-of|-in-law|-at|-to-be)\b.*)", re.IGNORECASE)
_HEAD_BEFORE = re.compile(r"(.*\b)(prix|attorney|governor|secretary|court|poet)( general| martial| laureate)?$", re.I)


def plural(text: str) -> str:
    """More than one: "geese", "Grands Prix", "runners-up", "laps of honour", "DNFs"."""
    if text.lower().endswith("grand prix"):
        return text[: -len(" prix")] + "s" + text[-len(" prix") :]
    if headed := _HEAD_FIRST.fullmatch(text):
        return plural(headed[1]) + headed[2]
    if (titled := _HEAD_BEFORE.fullmatch(text)) and titled[3]:
        return titled[1] + plural(titled[2]) + titled[3]
    start, word = _last_word(text)
    known = _IRREGULAR.get(word.lower())
    if not known and "-" in word:
        start, word = start + word[: word.rindex("-") + 1], word[word.rindex("-") + 1 :]
        known = _IRREGULAR.get(word.lower())
    return start + (_in_case(word, known) if known else _regular_plural(word))


def _regular_plural(word: str) -> str:
    low = word.lower()
    if not word or low in _SAME:
        return word
    if word.isupper() or not word[-1].isalpha():
        return word + "s"
    if low.endswith("man") and not low.endswith(_NOT_MEN):
        return word[:-2] + "en"
    if low.endswith("sis"):
        return word[:-2] + "es"
    if low.endswith("z") and not low.endswith(("zz", "tz")):
        return word + ("zes" if re.search(r"[aeiou]z$", low) and len(word) < 5 else "es")  # noqa: PLR2004
    if low.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if re.search(r"(?:[^aeiou]|qu)y$", low):
        return word[:-1] + "ies"
    return word + "s"


_PAST = dict(
    pair.split(":")
    for pair in [
        "be:was",
        "become:became",
        "begin:began",
        "bid:bid",
        "break:broke",
        "bring:brought",
        "build:built",
        "burst:burst",
        "buy:bought",
        "catch:caught",
        "choose:chose",
        "come:came",
        "cost:cost",
        "cut:cut",
        "deal:dealt",
        "do:did",
        "draw:drew",
        "drive:drove",
        "eat:ate",
        "fall:fell",
        "feed:fed",
        "feel:felt",
        "fight:fought",
        "find:found",
        "fly:flew",
        "forget:forgot",
        "get:got",
        "give:gave",
        "go:went",
        "grow:grew",
        "have:had",
        "hear:heard",
        "hide:hid",
        "hit:hit",
        "hold:held",
        "hurt:hurt",
        "keep:kept",
        "know:knew",
        "lay:laid",
        "lead:led",
        "leave:left",
        "lend:lent",
        "let:let",
        "lie:lay",
        "lose:lost",
        "make:made",
        "mean:meant",
        "meet:met",
        "outdo:outdid",
        "overtake:overtook",
        "pay:paid",
        "put:put",
        "read:read",
        "retake:retook",
        "ride:rode",
        "ring:rang",
        "rise:rose",
        "run:ran",
        "say:said",
        "see:saw",
        "sell:sold",
        "send:sent",
        "set:set",
        "shake:shook",
        "shoot:shot",
        "show:showed",
        "shut:shut",
        "sing:sang",
        "sit:sat",
        "sleep:slept",
        "speak:spoke",
        "spend:spent",
        "spin:spun",
        "split:split",
        "spread:spread",
        "stand:stood",
        "steal:stole",
        "stick:stuck",
        "strike:struck",
        "swim:swam",
        "take:took",
        "teach:taught",
        "tell:told",
        "think:thought",
        "throw:threw",
        "understand:understood",
        "wake:woke",
        "wear:wore",
        "win:won",
        "withdraw:withdrew",
        "write:wrote",
        "panic:panicked",
        "mimic:mimicked",
    ]
)
_DOUBLED = frozenset(
    [
        "commit",
        "control",
        "equip",
        "admit",
        "permit",
        "prefer",
        "refer",
        "occur",
        "regret",
        "rebut",
        "submit",
        "omit",
        "compel",
    ]
)


def past(text: str) -> str:
    """The past tense of a verb: "won", "pitted", "tried", "stayed", "finished"."""
    start, word = _last_word(text)
    low = word.lower()
    if known := _PAST.get(low):
        return start + _in_case(word, known)
    if low.endswith("e"):
        return text + "d"
    if re.search(r"[^aeiou]y$", low):
        return text[:-1] + "ied"
    if low in _DOUBLED or re.fullmatch(r"(?:[^aeiou]|qu)*[aeiou][^aeiouwxyh]", low):
        return text + text[-1] + "ed"
    if low in {"travel", "cancel", "model", "label", "level", "fuel", "signal", "total", "rival", "equal"}:
        return text + "led"
    return text + "ed"


_OF_PRONOUNS = {"i": "my", "you": "your", "he": "his", "she": "her", "it": "its", "we": "our", "they": "their",
                "who": "whose"}  # fmt: skip


def possessive(text: str) -> str:
    """Whose: "Hamilton's", "Mercedes'", "Williams'", "his"."""
    known = _OF_PRONOUNS.get(text.lower())
    if known:
        return _in_case(text, known)
    return text + ("'" if text.lower().endswith("s") else "'s") if text else text


def capitalize(text: str) -> str:
    """The first letter made a capital, after a quotation mark or bracket too; the rest is left alone: "McLaren"."""
    at = next((at for at, char in enumerate(text) if char not in "\"'([{“‘«¿¡"), 0)
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def capitalize_all(text: str) -> str:
    """The first letter of every word made a capital: "3rd Place", "Räikkönen", "Don't", "Jean-Éric"."""
    return re.sub(r"(^|[\s(\[{“‘«\"/–—-]|(?<=\s)')(\w)", lambda found: found[1] + found[2].upper(), text)


_PRONOUNS = {
    "she": ("she", "her", "her", "hers", "herself"),
    "he": ("he", "him", "his", "his", "himself"),
    "it": ("it", "it", "its", "its", "itself"),
    "they": ("they", "them", "their", "theirs", "themself"),
}
_MEANT_BY = {"f": "she", "female": "she", "woman": "she", "w": "she", "girl": "she", "she": "she", "m": "he",
             "male": "he", "man": "he", "boy": "he", "he": "he", "it": "it", "thing": "it", "team": "it"}  # fmt: skip


def pronoun(text: str, case: int) -> str:
    """A pronoun for "female", "m", "she/her", "it" …, and "they" for anything else; `case` counts they, them, …"""
    word = re.split(r"[\W_]", text.strip().lower(), maxsplit=1)[0]
    return _PRONOUNS[_MEANT_BY.get(word, "they")][case]


def _last_word(text: str) -> tuple[str, str]:
    at = text.rfind(" ") + 1
    return text[:at], text[at:]


def _in_case(like: str, word: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
