"""Typed access to environment variables; every setting of the installation is read through here."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def secret(name: str) -> str:
    """Return a secret given as itself, or by the file whose path `NAME_FILE` holds."""
    path = os.environ.get(f"{name}_FILE", "")
    return Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(name, "")


def number(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


def flag(name: str, *, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def items(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(os.environ.get(name, default)).expanduser().resolve()


def database(url: str, *, role: str = "", helpers: str = "") -> dict[str, object]:
    """Turn a `postgres://` address into Django's settings for one connection.

    A host that starts with `/` (or `?host=/folder`) is the folder of a Unix socket. `role` is assumed at
    connection, so that one login can serve as owner and as application. `helpers` is how many processes the server
    may call to help with one query, where that is not left to it.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        message = "DATABASE_URL must start with postgres://"
        raise ValueError(message)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    session = "-c timezone=UTC"
    if role:
        session += f" -c role={role}"
    if helpers:
        session += f" -c max_parallel_workers_per_gather={helpers}"
    options["options"] = session
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }
