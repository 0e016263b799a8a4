import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

CREATE = """
CREATE SEQUENCE audit_entry_id;
CREATE TABLE audit_auditentry (
    id bigint NOT NULL DEFAULT nextval('audit_entry_id'),
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    table_name varchar(63) NOT NULL,
    operation varchar(1) NOT NULL,
    row_ids text[] NOT NULL,
    user_id bigint,
    kind varchar(10) NOT NULL,
    address varchar(45) NOT NULL,
    login varchar(63) NOT NULL,
    values jsonb,
    values_sealed bytea,
    values_digest bytea,
    seal bigint,
    PRIMARY KEY (noted_at, id)
) PARTITION BY RANGE (noted_at);
-- Takes what no month's partition takes, so that no act fails because the clock's job has not run.
CREATE TABLE audit_auditentry_rest PARTITION OF audit_auditentry DEFAULT;
CREATE INDEX audit_by_seal ON audit_auditentry (seal, id);
CREATE INDEX audit_by_table ON audit_auditentry (table_name, noted_at DESC, id DESC);
CREATE INDEX audit_by_user ON audit_auditentry (user_id, noted_at DESC, id DESC);
CREATE INDEX audit_by_row ON audit_auditentry USING gin (row_ids);

CREATE TABLE audit_auditseal (
    number bigint PRIMARY KEY,
    made_at timestamptz NOT NULL,
    entries integer NOT NULL,
    digest bytea NOT NULL,
    signature bytea
);

-- The application reads; what it writes goes through the functions below, which run as the owner.
REVOKE INSERT, UPDATE, DELETE ON audit_auditentry, audit_auditentry_rest, audit_auditseal FROM hearth_app;
REVOKE ALL ON SEQUENCE audit_entry_id FROM hearth_app;

-- Makes the partition of a month if it is missing, unless entries of that month stand in the rest already.
CREATE FUNCTION audit_ensure_month(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date := date_trunc('month', day)::date;
    name text := 'audit_auditentry_' || to_char(month, 'YYYY_MM');
    since timestamptz := month::timestamp AT TIME ZONE 'UTC';
    until timestamptz := (month + interval '1 month')::timestamp AT TIME ZONE 'UTC';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(name));
    IF to_regclass(name) IS NOT NULL
        OR EXISTS (SELECT FROM audit_auditentry_rest WHERE noted_at >= since AND noted_at < until) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF audit_auditentry FOR VALUES FROM (%L) TO (%L)', name, since, until);
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %I FROM hearth_app', name);
END
$$;

-- Notes what a statement did. Arguments: the column of the key, and the columns that are left out.
-- Who acts is told by the setting hearth.attribution: user|kind|address.
CREATE FUNCTION audit_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told text := coalesce(current_setting('hearth.attribution', true), '');
    actor bigint := nullif(split_part(told, '|', 1), '')::bigint;
    actor_kind text := split_part(told, '|', 2);
    actor_address text := split_part(told, '|', 3);
    account text := coalesce(nullif(current_setting('role'), 'none'), session_user);
BEGIN
    IF TG_OP = 'INSERT' THEN
        EXECUTE format(
            'INSERT INTO audit_auditentry (table_name, operation, row_ids, user_id, kind, address, login)
             SELECT %L, ''I'', array_agg(parts.key), $1, $2, $3, $4
             FROM (SELECT added.%I::text AS key, (row_number() OVER () - 1) / 1000 AS part FROM added) parts
             GROUP BY parts.part',
            TG_TABLE_NAME, TG_ARGV[0]
        ) USING actor, actor_kind, actor_address, account;
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE format(
            'INSERT INTO audit_auditentry (table_name, operation, row_ids, user_id, kind, address, login, values)
             SELECT %1$L, ''U'', ARRAY[after.%2$I::text], $1, $2, $3, $4, changes.found
             FROM before JOIN after USING (%2$I)
             CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(was.key, jsonb_build_array(was.value, became.value)) AS found
                FROM jsonb_each(to_jsonb(before) - $5) was JOIN jsonb_each(to_jsonb(after) - $5) became USING (key)
                WHERE was.value IS DISTINCT FROM became.value
             ) changes
             WHERE changes.found IS NOT NULL',
            TG_TABLE_NAME, TG_ARGV[0]
        ) USING actor, actor_kind, actor_address, account, TG_ARGV[1]::text[];
    ELSE
        EXECUTE format(
            'INSERT INTO audit_auditentry (table_name, operation, row_ids, user_id, kind, address, login, values)
             SELECT %L, ''D'', ARRAY[before.%I::text], $1, $2, $3, $4, to_jsonb(before) - $5 FROM before',
            TG_TABLE_NAME, TG_ARGV[0]
        ) USING actor, actor_kind, actor_address, account, TG_ARGV[1]::text[];
    END IF;
    RETURN NULL;
END
$$;

-- Returns the digest of an entry; the values count by their own digest.
CREATE FUNCTION audit_entry_digest(entry audit_auditentry) RETURNS bytea
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        entry.id, to_char(entry.noted_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS'), entry.transaction, entry.table_name,
        entry.operation, to_jsonb(entry.row_ids), entry.user_id, entry.kind, entry.address, entry.login,
        encode(entry.values_digest, 'hex')
    )::text, 'UTF8'))
$$;

-- Returns the digest of a block after the seal before it.
CREATE FUNCTION audit_block_digest(block bigint, previous bytea) RETURNS bytea
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT sha256(previous || string_agg(audit_entry_digest(entry), ''::bytea ORDER BY entry.id))
    FROM audit_auditentry entry WHERE entry.seal = block
$$;

-- Closes a block over entries that are in none, puts sealed values in the place of open ones; returns its digest.
CREATE FUNCTION audit_close_block(entry_ids bigint[], sealed bytea[], OUT block bigint, OUT block_digest bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    previous bytea;
    taken integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_close_block'));
    SELECT number + 1, digest INTO block, previous FROM audit_auditseal ORDER BY number DESC LIMIT 1;
    block := coalesce(block, 1);
    UPDATE audit_auditentry entry
    SET seal = block, values = NULL, values_sealed = chosen.sealed, values_digest = sha256(chosen.sealed)
    FROM unnest(entry_ids, sealed) AS chosen (id, sealed)
    WHERE entry.id = chosen.id AND entry.seal IS NULL;
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken = 0 THEN
        block := NULL;
        RETURN;
    END IF;
    block_digest := audit_block_digest(block, coalesce(previous, ''::bytea));
    INSERT INTO audit_auditseal (number, made_at, entries, digest)
    VALUES (block, clock_timestamp(), taken, block_digest);
END
$$;

-- Signs a block that is not signed yet.
CREATE FUNCTION audit_sign_block(block bigint, given bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE audit_auditseal SET signature = given WHERE number = block AND signature IS NULL
$$;

-- Has a table noted, each statement by one call; again with other arguments it replaces what was.
CREATE FUNCTION audit_watch(watched regclass, key text, left_out text[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER audit_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION audit_note(%L, %L)', watched, key, left_out);
    EXECUTE format('CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON %s
        REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION audit_note(%L, %L)', watched, key, left_out);
    EXECUTE format('CREATE OR REPLACE TRIGGER audit_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS before
        FOR EACH STATEMENT EXECUTE FUNCTION audit_note(%L, %L)', watched, key, left_out);
END
$$;
REVOKE ALL ON FUNCTION audit_watch(regclass, text, text[]) FROM PUBLIC;
"""

