"""The roles that whoever acted held at that moment are part of an entry, and of its digest.

What was noted before has none and keeps the digest it has.
"""

from django.db import migrations, models

# Who acts is told by the setting hearth.attribution: user|kind|address|roles, roles by code with commas.
CREATE = """
ALTER TABLE audit_auditentry ADD COLUMN roles varchar(200) NOT NULL DEFAULT '';

CREATE OR REPLACE FUNCTION audit_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told text := coalesce(current_setting('hearth.attribution', true), '');
    actor bigint := nullif(split_part(told, '|', 1), '')::bigint;
    actor_kind text := split_part(told, '|', 2);
    actor_address text := split_part(told, '|', 3);
    actor_roles text := left(split_part(told, '|', 4), 200);
    account text := coalesce(nullif(current_setting('role'), 'none'), session_user);
BEGIN
    IF TG_OP = 'INSERT' THEN
        EXECUTE format(
            'INSERT INTO audit_auditentry (table_name, operation, row_ids, user_id, kind, address, roles, login)
             SELECT %L, ''I'', array_agg(parts.key), $1, $2, $3, $4, $5
             FROM (SELECT added.%I::text AS key, (row_number() OVER () - 1) / 1000 AS part FROM added) parts
             GROUP BY parts.part',
            TG_TABLE_NAME, TG_ARGV[0]
        ) USING actor, actor_kind, actor_address, actor_roles, account;
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE format(
            'INSERT INTO audit_auditentry (table_name, operation, row_ids, user_id, kind, address, roles, login, values)
             SELECT %1$L, ''U'', ARRAY[after.%2$I::text], $1, $2, $3, $4, $5, changes.found
             FROM before JOIN after USING (%2$I)
             CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(was.key, jsonb_build_array(was.value, became.value)) AS found
                FROM jsonb_each(to_jsonb(before) - $6) was JOIN jsonb_each(to_jsonb(after) - $6) became USING (key)
                WHERE was.value IS DISTINCT FROM became.value
             ) changes
             WHERE changes.found IS NOT NULL',
            TG_TABLE_NAME, TG_ARGV[0]
        ) USING actor, actor_kind, actor_address, actor_roles, account, TG_ARGV[1]::text[];
    ELSE
        EXECUTE format(
            'INSERT INTO audit_auditentry (table_name, operation, row_ids, user_id, kind, address, roles, login, values)
             SELECT %L, ''D'', ARRAY[before.%I::text], $1, $2, $3, $4, $5, to_jsonb(before) - $6 FROM before',
            TG_TABLE_NAME, TG_ARGV[0]
        ) USING actor, actor_kind, actor_address, actor_roles, account, TG_ARGV[1]::text[];
    END IF;
    RETURN NULL;
END
$$;

-- Returns the digest of an entry; the values count by their own digest, roles where there are any.
CREATE OR REPLACE FUNCTION audit_entry_digest(entry audit_auditentry) RETURNS bytea
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT sha256(convert_to((jsonb_build_array(
        entry.id, to_char(entry.noted_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS'), entry.transaction, entry.table_name,
        entry.operation, to_jsonb(entry.row_ids), entry.user_id, entry.kind, entry.address, entry.login,
        encode(entry.values_digest, 'hex')
    ) || CASE entry.roles WHEN '' THEN '[]'::jsonb ELSE jsonb_build_array(entry.roles) END)::text, 'UTF8'))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_closed_partitions")]

    operations = [
        migrations.RunSQL(
            CREATE,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AddField("auditentry", "roles", models.CharField(blank=True, max_length=200))
            ],
        )
    ]
