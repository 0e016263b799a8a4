"""A new month of events is read through the whole table alone, whose fence then holds."""

from django.db import migrations

CLOSE = """
CREATE OR REPLACE FUNCTION core_ensure_event_month(day date) RETURNS void
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
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_api")]

    operations = [migrations.RunSQL(CLOSE, migrations.RunSQL.noop)]
