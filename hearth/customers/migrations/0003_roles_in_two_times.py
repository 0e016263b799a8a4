import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEEP_VERSIONS = """
CREATE FUNCTION customers_keep_role_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    known_at timestamptz := coalesce(OLD.recorded_at, OLD.created_at);
BEGIN
    NEW.recorded_at := greatest(NEW.updated_at, known_at);
    INSERT INTO customers_unitroleversion
        (customer_id, unit_id, unit_role_id, role, valid_from, valid_to, recorded_at, superseded_at, is_sample)
    VALUES (OLD.customer_id, OLD.unit_id, OLD.id, OLD.role, OLD.valid_from, OLD.valid_to, known_at,
        NEW.recorded_at, OLD.is_sample);
    RETURN NEW;
END
$$;

-- Whose role it is may change when two records turn out to be one person: that is no other belief about the home.
CREATE TRIGGER a_changed_role_leaves_its_version BEFORE UPDATE ON customers_unitrole FOR EACH ROW
WHEN ((OLD.unit_id, OLD.role, OLD.valid_from, OLD.valid_to)
    IS DISTINCT FROM (NEW.unit_id, NEW.role, NEW.valid_from, NEW.valid_to))
EXECUTE FUNCTION customers_keep_role_version();
"""
FORGET_VERSIONS = """
DROP TRIGGER a_changed_role_leaves_its_version ON customers_unitrole;
DROP FUNCTION customers_keep_role_version();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_duplicates_and_merges"),
        ("properties", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="unitrole",
            name="recorded_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded"),
        ),
        migrations.CreateModel(
            name="UnitRoleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_role_id", models.UUIDField(db_index=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("co_owner", "co-owner"),
                            ("buyer", "buyer"),
                            ("resident", "resident"),
                            ("tenant", "tenant"),
                            ("payer", "payer"),
                            ("decision_maker", "decision maker"),
                        ],
                        max_length=16,
                        verbose_name="role",
                    ),
                ),
                ("valid_from", models.DateField(null=True, verbose_name="from")),
                ("valid_to", models.DateField(null=True, verbose_name="until")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("superseded_at", models.DateTimeField(verbose_name="thought until")),
                (
                    "reason",
                    models.CharField(db_default="", default="", max_length=200, verbose_name="reason"),
                ),
                ("is_sample", models.BooleanField(default=False)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="properties.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("superseded_at__gte", models.F("recorded_at"))),
                        name="a_version_of_a_role_is_superseded_after_it_was_recorded",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEEP_VERSIONS, FORGET_VERSIONS),
    ]
