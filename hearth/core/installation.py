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


def refuse_unsafe_role(*, may_share_login: bool = False) -> None:
    """Check that the application may not bypass row rules and owns no table, and neither may who it signed in as.

    :param may_share_login: the owner's login has taken on the application's role; it could give that up again
    :raises UnsafeRole: naming the role
    """
    with connection.cursor() as cursor:
        cursor.execute(UNSAFE)
        found = [role for role, is_login in cursor.fetchall() if not (is_login and may_share_login)]
    if found:
        raise UnsafeRole(found[0])


# Who of the role and the login behind it could read past the rules, by itself or as a role it may become.
UNSAFE = """
    SELECT r.rolname, r.rolname <> current_user
    FROM pg_roles r WHERE r.rolname IN (current_user, session_user) AND EXISTS (
        SELECT FROM pg_roles held WHERE pg_has_role(r.oid, held.oid, 'MEMBER') AND (
            held.rolsuper OR held.rolbypassrls
            OR EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = held.rolname)
        )
    )
    ORDER BY 2
"""
