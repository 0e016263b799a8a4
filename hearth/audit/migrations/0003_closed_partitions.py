"""A new month of the log is read through the whole table alone, whose fence then holds."""

from django.db import migrations

CLOSE = """
CREATE OR REPLACE FUNCTION audit_ensure_month(day date) RETURNS void
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
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_erasing_values")]

    operations = [migrations.RunSQL(CLOSE, migrations.RunSQL.noop)]
