"""The engines that compare records: where the table of people lies, and how it is asked. DuckDB in memory, or Spark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hearth.analytics.identity import SIMILAR_NAMES
from hearth.analytics.identity_names import similar_names, similar_series
from hearth.postponed import Postponed
from hearth.warehouse.engine import spark_session

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    import splink
else:
    duckdb = Postponed("duckdb")
    splink = Postponed("splink")

# Without a folder to spill to, nothing of what is compared is ever written to a disk.
SETTINGS: dict[str, Any] = {
    "memory_limit": "2GB",
    "threads": 2,
    "temp_directory": "",
    "autoinstall_known_extensions": "false",
}


@dataclass(frozen=True)
class LinkingEngine:
    """An engine with what Splink asks it through; `dialect` is that of Splink and of `identity.settings_of`.

    `keep` gives a name to a table, or to what a statement selects, and works it out once; `ask` returns the rows of a
    statement.
    """

    dialect: str
    sql_dialect: str
    api: Any
    keep: Callable[[str, pa.Table | str], None]
    ask: Callable[[str], pa.Table]

    def count(self, sql: str) -> int:
        """Return the one number a statement selects."""
        return int(self.ask(sql).column(0)[0].as_py())


@contextmanager
def on_duckdb() -> Iterator[LinkingEngine]:
    """Open an engine of its own in memory; it is gone with the block."""
    connection: Any = duckdb.connect(config=SETTINGS)
    text = duckdb.sqltypes.VARCHAR

    def keep(name: str, rows: pa.Table | str) -> None:
        if isinstance(rows, str):
            connection.execute(f"CREATE TABLE {name} AS {rows}")
            return
        connection.register("given", rows)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608  (our names)
        connection.unregister("given")

    try:
        connection.create_function(
            SIMILAR_NAMES, similar_names, [text] * 4, duckdb.sqltypes.BOOLEAN, type="arrow"
        )
        api = splink.DuckDBAPI(connection=connection)
        yield LinkingEngine("duckdb", "duckdb", api, keep, lambda sql: connection.sql(sql).to_arrow_table())
    finally:
        connection.close()


@contextmanager
def on_spark() -> Iterator[LinkingEngine]:
    """Use the session of this machine; the tables kept in it are gone with the block.

    What Spark moves between its workers lies in files for a while; the session writes them encrypted.

    :raises ImproperlyConfigured: if the extra `spark` is not installed
    """
    from pyspark.sql.functions import PandasUDFType, pandas_udf  # noqa: PLC0415  (an extra of half a gigabyte)

    session = spark_session()
    kept: list[str] = []

    def keep(name: str, rows: pa.Table | str) -> None:
        frame = session.sql(rows) if isinstance(rows, str) else session.createDataFrame(rows)
        frame.cache().createOrReplaceTempView(name)
        kept.append(name)

    session.udf.register(SIMILAR_NAMES, pandas_udf(similar_series, "boolean", PandasUDFType.SCALAR))
    try:
        api = splink.SparkAPI(
            spark_session=session, break_lineage_method="persist", register_udfs_automatically=False
        )
        yield LinkingEngine("spark", "pyspark", api, keep, lambda sql: session.sql(sql).toArrow())
    finally:
        for name in kept:
            session.catalog.uncacheTable(name)
            session.catalog.dropTempView(name)


LINKING_ENGINES: Mapping[str, Callable[[], AbstractContextManager[LinkingEngine]]] = {
    "duckdb": on_duckdb,
    "spark": on_spark,
}
