from django.db import migrations, models

import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hearth.lib.identifiers.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("updated_at", models.DateTimeField(verbose_name="changed")),
                ("is_sample", models.BooleanField(default=False)),
                ("taken_at", models.DateTimeField(verbose_name="as of")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("pruned", "files removed"),
                        ],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("event_position", models.BigIntegerField(default=0)),
                ("tables", models.JSONField(default=dict)),
                ("seconds", models.FloatField(default=0, verbose_name="seconds")),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-taken_at", "-id"], name="snapshot_by_time")],
            },
        ),
    ]
