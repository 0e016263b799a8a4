from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_origins"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="custom",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
