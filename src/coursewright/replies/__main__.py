"""`python -m coursewright.replies FOLDER PID`: what the R package starts."""

from __future__ import annotations

import sys
from pathlib import Path

from coursewright.replies.serve import serve

if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
