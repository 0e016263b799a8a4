from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="custom",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
