from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vigilance", "0004_sealed_reads")]

    operations = [
        migrations.AddIndex(
            model_name="read",
            index=models.Index(
                fields=["record_id", "-read_at", "-id"],
                name="reads_of_a_record_by_time",
                condition=models.Q(record_id__isnull=False),
            ),
        ),
    ]
