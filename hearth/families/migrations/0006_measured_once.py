from django.db import migrations

# Who writes places of many and then their contacts has them measured once, with the contacts.
OWNERS = """
CREATE OR REPLACE FUNCTION families_measure_owners() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    {leave}
    IF TG_OP = 'INSERT' THEN
        PERFORM families_measure(array_agg(customer_id)) FROM after_it;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM families_measure(array_agg(customer_id)) FROM before_it;
    ELSE
        PERFORM families_measure(array_agg(customer_id))
        FROM (SELECT customer_id FROM before_it UNION SELECT customer_id FROM after_it) each;
    END IF;
    RETURN NULL;
END
$$;
"""
LEAVE = "IF current_setting('hearth.measured_later', true) = 'on' THEN RETURN NULL; END IF;"


class Migration(migrations.Migration):
    dependencies = [("families", "0005_completeness")]

    operations = [migrations.RunSQL(OWNERS.format(leave=LEAVE), OWNERS.format(leave=""))]
