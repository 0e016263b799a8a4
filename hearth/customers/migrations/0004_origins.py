from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_roles_in_two_times"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="is_blocked",
            field=models.BooleanField(default=False, verbose_name="blocked"),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="origin",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="customer",
            name="origins",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(
                condition=models.Q(("is_blocked", True)), fields=["customer"], name="blocked_contact_points"
            ),
        ),
    ]
