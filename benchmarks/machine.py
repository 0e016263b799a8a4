"""What the figures were measured on."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg


def machine_facts(owner: psycopg.Connection[Any]) -> dict[str, object]:
    """Return processors, memory, load and versions at this moment."""
    memory = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
    row = owner.execute(
        "SELECT current_setting('server_version'), current_setting('shared_buffers'), "
        "pg_size_pretty(pg_database_size(current_database()))"
    ).fetchone()
    version, buffers, size = row[:3] if row else ("", "", "")
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory_mb": int(memory["MemTotal"].split()[0]) // 1024,
        "load": [round(value, 1) for value in os.getloadavg()],
        "python": platform.python_version(),
        "postgresql": version,
        "shared_buffers": buffers,
        "database": size,
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
