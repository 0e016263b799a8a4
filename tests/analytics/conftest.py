"""An engine for expressions, and the real data where they exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pytest

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def engine() -> Any:
    """An empty DuckDB in memory."""
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


@pytest.fixture
def real_data() -> Path:
    """The folder of real data sets beside the project."""
    if not SHARED_DATA.exists():
        pytest.skip("the real data sets are not here")
    return SHARED_DATA
