"""Pictures and sounds that are made when somebody first looks at them, or listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self


class Later:
    """For a frozen dataclass, one of whose fields, `LATER`, may be made when it is first asked for.

    Only a part that is the same for the same inputs may come later. Whether two are the same can then be told without
    making either, by what they are made from.
    """

    __slots__ = ("_work",)
    LATER: ClassVar[str]

    @classmethod
    def later(cls, make: Callable[..., Any], *inputs: object, **fields: Any) -> Self:
        """One that gets its missing part from what `taken` takes of `make(*inputs)`; the other fields are given.

        Each of the inputs is told by its `repr` from others, in full, and nothing but them goes into the part.
        """
        empty = cls(**{cls.LATER: ""}, **fields)
        object.__setattr__(empty, "_work", (make, inputs))
        object.__delattr__(empty, cls.LATER)
        return empty

    @property
    def made_from(self) -> str | None:
        """What it is made from, a text that others share only when they are the same; None where it came made."""
        make, inputs = getattr(self, "_work", (None, ()))
        return f"{make.__module__}.{make.__qualname__}{inputs!r}" if make else None

    def taken(self, made: Any) -> Any:
        """The missing part, of what was made for it."""
        return made

    if not TYPE_CHECKING:  # else any name would do as an attribute

        def __getattr__(self, name: str) -> Any:
            if name != self.LATER:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            make, inputs = self._work
            made = self.taken(make(*inputs))
            object.__setattr__(self, name, made)
            return made
