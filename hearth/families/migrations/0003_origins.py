from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_origins"),
        ("families", "0002_relationships"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="needprofile",
            name="is_blocked",
            field=models.BooleanField(default=False, verbose_name="blocked"),
        ),
        migrations.AddField(
            model_name="needprofile",
            name="origin",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddIndex(
            model_name="needprofile",
            index=models.Index(
                condition=models.Q(("is_blocked", True)), fields=["customer"], name="blocked_needs"
            ),
        ),
    ]
