"""Bring an empty database to the first version that ran: `python -m tests.upgrade.first_state`."""

import os

import django

# The apps of the first version and their migration that makes the tables; packages of others stand where they stand.
FIRST = {
    "accounts": "0001_initial",
    "campaigns": "0001_initial",
    "cases": "0001_initial",
    "channels": "0001_initial",
    "core": "0002_initial",
    "customers": "0001_initial",
    "imports": "0001_initial",
    "insight": "0001_initial",
    "organization": "0001_initial",
    "privacy": "0001_initial",
    "properties": "0001_initial",
    "sales": "0001_initial",
    "segments": "0001_initial",
    "warehouse": "0001_initial",
}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "hearth.config.settings"
    django.setup()
    from django.conf import settings  # noqa: PLC0415  (needs Django started)
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    ours = {name.rsplit(".", 1)[1] for name in settings.APPS}
    others = [node for node in executor.loader.graph.leaf_nodes() if node[0] not in ours]
    executor.migrate([*others, *FIRST.items()])


if __name__ == "__main__":
    main()
