import django.db.models.functions.comparison
from django.db import migrations, models

import hearth.lib.identifiers

CREATE_CACHE = """
CREATE TABLE core_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""

CREATE_EVENTS = """
CREATE SEQUENCE core_event_position;
CREATE TABLE core_eventrecord (
    id uuid NOT NULL,
    position bigint NOT NULL DEFAULT nextval('core_event_position'),
    transaction bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    type varchar(60) NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    org_unit_id bigint,
    customer_id uuid,
    household_id uuid,
    unit_id uuid,
    project_id uuid,
    subject_id uuid,
    actor_id bigint,
    actor_kind varchar(10) NOT NULL,
    channel varchar(12) NOT NULL,
    amount numeric(16, 2),
    payload jsonb NOT NULL,
    is_sample boolean NOT NULL,
    PRIMARY KEY (occurred_at, id)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX event_of_customer_by_time ON core_eventrecord (customer_id, occurred_at DESC, id DESC);
CREATE INDEX event_of_unit_by_time ON core_eventrecord (unit_id, occurred_at DESC, id DESC)
    WHERE unit_id IS NOT NULL;
CREATE INDEX event_of_place_by_time ON core_eventrecord (org_unit_id, occurred_at DESC, id DESC);
CREATE INDEX event_by_position ON core_eventrecord (position);

-- What happened is added, never changed: the application may neither update nor delete.
REVOKE UPDATE, DELETE ON core_eventrecord FROM hearth_app;

-- Makes the partition of a month if it is missing. Runs as the owner.
CREATE FUNCTION core_ensure_event_month(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date := date_trunc('month', day)::date;
    name text := 'core_eventrecord_' || to_char(month, 'YYYY_MM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext(name));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF core_eventrecord FOR VALUES FROM (%L) TO (%L)',
        name, month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    EXECUTE format('REVOKE UPDATE, DELETE ON %I FROM hearth_app', name);
END
$$;

-- Removes the demo's events; the only events the application may remove.
CREATE FUNCTION core_remove_sample_events() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH removed AS (DELETE FROM core_eventrecord WHERE is_sample RETURNING 1) SELECT count(*) FROM removed
$$;
"""

DROP_EVENTS = """
DROP FUNCTION core_remove_sample_events();
DROP FUNCTION core_ensure_event_month(date);
DROP TABLE core_eventrecord;
DROP SEQUENCE core_event_position;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_roles")]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hearth.lib.identifiers.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("updated_at", models.DateTimeField(verbose_name="changed")),
                ("is_sample", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("file", models.FileField(upload_to="stored/%Y/%m/")),
                ("size", models.BigIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunSQL(CREATE_CACHE, "DROP TABLE core_cache"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="EventRecord",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "occurred_at",
                                "id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("id", models.UUIDField(default=hearth.lib.identifiers.uuid7, editable=False)),
                        (
                            "position",
                            models.BigIntegerField(
                                db_default=models.Func(
                                    models.Value("core_event_position"),
                                    function="nextval",
                                    output_field=models.BigIntegerField(),
                                ),
                                editable=False,
                            ),
                        ),
                        (
                            "transaction",
                            models.BigIntegerField(
                                db_default=django.db.models.functions.comparison.Cast(
                                    django.db.models.functions.comparison.Cast(
                                        models.Func(
                                            function="pg_current_xact_id", output_field=models.TextField()
                                        ),
                                        models.TextField(),
                                    ),
                                    models.BigIntegerField(),
                                ),
                                editable=False,
                            ),
                        ),
                        ("type", models.CharField(max_length=60)),
                        ("occurred_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField()),
                        ("org_unit_id", models.BigIntegerField(null=True)),
                        ("customer_id", models.UUIDField(null=True)),
                        ("household_id", models.UUIDField(null=True)),
                        ("unit_id", models.UUIDField(null=True)),
                        ("project_id", models.UUIDField(null=True)),
                        ("subject_id", models.UUIDField(null=True)),
                        ("actor_id", models.BigIntegerField(null=True)),
                        ("actor_kind", models.CharField(max_length=10)),
                        ("channel", models.CharField(blank=True, max_length=12)),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                        ("payload", models.JSONField(default=dict)),
                        ("is_sample", models.BooleanField(default=False)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["customer_id", "-occurred_at", "-id"],
                                name="event_of_customer_by_time",
                            ),
                            models.Index(
                                condition=models.Q(("unit_id__isnull", False)),
                                fields=["unit_id", "-occurred_at", "-id"],
                                name="event_of_unit_by_time",
                            ),
                            models.Index(
                                fields=["org_unit_id", "-occurred_at", "-id"], name="event_of_place_by_time"
                            ),
                            models.Index(fields=["position"], name="event_by_position"),
                        ],
                    },
                ),
            ],
            database_operations=[migrations.RunSQL(CREATE_EVENTS, DROP_EVENTS)],
        ),
    ]
