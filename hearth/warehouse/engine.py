"""The engine that reads a snapshot: DuckDB in this process, or Spark where one machine is outgrown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hearth.core.extracts import Extract, extracts
from hearth.postponed import Postponed
from hearth.warehouse.manifests import (
    Manifest,
    TableFiles,
    kept_folder,
    read_manifest,
    warehouse_folder,
)
from hearth.warehouse.models import Snapshot

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa
else:
    ibis = Postponed("ibis")
    pa = Postponed("pyarrow")

Backend = Any
Expression = Any
MEMORY, THREADS = "512MB", 2
_lock = RLock()


def connect(snapshot: Snapshot) -> Backend:
    """Open an engine on a snapshot: an Ibis backend with every registered table under its name.

    A table or column that was registered after the snapshot was taken is there and empty.

    :raises ManifestMissing: if the snapshot never finished or its files were removed
    """
    manifest = read_manifest(snapshot.id)
    backend = _opener()()
    aliases = {
        extract.name: extract.alias_table for extract in extracts.values() if extract.alias_table in extracts
    }
    for name, columns in _declared(manifest).items():
        shown = f"{name}_as_written" if name in aliases else name
        register_table(backend, shown, columns, manifest.tables.get(name))
    for name, alias_table in aliases.items():
        _show_present_customers(backend, extracts[name], alias_table)
    return backend


def table(name: str) -> Expression:
    """Return a registered table as an Ibis expression bound to no engine: what to build shared expressions from."""
    return ibis.table(dict(extracts[name].columns), name=name)


def to_sql(backend: Backend, expression: Expression) -> str:
    """Write an expression in the SQL of a backend's engine."""
    return str(ibis.to_sql(expression, dialect=backend.name))


def run(backend: Backend, expression: Expression) -> pa.Table:
    """Compute an expression over tables of `table` and return Arrow."""
    return run_sql(backend, to_sql(backend, expression))


def shared_connection(snapshot: Snapshot) -> Backend:
    """Return this process's connection to a snapshot, opened once; the two newest stay open."""
    with _lock:
        return _kept(str(snapshot.id), str(warehouse_folder()), settings.WAREHOUSE_ENGINE)


@lru_cache(maxsize=2)
def _kept(snapshot_id: str, folder: str, engine: str) -> Backend:
    return connect(Snapshot(id=snapshot_id))


def run_sql(backend: Backend, sql: str) -> pa.Table:
    """Run SQL of the engine's dialect and return Arrow; threads may share a backend."""
    if backend.name == "duckdb":
        return backend.con.cursor().sql(sql).to_arrow_table()
    return backend.raw_sql(sql).toArrow()


def first_row(backend: Backend, sql: str) -> tuple[Any, ...]:
    """Run SQL that gives one row, and return it; on DuckDB this needs no Arrow in the process."""
    if backend.name == "duckdb":
        row: tuple[Any, ...] = backend.con.cursor().execute(sql).fetchone()
        return row
    return tuple(backend.raw_sql(sql).first())


def keep_table(backend: Backend, snapshot: Snapshot, name: str, sql: str) -> None:
    """Compute a query on a snapshot once and give its rows a name.

    DuckDB reads them from a file beside the snapshot, which all processes share and pruning removes with it; Spark
    keeps them in its memory.
    """
    with _lock:
        if backend.name == "duckdb":
            file = kept_folder(snapshot.id) / f"{name}.parquet"
            if not file.exists():
                _write_in_one_step(backend, file, sql)
            source = str(file).replace("'", "''")
            backend.con.cursor().execute(
                f"CREATE OR REPLACE VIEW \"{name}\" AS FROM read_parquet('{source}')"
            )
        elif not backend._session.catalog.tableExists(name):
            backend._session.sql(sql).cache().createOrReplaceTempView(name)


