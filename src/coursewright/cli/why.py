"""What `coursewright build --why` prints: what was done again for what reason, pages with the same reasons together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from coursewright.courses import BuildResult
from coursewright.courses.building import Why
from coursewright.errors import UsageError, did_you_mean

_NAMED = 3  # pages that have the same reasons, by their addresses; more are a number


def told(built: BuildResult, pages: Collection[str] = ()) -> Iterator[str]:
    """The lines that say it, of all pages or of those at the addresses `pages`.

    Raises UsageError for an address that no page has.
    """
    for page in pages:
        if page not in built.pages:
            raise UsageError(f'no page called "{page}"', None, did_you_mean(page, built.pages))
    groups: dict[tuple[object, ...], list[Why]] = defaultdict(list)
    for why in built.whys:
        if not pages or why.address in pages:
            groups[why.made, why.causes, why.done, why.file if why.done else ""].append(why)
    for alike in groups.values():
        yield from _of_pages(alike)
    done = sum(map(len, groups.values()))
    if left := (len(pages) or len(built.pages)) - done:
        named = ", ".join(page for page in pages if page not in {why.address for why in built.whys})
        one = named or (f"{left:,} {'other ' * bool(done)}page{'s' * (left != 1)}")
        yield f"{one}: nothing changed, nothing was done again"


def _of_pages(alike: list[Why]) -> Iterator[str]:
    first = alike[0]
    names = ", ".join(why.address for why in alike[:_NAMED])
    more = f" and {len(alike) - _NAMED:,} more" if len(alike) > _NAMED else ""
    yield f"{names}{more}: {'made' if first.made else 'written'} again"
    for cause in first.causes:
        yield f"  because of {cause}" if not cause.startswith("it ") else f"  because {cause}"
    for done in first.done:
        became = f"carried out again: {'; '.join(done.causes)}" if done.causes else "kept"
        where = f"on line {done.line}" if isinstance(done.line, int) else f"in {done.line}"
        yield f"  {done.what} {where}: {became}"
