"""`coursewright table`, and the commands below it; imported when one of them is called."""

from __future__ import annotations

import cyclopts

from coursewright.cli.table import table

app = cyclopts.App(name="table", help_format="plaintext")
app.default(table)
app.command("coursewright.cli.lock:lock", name="lock", help="Lock what the tables of a course were fetched from.")
app.command(
    "coursewright.cli.load_dump:load_dump",
    name="load-dump",
    help="Turn a dump of MySQL or MariaDB into tables of the course.",
)
