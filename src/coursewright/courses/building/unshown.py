"""What a build says of outputs of code that readers do not see as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from coursewright.courses.building.state import PageState
from coursewright.courses.plan import PlannedPage
from coursewright.errors import shown


def unshown(planned: Sequence[PlannedPage], states: Mapping[str, PageState]) -> Iterator[str]:
    """One line on all of them, whether their pages were made by this build or before: `check` says what each lacks."""
    counts = {one.page.file: 0 for one in planned}
    for one in planned:
        counts[one.page.file] += states[one.address].unshown
    if files := [file for file, count in counts.items() if count]:
        number = sum(counts.values())
        what = "1 output of code lacks something" if number == 1 else f"{number:,} outputs of code lack something"
        where = shown(files[0]) + (f" and {len(files) - 1:,} more" if len(files) > 1 else "")
        yield f"warning: {what}, or alternative text\n  --> {where}\nhint: coursewright check says what each lacks"
