"""Claim: all facts of every race of history take less than 2 s of processor time.

The peer is the same command for 20 races one by one, in one process; the facts must be the same. The clock starts when
the tables are open and what tells facts in columns (NumPy, Polars) is imported, on both sides.
"""

import importlib
import time
from pathlib import Path

from coursewright.courses import Course, open_course
from coursewright.facts import Fact, find
from coursewright.tables import Sql

EXAMPLE = Path(__file__).parent.parent / "examples" / "formula-one"
RUN = "SELECT year AS season, round FROM races WHERE raceId IN (SELECT raceId FROM results) ORDER BY year, round"
BAR = 2


def facts(course: Course, moments: list[dict[str, object]], *, together: bool) -> tuple[list[Fact], float]:
    """The facts of `moments` from a new database, and the seconds of processor time that they took."""
    database, finders, timeline = course.database(), course.finders(), course.settings.timeline
    find(database, finders, timeline=timeline, moments=moments[:1])  # the tables are open, as in a longer session
    start = time.process_time()
    if together:
        found = find(database, finders, timeline=timeline, moments=moments)
    else:
        found = [f for moment in moments for f in find(database, finders, timeline=timeline, moments=[moment])]
    return found, time.process_time() - start


def main() -> None:
    """Print the row of the claim."""
    course = open_course(EXAMPLE)
    importlib.import_module("coursewright.words.columnar.columns")
    races = course.database().rows(Sql(RUN, "facts_history.py"))
    sample = races[:: len(races) // 20][:20]
    single, one_by_one = facts(course, sample, together=False)
    history, together = facts(course, races, together=True)
    same = [fact for fact in history if fact.moment in sample] == single
    assert same, "the pass over history tells other facts than single runs"
    each = one_by_one / len(sample)
    ratio, alone = together / one_by_one, each * len(races) / together
    print(
        f"| All {len(course.finders())} finders for {len(races):,} races in one pass, the same {len(single):,} facts "
        f"| {together:.1f} s for {len(history):,} facts | 20 races one by one: {one_by_one:.1f} s "
        f"| {ratio:.1f} × the 20 races; all races one by one would take {alone:.0f} × as long "
        f"| under {BAR} s of processor time: {'met' if together < BAR else 'not met'} |"
    )


if __name__ == "__main__":
    main()
