"""Claim: an image with a changed notebook, or one changed line of configuration, is there in under 10 s.

The peer is the same image built with nothing kept, which is what it costs where what changed stands below what is
installed. Also measured: the memory of our own processes in the running container, which is to be below 60 MB: the
init, the entry point and Supervisor. Needs root, buildah and debootstrap, as tests/test_images_real.py does.
"""

import re
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from environments import until_ready
from images import Images, data_management, made_images

TARGET, MEMORY = 10, 60


def main() -> None:
    """Build, change, build again; then run it and look at its processes."""
    with made_images(data_management) as images:
        whole = images.build()
        _row("nothing changed", images.build(), whole)
        book = images.course / "notebooks/1-postgresql.ipynb"
        book.write_text(book.read_text().replace("Northwick", "Southwick"))
        _row("a notebook changed", images.build(), whole)
        tier = images.course / "environment/05-mongodb/tier.toml"
        tier.write_text(tier.read_text().replace('stop_wait = "15s"', 'stop_wait = "14s"'))
        _row("a line of a service changed", images.build(), whole)
        size = _memory(images)
        print(f"| our processes in the running container | {size:.0f} MB | — | — | under {MEMORY} MB |")


def _row(what: str, ours: float, whole: float) -> None:
    faster = f"{whole / ours:.0f} × faster"
    print(f"| image of seven tiers, {what} | {ours:.1f} s | all of it: {whole:.0f} s | {faster} | under {TARGET} s |")


def _memory(images: Images) -> float:
    """What init, entry point and Supervisor have for themselves or share, in MB, when all services are ready."""
    with tempfile.TemporaryDirectory() as folder, images.run(Path(folder) / "log") as (jupyter, _):
        until_ready(jupyter, "api", "openrefine/command/core/get-version")
        time.sleep(5)
        ours = [one for one in images.inside() if re.search("runtime.entry|supervisord", " ".join(one.cmdline()))]
        return sum(one.memory_full_info().pss for one in ours) / 1e6


if __name__ == "__main__":
    main()
