from django.db import migrations, models

import hearth.lib.identifiers

# Counts of requests are worth neither a write-ahead log nor a wait for the disk.
UNLOG_WINDOWS = """
ALTER TABLE core_requestwindow SET UNLOGGED;
ALTER TABLE core_requestwindow SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
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
                ("user_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("status", models.PositiveSmallIntegerField()),
                ("headers", models.JSONField(default=dict)),
                ("body_sealed", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="idempotency_key_by_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user_id", "key"), name="one_answer_for_each_idempotency_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestWindow",
            fields=[
                ("caller", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("requests", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(UNLOG_WINDOWS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="eventrecord",
            index=models.Index(fields=["transaction", "position"], name="event_by_transaction"),
        ),
    ]
