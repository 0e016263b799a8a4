"""A change of keys by the owner of the database leaves the seals out of the log: they say the same before and after.

Which column that is tells the setting hearth.resealing, which counts for the owner alone.
"""

from importlib import import_module

from django.db import migrations

before = import_module("hearth.audit.migrations.0004_roles").CREATE
NOTE = before[before.index("CREATE OR REPLACE FUNCTION audit_note()") : before.index("-- Returns the digest")]
CHANGED = (
    (
        "    account text := coalesce(nullif(current_setting('role'), 'none'), session_user);\n",
        "    account text := coalesce(nullif(current_setting('role'), 'none'), session_user);\n"
        "    left_out text[] := TG_ARGV[1]::text[];\n",
    ),
    (
        "BEGIN\n    IF TG_OP",
        "BEGIN\n"
        "    IF account = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN\n"
        "        left_out := left_out || string_to_array(current_setting('hearth.resealing', true), ',');\n"
        "    END IF;\n"
        "    IF TG_OP",
    ),
    (
        "USING actor, actor_kind, actor_address, actor_roles, account, TG_ARGV[1]::text[];\n    ELSE",
        "USING actor, actor_kind, actor_address, actor_roles, account, left_out;\n    ELSE",
    ),
)


def changed() -> str:
    text = NOTE
    for old, new in CHANGED:
        text = text.replace(old, new)
    return text


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_roles")]

    operations = [migrations.RunSQL(changed(), NOTE)]
