"""R for tests: the package of R installed once, and scripts run with it as their users run them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from once import once

PACKAGE = Path(__file__).parent.parent / "r" / "coursewright"
INSTALL = (
    "apt-get install r-base-core r-cran-irkernel r-cran-knitr r-cran-testthat r-cran-dt r-cran-shiny r-cran-reticulate"
)


def need_r(*packages: str) -> None:
    """Skip the test where R or a package of R is not installed."""
    if shutil.which("Rscript") is None:
        pytest.skip(f"needs R: {INSTALL}")
    for name in packages:
        probe = ["Rscript", "-e", f"q(status = !requireNamespace('{name}', quietly = TRUE))"]
        if subprocess.run(probe, check=False, capture_output=True).returncode:
            pytest.skip(f"needs the package {name} of R: {INSTALL}")


@pytest.fixture(scope="session")
def r_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of R with the package in it, as `R CMD INSTALL` makes it, or the reason why there is none."""
    need_r()

    def install(library: Path) -> None:
        copy = tmp_path_factory.mktemp("r") / "coursewright"
        shutil.copytree(PACKAGE, copy)
        command = ["R", "CMD", "INSTALL", "--no-test-load", f"--library={library}", str(copy)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "r-library", install)


def surroundings(library: Path, **more: str) -> dict[str, str]:
    """The environment of a session of R that finds the package, and the Python of the tests."""
    return {
        **os.environ,
        "R_LIBS": str(library),
        "RETICULATE_PYTHON": sys.executable,
        "LC_ALL": "C.UTF-8",
        "TZ": "Europe/London",
        **more,
    }


def run_r(code: str, library: Path, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A script of R, run in `folder` by Rscript."""
    script = folder / "script.R"
    script.write_text(code, encoding="utf-8")
    return subprocess.run(
        [str(shutil.which("Rscript")), str(script)],
        cwd=folder,
        env=surroundings(library, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
