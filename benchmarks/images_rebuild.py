"""Claim: an image with a changed notebook, or one changed line of configuration, is there in under 10 s.

The peer is the same image built with nothing kept, which is what it costs where what changed stands below what is
installed. Also measured: the size of the image, which is to be below 1.9 GB; the memory of our own processes in the
running container, which is to be below 60 MB: the init, the entry point and Supervisor; and the time from its SIGTERM
to its end, which is to be below the 10 s that Docker gives. Needs root, buildah and debootstrap, as
tests/test_images_real.py does.
"""

import re
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from environments import until_ready
from images import Images, data_management, made_images

TARGET, MEMORY, SIZE, STOP = 10, 60, 1.9, 10


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
        size = float(images.buildah("images", "--json", images.stub).partition('"size": "')[2].split()[0])
        print(f"| the image of examples/data-management | {size:.2f} GB | — | — | ≤ {SIZE} GB |")
        memory, seconds = _run(images)
        print(f"| our processes in the running container | {memory:.0f} MB | — | — | under {MEMORY} MB |")
        print(f"| the container told to stop, until it has ended | {seconds:.1f} s | — | — | ≤ {STOP} s |")


def _row(what: str, ours: float, whole: float) -> None:
    faster = f"{whole / ours:.0f} × faster"
    print(f"| image of seven tiers, {what} | {ours:.1f} s | all of it: {whole:.0f} s | {faster} | under {TARGET} s |")


def _run(images: Images) -> tuple[float, float]:
    """What init, entry point and Supervisor have or share, in MB, when all services are ready; the seconds to stop."""
    with tempfile.TemporaryDirectory() as folder, images.run(Path(folder) / "log") as (jupyter, process):
        until_ready(jupyter, "api", "openrefine/command/core/get-version")
        time.sleep(5)
        ours = [one for one in images.inside() if re.search("runtime.entry|supervisord", " ".join(one.cmdline()))]
        memory = sum(one.memory_full_info().pss for one in ours) / 1e6
        begin = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        return memory, time.perf_counter() - begin


if __name__ == "__main__":
    main()
