"""Claim: a search loads little, however many pages a site has; its pieces cost the same for a page of many as of few.

Each page has the text of a report and a table. What is loaded is compressed, as by a server. Time is the processor's.
"""

import gzip
import itertools
import json
import random
import resource
import time
from collections.abc import Iterator

import msgspec

from coursewright.sites.search import SearchRecord, pieces
from coursewright.sites.search.records import ranked
from coursewright.sites.search.stretches import Stretch

FEW, SOME, MANY = 100, 1_150, 10_000
CONSONANTS, VOWELS = "bcdfghjklmnpqrstvwxz", "aeiou"


def vocabulary() -> tuple[list[str], list[float]]:
    """30,000 words, each with how often it is said: the second half as often as the first, as in languages."""
    draw = random.Random("words")  # noqa: S311 - the same words in each run
    syllables = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
    words = list(dict.fromkeys("".join(draw.choices(syllables, k=draw.randint(1, 5))) for _ in range(60_000)))[:30_000]
    return words, list(itertools.accumulate(1 / (place + 1) for place in range(len(words))))


def records(pages: int) -> Iterator[SearchRecord]:
    """What so many pages give to search: 250 words and a table each."""
    words, often = vocabulary()
    for page in range(pages):
        draw = random.Random(page)  # noqa: S311 - the same pages in each run
        prose = " ".join(draw.choices(words, cum_weights=often, k=250))
        names = draw.choices(words, cum_weights=often, k=24)
        rows = "\n".join(
            f"{place} {name} {draw.randint(1, 99)} {draw.random():.3f}" for place, name in enumerate(names)
        )
        title = f"Report {page} of {draw.choice(words)}"
        told = [Stretch("", title, prose), Stretch("table", "The table", rows)]
        found = ranked(title, told)
        yield SearchRecord(msgspec.json.encode((f"p-{page}", title, told)), "\n".join(found), bytes(found.values()))


def loaded(files: dict[str, bytes], word: str) -> int:
    """Bytes that are loaded for the first ten pages with words that begin with `word`."""
    read = {path: content.decode().partition(", ")[2].strip()[:-1] for path, content in files.items()}
    index = json.loads(read["search/index.js"])
    starts = [first for first, _ in index["words"]] + ["\uffff"]
    wanted = {"search/index.js"}
    pages = set()
    for at, (first, name) in enumerate(index["words"]):
        if first <= f"{word}\uffff" and starts[at + 1] > word:
            wanted.add(f"search/{name}.js")
            for each, steps in json.loads(read[f"search/{name}.js"]).items():
                if each.startswith(word):
                    place = 0
                    pages |= {place := place + (step >> 3) for step in steps}
    spread = random.Random(word).sample(sorted(pages), min(10, len(pages)))  # noqa: S311 - the worst: anywhere in the site
    for page in spread:
        wanted.add(f"search/{[name for first, name in index['texts'] if first <= page][-1]}.js")
    return sum(len(gzip.compress(files[path])) for path in wanted)


def main() -> None:
    """Print the rows of the claims."""
    each, most, words = {}, {}, vocabulary()[0]
    for pages in (FEW, SOME, MANY):
        made = list(records(pages))
        before = time.process_time()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        files = {path: content if isinstance(content, bytes) else content.encode() for path, content in pieces(made)}
        each[pages] = (time.process_time() - before) / pages
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
        most[pages] = max(loaded(files, word) for word in ("ma", "co", "cora", "report", "42", words[0]))
    print(
        f"| a page in the search of a site of {MANY:,}, against one of {SOME:,} | {each[MANY] * 1e6:.0f} µs | "
        f"{each[SOME] * 1e6:.0f} µs | {each[MANY] / each[SOME]:.2f} | ≤ 1.5 |"
    )
    print(f"| memory for the pieces of {MANY:,} pages, all of them kept | {more:.0f} MB | — | — | ≤ 100 MB |")
    for pages in (SOME, MANY):
        print(
            f"| loaded for a search in {pages:,} pages, the most of six | {most[pages] / 1000:.0f} kB | — | — "
            "| ≤ 200 kB |"
        )


if __name__ == "__main__":
    main()
