from dataclasses import asdict

from django.db import migrations

from hearth.privacy.purposes import LEGAL_NOTICE, SHIPPED_PURPOSES


def add_legal_notices(apps, schema_editor):
    """Add the purpose of notices the law demands, by the right that is its own."""
    shipped = next(each for each in SHIPPED_PURPOSES if each.code == LEGAL_NOTICE)
    values = {**asdict(shipped), "legal_basis": "legal_duty"}
    apps.get_model("privacy", "Purpose").objects.update_or_create(code=LEGAL_NOTICE, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0007_text_of_profiling")]

    operations = [migrations.RunPython(add_legal_notices, migrations.RunPython.noop)]
