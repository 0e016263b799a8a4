from django.db import migrations, models

# The roles that shipped with a right that guards others.
ASKING = (
    "administrator",
    "auditor",
    "city_cr_manager",
    "group_crc_director",
    "privacy_officer",
    "regional_cr_manager",
)


def ask_of_known_roles(apps, schema_editor):
    """Have the roles of an installation at work ask as a new one's do; days of grace begin at the next sign-in."""
    apps.get_model("organization", "Role").objects.filter(code__in=ASKING).update(needs_second_step=True)


class Migration(migrations.Migration):
    dependencies = [("organization", "0003_field_rules")]

    operations = [
        migrations.AddField(
            model_name="role",
            name="needs_second_step",
            field=models.BooleanField(default=False, verbose_name="signs in with a second step"),
        ),
        migrations.RunPython(ask_of_known_roles, migrations.RunPython.noop),
    ]