def _write_in_one_step(backend: Backend, file: Path, sql: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    target = str(draft).replace("'", "''")
    backend.con.cursor().execute(f"COPY ({sql}) TO '{target}' (FORMAT parquet)")
    draft.replace(file)


def register_table(
    backend: Backend, name: str, columns: Mapping[str, str], source: TableFiles | None
) -> None:
    """Show the files of a table under its name, with exactly these columns."""
    kept = source.columns if source else {}
    files = [str(warehouse_folder() / file) for file in source.files] if source else []
    types = {column: _engine_type(backend, kind) for column, kind in columns.items()}
    quote = '"' if backend.name == "duckdb" else "`"
    fields = [
        f"CAST({quote + column + quote if files and column in kept else 'NULL'} AS {kind}) AS {quote}{column}{quote}"
        for column, kind in types.items()
    ]
    if backend.name == "duckdb":
        _show_in_duckdb(backend, name, fields, files)
    else:
        _show_in_spark(backend, name, fields, files)


def _show_present_customers(backend: Backend, extract: Extract, alias_table: str) -> None:
    """Show a table of rows that are never changed with the customers that they mean by now."""
    columns = ", ".join(
        f"coalesce(alias.survivor_id, written.{column}) AS {column}"
        if column == extract.customer_column
        else f"written.{column}"
        for column in extract.columns
    )
    create = "CREATE OR REPLACE VIEW" if backend.name == "duckdb" else "CREATE OR REPLACE TEMPORARY VIEW"
    statement = (
        f"{create} {extract.name} AS SELECT {columns} FROM {extract.name}_as_written AS written"  # noqa: S608
        f" LEFT JOIN {alias_table} AS alias ON alias.customer_id = written.{extract.customer_column}"
    )
    if backend.name == "duckdb":
        backend.con.execute(statement)
    else:
        backend._session.sql(statement)


def _declared(manifest: Manifest) -> dict[str, Mapping[str, str]]:
    """Merge what the snapshot holds with what is registered now; the registration decides the columns."""
    kept: dict[str, Mapping[str, str]] = {name: table.columns for name, table in manifest.tables.items()}
    return kept | {extract.name: extract.columns for extract in extracts.values()}


def _engine_type(backend: Backend, kind: str) -> str:
    return str(backend.compiler.type_mapper.to_string(ibis.dtype(kind)))


def _show_in_duckdb(backend: Backend, name: str, fields: list[str], files: list[str]) -> None:
    escaped = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    source = f"FROM read_parquet([{escaped}], hive_partitioning = false)" if files else "WHERE false"
    backend.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT {", ".join(fields)} {source}')


def _show_in_spark(backend: Backend, name: str, fields: list[str], files: list[str]) -> None:
    session = backend._session
    rows = (
        session.read.parquet(*files).selectExpr(*fields)
        if files
        else session.sql(f"SELECT {', '.join(fields)} WHERE false")
    )
    rows.createOrReplaceTempView(name)


def open_duckdb() -> Backend:
    folder = Path(settings.VAR) / "duckdb"
    folder.mkdir(parents=True, exist_ok=True)
    return ibis.duckdb.connect(
        memory_limit=MEMORY,
        threads=THREADS,
        temp_directory=str(folder),
        autoinstall_known_extensions="false",
        # The files lie in the cache of the machine already; a second copy in each process is not worth its memory.
        enable_external_file_cache="false",
        # What a query needed is given back when it is over, and not kept for the next.
        allocator_flush_threshold="16MiB",
        allocator_bulk_deallocation_flush_threshold="32MiB",
        TimeZone="UTC",
    )


def open_spark() -> Backend:
    """Open a session on this machine's two cores.

    :raises ImproperlyConfigured: if the extra `spark` is not installed
    """
    return ibis.pyspark.connect(spark_session())


def spark_session() -> Any:
    """Return the one session of this process; what it writes to files of its own for a while is encrypted.

    :raises ImproperlyConfigured: if the extra `spark` is not installed
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  (an extra of half a gigabyte)
    except ImportError as error:
        message = (
            "HEARTH_WAREHOUSE_ENGINE=spark needs the extra: pip install hearth[spark], and Java 17 or later."
        )
        raise ImproperlyConfigured(message) from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return (
        SparkSession.builder.master(f"local[{THREADS}]")
        .appName("hearth")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.io.encryption.enabled", "true")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )


ENGINES: dict[str, Callable[[], Backend]] = {"duckdb": open_duckdb, "spark": open_spark}


def _opener() -> Callable[[], Backend]:
    opener = ENGINES.get(settings.WAREHOUSE_ENGINE)
    if opener is None:
        message = f"HEARTH_WAREHOUSE_ENGINE must be one of {', '.join(ENGINES)}."
        raise ImproperlyConfigured(message)
    return opener
