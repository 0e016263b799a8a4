import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organization", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
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
                ("event_id", models.UUIDField()),
                ("event_type", models.CharField(max_length=60, verbose_name="type of event")),
                ("event_occurred_at", models.DateTimeField(verbose_name="occurred")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("delivered", "arrived"),
                            ("failed", "given up"),
                            ("dropped", "no longer visible to the owner"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("due_at", models.DateTimeField(verbose_name="next attempt")),
                ("claim_ends_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Attempt",
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
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="status answered")),
                ("error", models.CharField(blank=True, max_length=20)),
                ("seconds", models.FloatField(verbose_name="seconds")),
                ("answer_sealed", models.BinaryField(blank=True, default=bytes)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tries",
                        to="webhooks.delivery",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Endpoint",
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
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("url", models.CharField(max_length=500, verbose_name="address")),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("is_full", models.BooleanField(default=False, verbose_name="send the records too")),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "active"), ("paused", "paused"), ("disabled", "switched off")],
                        default="active",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "state_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none"),
                            ("gone", "the other system answered that the address is gone (410)"),
                            ("failing", "nothing has arrived for three days"),
                            ("owner_left", "the account of its owner was deactivated"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("first_failed_at", models.DateTimeField(null=True, verbose_name="first failed")),
                ("hold_ends_at", models.DateTimeField(null=True)),
                ("after_transaction", models.BigIntegerField()),
                ("after_position", models.BigIntegerField()),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhooks",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhooks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="endpoint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="webhooks.endpoint"
            ),
        ),
        migrations.CreateModel(
            name="SigningSecret",
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
                ("secret_sealed", models.BinaryField()),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secrets",
                        to="webhooks.endpoint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("expires_at__isnull", True)),
                        fields=("endpoint",),
                        name="one_lasting_secret_for_each_webhook",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["endpoint", "due_at", "id"],
                name="webhook_delivery_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["endpoint", "-created_at", "-id"], name="webhook_delivery_by_time"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "dropped"])),
                fields=["endpoint", "state"],
                name="webhook_delivery_given_up",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False)),
                fields=["finished_at"],
                name="webhook_delivery_by_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("endpoint", "event_id"), name="an_event_is_delivered_once_to_a_webhook"
            ),
        ),
    ]
