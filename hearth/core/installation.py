"""Making an installation ready: what must stand in the database before anybody works with it.

Apps below the command line register steps; each may run again and again and then changes nothing.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from hearth.core.crypto import KeyRing, KeyRingMissing
from hearth.core.partitions import ensure_months
from hearth.core.registry import Registry

Step = Callable[[datetime], None]

installation_steps: Registry[Step] = Registry()
sealed_tables: Registry[str] = Registry()


class UnsafeRole(Exception):
    """The application's login could bypass the rules of the database."""


def prepare_installation(now: datetime) -> None:
    """Make keys and the current months, and run the apps' steps in one transaction.

    :raises KeyRingMissing: if sealed values exist and their keys do not
    """
    ensure_key_ring()
    with transaction.atomic():
        ensure_months([now])
        for step in installation_steps.values():
            step(now)


def ensure_key_ring() -> None:
    """Make the keys of a new installation; never where values wait for keys that are lost.

    :raises KeyRingMissing: naming the file that must be put back
    """
    path: Path = settings.KEY_RING
    if path.exists():
        return
    with connection.cursor() as cursor:
        for query in sealed_tables.values():
            cursor.execute(f"SELECT EXISTS ({query})")
            if cursor.fetchone()[0]:
                raise KeyRingMissing(str(path))
    KeyRing.create(path)


def refuse_unsafe_role() -> None:
    """Check that the login may not bypass row rules and owns no table.

    :raises UnsafeRole: naming the role
    """
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT current_user, r.rolsuper OR r.rolbypassrls
                OR EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)
            FROM pg_roles r WHERE r.rolname = current_user
        """)
        role, is_unsafe = cursor.fetchone()
    if is_unsafe:
        raise UnsafeRole(role)