DROP = """
DROP FUNCTION audit_watch(regclass, text, text[]);
DROP FUNCTION audit_sign_block(bigint, bytea);
DROP FUNCTION audit_close_block(bigint[], bytea[]);
DROP FUNCTION audit_block_digest(bigint, bytea);
DROP FUNCTION audit_entry_digest(audit_auditentry);
DROP FUNCTION audit_note() CASCADE;
DROP FUNCTION audit_ensure_month(date);
DROP TABLE audit_auditseal;
DROP TABLE audit_auditentry;
DROP SEQUENCE audit_entry_id;
"""

ENTRY = migrations.CreateModel(
    name="AuditEntry",
    fields=[
        (
            "pk",
            models.CompositePrimaryKey(
                "noted_at", "id", blank=True, editable=False, primary_key=True, serialize=False
            ),
        ),
        ("id", models.BigIntegerField(editable=False)),
        ("noted_at", models.DateTimeField(verbose_name="when")),
        ("transaction", models.BigIntegerField()),
        ("table", models.CharField(db_column="table_name", max_length=63, verbose_name="table")),
        (
            "operation",
            models.CharField(
                choices=[("I", "added"), ("U", "changed"), ("D", "removed")],
                max_length=1,
                verbose_name="what",
            ),
        ),
        ("row_ids", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
        ("user_id", models.BigIntegerField(null=True)),
        ("kind", models.CharField(max_length=10)),
        ("address", models.CharField(max_length=45)),
        ("login", models.CharField(max_length=63)),
        ("values", models.JSONField(null=True)),
        ("values_sealed", models.BinaryField(null=True)),
        ("values_digest", models.BinaryField(null=True)),
        ("seal", models.BigIntegerField(null=True)),
    ],
    options={
        "indexes": [
            models.Index(fields=["seal", "id"], name="audit_by_seal"),
            models.Index(fields=["table", "-noted_at", "-id"], name="audit_by_table"),
            models.Index(fields=["user_id", "-noted_at", "-id"], name="audit_by_user"),
            django.contrib.postgres.indexes.GinIndex(fields=["row_ids"], name="audit_by_row"),
        ],
    },
)
SEAL = migrations.CreateModel(
    name="AuditSeal",
    fields=[
        ("number", models.BigIntegerField(primary_key=True, serialize=False)),
        ("made_at", models.DateTimeField()),
        ("entries", models.IntegerField()),
        ("digest", models.BinaryField()),
        ("signature", models.BinaryField(null=True)),
    ],
)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_roles")]

    operations = [migrations.RunSQL(CREATE, DROP, state_operations=[ENTRY, SEAL])]
