"""From R, a million rows told: at most 1.3 × R's own writing of the frame and reading of a million lines.

The peer writes in R's fastest form. Lines that are mostly the same R reads fast, so the second row is the harder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from words_story import row

PACKAGE = Path(__file__).parent.parent / "r" / "coursewright"
TIMES = 3
# Every measurement is a session of its own: R remembers texts that it has made before.
SESSION = """
asked <- commandArgs(TRUE)
set.seed(2018)
n <- 1000000L
rows <- data.frame(
  driver = paste("Driver", sample(850L, n, TRUE)), position = sample(24L, n, TRUE), laps = sample(88L, n, TRUE),
  points = sample(52L, n, TRUE) / 2, start = seq_len(n))
rules <- list(
  distinct = "#driver# came home #position.ordinal# after #laps# laps, for #points# points, in start #start#.",
  few = "#driver# came home #position.ordinal#.")
seconds <- function(work) system.time(work)[["elapsed"]]
if (asked[[1L]] == "ours") {
  library(coursewright)
  warm <- tell(rules, rows[1:500, ], rule = asked[[2L]])
  invisible(gc())
  cat(seconds(texts <- tell(rules, rows, rule = asked[[2L]])))
  stopifnot(identical(texts[1:500], warm), length(texts) == n)
  if (length(asked) > 2L) writeLines(texts, asked[[3L]])
} else {
  invisible(gc())
  cat(seconds({
    saveRDS(rows, tempfile(), compress = FALSE)
    texts <- readLines(asked[[3L]])
  }))
}
"""


def session(script: Path, library: Path, *asked: str) -> float:
    """The seconds that a session of R says it took."""
    environment = {**os.environ, "R_LIBS": str(library), "RETICULATE_PYTHON": sys.executable, "LC_ALL": "C.UTF-8"}
    command = [str(shutil.which("Rscript")), str(script), *asked]
    return float(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


def main() -> str:
    """Measures both in turns and prints two lines."""
    with tempfile.TemporaryDirectory() as folder:
        script, library = Path(folder) / "session.R", Path(folder) / "library"
        script.write_text(SESSION, encoding="utf-8")
        library.mkdir()
        copy = shutil.copytree(PACKAGE, Path(folder) / "coursewright")
        install = ["R", "CMD", "INSTALL", "--no-test-load", "--library", str(library), str(copy)]
        subprocess.run(install, check=True, capture_output=True)
        lines = []
        for rule, claim in (("distinct", "all distinct"), ("few", "20,400 distinct, so coded")):
            texts = str(Path(folder) / f"{rule}.txt")
            ours = [session(script, library, "ours", rule, texts)]
            peer = [session(script, library, "peer", rule, texts)]
            for _ in range(TIMES - 1):
                ours.append(session(script, library, "ours", rule))
                peer.append(session(script, library, "peer", rule, texts))
            ratio = min(ours) / min(peer)
            told = f"{min(ours):.2f} s"
            own = f"R's saveRDS (uncompressed) and readLines, {min(peer):.2f} s"
            lines.append(row(f"a million rows told from R, texts {claim}", told, own, ratio, "≤ 1.3"))
    text = "\n".join(lines)
    print(text)
    return text


if __name__ == "__main__":
    main()
