from django.db import migrations

CREATE = """
-- Empties the values of entries, which their digests outlive, so that the chain still holds; and notes that it did.
CREATE FUNCTION audit_erase_values(instants timestamptz[], entry_ids bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told text := coalesce(current_setting('hearth.attribution', true), '');
    account text := coalesce(nullif(current_setting('role'), 'none'), session_user);
    emptied integer;
BEGIN
    UPDATE audit_auditentry entry SET values = NULL, values_sealed = NULL
    FROM unnest(instants, entry_ids) AS chosen (noted_at, id)
    WHERE entry.noted_at = chosen.noted_at AND entry.id = chosen.id;
    GET DIAGNOSTICS emptied = ROW_COUNT;
    INSERT INTO audit_auditentry (table_name, operation, row_ids, user_id, kind, address, login)
    VALUES (
        'audit_auditentry', 'U', entry_ids::text[], nullif(split_part(told, '|', 1), '')::bigint,
        split_part(told, '|', 2), split_part(told, '|', 3), account
    );
    RETURN emptied;
END
$$;
"""
DROP = "DROP FUNCTION audit_erase_values(timestamptz[], bigint[]);"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
