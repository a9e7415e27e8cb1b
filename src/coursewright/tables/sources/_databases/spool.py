"""A program of its own: writes what ConnectorX reads to its standard output, as an Arrow stream.

ConnectorX keeps all rows in memory that nobody has taken yet. Here they are taken at once, and wait in a file. Besides,
where a value has no Arrow type or a server is lost it panics, with pages of talk that no reader of ours should see.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Read what to do from standard input: the URL is secret, and arguments are for all to see."""
    import connectorx
    import pyarrow as pa

    asked = json.load(sys.stdin)
    rows = connectorx.read_sql(
        asked["url"],
        asked["query"],
        return_type="arrow_stream",
        protocol="binary",
        batch_size=asked["rows"],
        pre_execution_query=asked["before"],
    )
    with pa.ipc.new_stream(sys.stdout.buffer, rows.schema) as sink:
        for batch in rows:
            sink.write_batch(batch)


if __name__ == "__main__":
    main()
