"""The application's role, before any table exists: it may read and write rows and owns nothing."""

from django.db import migrations

CREATE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hearth_app') THEN
        CREATE ROLE hearth_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The role hearth_app is missing and % may not create it. '
            'Run once as an administrator: CREATE ROLE hearth_app; GRANT hearth_app TO %;', current_user, current_user;
END
$$;
DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'hearth_app', 'MEMBER') THEN
        EXECUTE format('GRANT hearth_app TO %I', current_user);
    END IF;
END
$$;
GRANT USAGE ON SCHEMA public TO hearth_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO hearth_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hearth_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO hearth_app;
"""


class Migration(migrations.Migration):
    initial = True
    # Tables made before this would not be open to the application.
    run_before = [
        ("accounts", "0001_initial"),
        ("warehouse", "0001_initial"),
        ("contenttypes", "0001_initial"),
        ("sessions", "0001_initial"),
        ("procrastinate", "0001_initial"),
    ]
    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
