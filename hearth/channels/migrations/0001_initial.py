import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("organization", "0001_initial"),
        ("properties", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Interaction",
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
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("visit", "visit"),
                            ("phone", "phone"),
                            ("sms", "SMS"),
                            ("email", "e-mail"),
                            ("wechat", "WeChat"),
                            ("web", "web"),
                            ("forum", "forum"),
                            ("note", "note"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("inbound", "from the customer"),
                            ("outbound", "to the customer"),
                            ("internal", "internal"),
                        ],
                        max_length=8,
                        verbose_name="direction",
                    ),
                ),
                ("summary", models.CharField(max_length=200, verbose_name="summary")),
                ("body", models.TextField(blank=True, verbose_name="text")),
                ("occurred_at", models.DateTimeField(verbose_name="when")),
                ("external_key", models.CharField(blank=True, max_length=60, verbose_name="external key")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interactions",
                        to="customers.customer",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="interactions",
                        to="properties.project",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer", "-occurred_at", "-id"], name="interaction_by_customer")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_key", ""), _negated=True),
                        fields=("org_unit", "external_key"),
                        name="one_interaction_for_each_external_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
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
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("visit", "visit"),
                            ("phone", "phone"),
                            ("sms", "SMS"),
                            ("email", "e-mail"),
                            ("wechat", "WeChat"),
                            ("web", "web"),
                            ("forum", "forum"),
                            ("note", "note"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("purpose_code", models.CharField(max_length=40, verbose_name="purpose")),
                ("sender_kind", models.CharField(blank=True, max_length=30)),
                ("sender_id", models.UUIDField(null=True)),
                ("idempotency_key", models.CharField(max_length=100, unique=True)),
                ("recipient_sealed", models.BinaryField(default=bytes)),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                ("body", models.TextField(verbose_name="text")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("claimed", "being prepared"),
                            ("handing_over", "being handed over"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("refused", "not allowed"),
                            ("unconfirmed", "unconfirmed"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=200)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("unsubscribe_url", models.CharField(blank=True, max_length=200)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="customers.customer",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="organization.orgunit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer", "-created_at"], name="message_by_customer"),
                    models.Index(fields=["sender_id", "state"], name="message_by_sender"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "claimed", "handing_over"])),
                        fields=["state", "created_at"],
                        name="message_under_way",
                    ),
                ],
            },
        ),
    ]
