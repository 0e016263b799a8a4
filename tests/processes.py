"""Processes of their own beside a test, on its database."""

import os
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection


def environment_of_test() -> dict[str, str]:
    """Return the environment of a process that works on this test's database, with its keys."""
    connected = connection.settings_dict
    where = urlencode({"host": connected["HOST"], "port": connected["PORT"] or 5432})
    return {
        **os.environ,
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@/{NAME}?".format(**connected) + where,
        "DATABASE_APP_URL": "",
        "HEARTH_ONE_LOGIN": "1",
        "HEARTH_KEY_RING": str(settings.KEY_RING),
    }
