"""`python -m coursewright.replies FOLDER PID`: what the package of R starts; with --package, where that package is."""

from __future__ import annotations

import sys
from pathlib import Path

import coursewright
from coursewright.replies.serve import serve


def package() -> Path:
    """The folder of the package of R: inside the installed package, or beside `src/` in a clone."""
    here = Path(coursewright.__file__).parent
    installed = here / "_r" / "coursewright"
    return installed if installed.is_dir() else here.parent.parent / "r" / "coursewright"


if __name__ == "__main__":
    if sys.argv[1:] == ["--package"]:
        sys.stdout.write(f"{package()}\n")
    else:
        serve(Path(sys.argv[1]), int(sys.argv[2]))
