"""A real Spark where a course would have a server: what is said to Spark SQL is run by one, in this process.

The way over Thrift, on which `hive://` goes, is left out: statements, parameters and rows go straight to the session.
"""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from coursewright.tables.servers.shapes import duckdb_type


def session() -> Any:
    """A Spark with one thread; skips the test where there is none."""
    pytest.importorskip("pyspark", reason='pip install "coursewright[spark]"')
    if not shutil.which("java"):
        pytest.skip("apt install default-jre-headless")
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        "spark.sql.codegen.wholeStage": "false",  # statements are many, and rows few
    }
    builder = SparkSession.builder.master("local[1]").appName("tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class _Cursor:
    def __init__(self, spark: Any) -> None:
        self.spark, self.rows, self.description = spark, [], list[tuple[str]]()

    def execute(self, text: str, values: dict[str, Any] | None = None) -> None:
        found = self.spark.sql(text, args=values or {})
        self.description = [(name,) for name in found.columns]
        self.rows = [tuple(row) for row in found.collect()]

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    def close(self) -> None:
        """Nothing is open."""


def kind(spark: Any) -> SimpleNamespace:
    """What a module of `servers` has, for a session."""

    def columns(_connection: Any, table: str, _schema: str) -> dict[str, str]:
        return {field.name: field.dataType.simpleString() for field in spark.table(f"`{table}`").schema}

    def held(connection: Any, table: str, schema: str) -> dict[str, str]:
        found = columns(connection, table, schema)
        return {name: duckdb_type(kind.replace("timestamp_ntz", "timestamp")) for name, kind in found.items()}

    def load(_connection: Any, name: str, rows: pa.Table) -> str:
        spark.createDataFrame(rows).createOrReplaceTempView(f"`{name}`")
        return "default"

    return SimpleNamespace(
        DIALECT="spark",
        PERCENT=False,
        OWN_DOUBLE="{0}",
        RULES=(),
        connect=lambda _address, _timezone: SimpleNamespace(cursor=lambda: _Cursor(spark), close=lambda: None),
        parameter=lambda name: f":{name}",
        tables=lambda _connection, _address: {},
        columns=columns,
        held=held,
        own_text=lambda _connection: "{0}",
        load=load,
        said=lambda error: str(error).split("\n", maxsplit=1)[0],
    )
