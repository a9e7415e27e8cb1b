"""The words of English that no rule gets right, each kind in one table."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


# Abbreviations that are spoken as words: "a NASA", but "an FIA"
SPOKEN_AS_WORDS = _words(
    """
    BAFTA FIFA GATT LAN LASER MIDI MOMA NASA NASCAR NATO PIN RADA RADAR RAG RAM REM RIBA ROM SAGE SALT SARS SAT
    SCUBA SIM SONAR SWAT UNESCO UNICEF LAMP LISP NAAFI
    """
)

IRREGULAR = {
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

# One and many are the same
SAME = _words(
    """
    sheep deer fish series species aircraft spacecraft hovercraft offspring salmon trout cod moose means
    headquarters crossroads mercedes swiss chinese japanese portuguese
    """
)

NOT_MEN = ("human", "german", "roman", "norman", "shaman", "talisman", "ottoman", "caiman")

PAST = _pairs(
    """
    be:was become:became begin:began bid:bid break:broke bring:brought build:built burst:burst buy:bought
    catch:caught choose:chose come:came cost:cost cut:cut deal:dealt do:did draw:drew drive:drove eat:ate fall:fell
    feed:fed feel:felt fight:fought find:found fly:flew forget:forgot get:got give:gave go:went grow:grew have:had
    hear:heard hide:hid hit:hit hold:held hurt:hurt keep:kept know:knew lay:laid lead:led leave:left lend:lent
    let:let lie:lay lose:lost make:made mean:meant meet:met outdo:outdid overtake:overtook pay:paid put:put
    read:read retake:retook ride:rode ring:rang rise:rose run:ran say:said see:saw sell:sold send:sent set:set
    shake:shook shoot:shot show:showed shut:shut sing:sang sit:sat sleep:slept speak:spoke spend:spent spin:spun
    split:split spread:spread stand:stood steal:stole stick:stuck strike:struck swim:swam take:took teach:taught
    tell:told think:thought throw:threw understand:understood wake:woke wear:wore win:won withdraw:withdrew
    write:wrote panic:panicked mimic:mimicked
    """
)

# Verbs of two syllables that double their last letter, by stress or by British spelling
DOUBLED = _words(
    """
    commit control equip admit permit prefer refer occur regret rebut submit omit compel travel cancel model label
    level fuel signal total rival equal
    """
)

OF_PRONOUNS = {"i": "my", "you": "your", "he": "his", "she": "her", "it": "its", "we": "our", "they": "their",
                "who": "whose"}  # fmt: skip

PRONOUNS = {
    "she": ("she", "her", "her", "hers", "herself"),
    "he": ("he", "him", "his", "his", "himself"),
    "it": ("it", "it", "its", "its", "itself"),
    "they": ("they", "them", "their", "theirs", "themself"),
}

MEANT_BY = {"f": "she", "female": "she", "woman": "she", "w": "she", "girl": "she", "she": "she", "m": "he",
             "male": "he", "man": "he", "boy": "he", "he": "he", "it": "it", "thing": "it", "team": "it"}  # fmt: skip
