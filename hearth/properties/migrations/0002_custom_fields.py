from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("properties", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="custom",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
