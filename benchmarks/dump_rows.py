"""A dump of MySQL becomes a course's tables at least three times as fast as MariaDB loads it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from coursewright.tables.sources.dump import load_dump

ROWS = 600_000
ROWS_OF_AN_INSERT = 10_000
TARGET = 3
CREATE = """\
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `laps`;
CREATE TABLE `laps` (
  `race` int(11) NOT NULL,
  `driver` varchar(40) DEFAULT NULL,
  `lap` smallint(6) NOT NULL,
  `time` varchar(20) DEFAULT NULL,
  `seconds` decimal(9,3) DEFAULT NULL,
  `speed` float DEFAULT NULL,
  `day` date DEFAULT NULL,
  `note` text DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `laps` WRITE;
/*!40000 ALTER TABLE `laps` DISABLE KEYS */;
"""
DRIVERS = ("Hamilton", "Räikkönen", "O\\'Ward", "Pérez", "Verstappen")
NOTES = ("NULL", "'green flag'", "'he said \\\"box, box\\\"\\nand (1,2),(3) more'", "'NULL'", "''")


def write(path: Path) -> None:
    """A dump as mariadb-dump writes it."""
    draw = random.Random("laps")  # noqa: S311 - the same rows in every run

    def row(number: int) -> str:
        seconds = draw.uniform(60, 120)
        values = f"{number // 1200},'{draw.choice(DRIVERS)}',{number % 60},'1:{seconds:06.3f}',{seconds:.3f}"
        day = f"20{draw.randint(10, 24)}-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}"
        return f"({values},{draw.uniform(150, 330):.3f},'{day}',{draw.choice(NOTES)})"

    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(CREATE)
        for start in range(0, ROWS, ROWS_OF_AN_INSERT):
            file.write(
                "INSERT INTO `laps` VALUES\n" + ",\n".join(map(row, range(start, start + ROWS_OF_AN_INSERT))) + ";\n"
            )
        file.write("/*!40000 ALTER TABLE `laps` ENABLE KEYS */;\nUNLOCK TABLES;\n")


def best_of(number: int, work: Callable[[], object]) -> float:
    """The seconds of the fastest of several runs."""
    found = []
    for _ in range(number):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    """Measures both and prints a line."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from servers import USER, Missing, _program, fresh, running

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "laps.sql"
        write(path)
        ours = best_of(5, lambda: load_dump(path, Path(folder) / "data", replace=True))
        try:
            with running("mariadb") as server, fresh(server) as database:
                client = [_program("mariadb"), "--no-defaults", "--protocol=tcp", "--host=127.0.0.1"]
                client += [f"--port={server.port}", f"--user={USER}", database.name]
                environment = {**os.environ, "MYSQL_PWD": server.password}

                def load() -> None:
                    with path.open("rb") as file:
                        subprocess.run(client, stdin=file, env=environment, check=True)

                theirs = best_of(2, load)
                assert database.run("SELECT count(*) FROM laps") == str(ROWS)
        except Missing as missing:
            print(missing, file=sys.stderr)
            return
        size = path.stat().st_size / 1e6
    claim = f"rows of a MySQL dump ({ROWS:,} rows, {size:.0f} MB) into the course, against MariaDB loading it"
    rates = f"{ROWS / ours:,.0f} rows/s | {ROWS / theirs:,.0f} rows/s"
    print(f"| {claim} | {rates} | {theirs / ours:.1f} × | ≥ {TARGET} × |")


if __name__ == "__main__":
    main()
