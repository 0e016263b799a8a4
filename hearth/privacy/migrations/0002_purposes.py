from dataclasses import asdict

from django.db import migrations

from hearth.privacy.purposes import SHIPPED_PURPOSES


def add_purposes(apps, schema_editor):
    purpose = apps.get_model("privacy", "Purpose")
    rows = [purpose(**asdict(shipped)) for shipped in SHIPPED_PURPOSES]
    purpose.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]

    operations = [migrations.RunPython(add_purposes, migrations.RunPython.noop)]
