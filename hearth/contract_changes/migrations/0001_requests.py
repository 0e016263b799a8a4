from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0012_numbered_indexes"),
        ("organization", "0004_second_step"),
        ("properties", "0002_custom_fields"),
        ("sales", "0005_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeRequest",
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
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("reason", models.CharField(max_length=1000, verbose_name="reason")),
                ("asked_version", models.PositiveIntegerField(verbose_name="version")),
                ("said_before", models.JSONField()),
                ("said_after", models.JSONField()),
                (
                    "difference_amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="difference, ¥"),
                ),
                (
                    "penalty_amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="penalty"
                    ),
                ),
                (
                    "fee_amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="fee"
                    ),
                ),
                (
                    "refund_amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="refund due"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "waits for approval"),
                            ("approved", "approved"),
                            ("carried_out", "carried out"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                            ("lapsed", "lapsed"),
                        ],
                        default="submitted",
                        max_length=11,
                        verbose_name="state",
                    ),
                ),
                ("lapses_at", models.DateTimeField(verbose_name="lapses")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "carried_out_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_requests",
                        to="sales.contract",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "new_contract",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.contract",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="properties.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["org_unit", "-id"], name="change_request_at_a_place"),
                    models.Index(
                        condition=models.Q(("state__in", ("submitted", "approved"))),
                        fields=["lapses_at"],
                        name="change_request_that_may_lapse",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("submitted", "approved"))),
                        fields=("contract",),
                        name="one_open_change_request_for_each_contract",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fee_amount__gte", 0), ("penalty_amount__gte", 0), ("refund_amount__gte", 0)
                        ),
                        name="no_part_of_a_settlement_is_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state__in", ("submitted", "approved"))),
                            models.Q(
                                models.Q(("state__in", ("submitted", "approved")), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_closed_change_request_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalStep",
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
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ahead", "comes later"),
                            ("waiting", "waits"),
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("dropped", "not needed any more"),
                        ],
                        default="ahead",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("reminded_at", models.DateTimeField(null=True, verbose_name="reminded")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="comment")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="contract_changes.changerequest",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="approval_step_by_its_day",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "position"), name="a_step_of_a_request_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("request",),
                        name="one_step_of_a_request_waits_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("request", "decided_by"),
                        name="nobody_approves_two_steps_of_a_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ("approved", "refused")),
                            ),
                            models.Q(
                                models.Q(("state__in", ("approved", "refused")), _negated=True),
                                ("decided_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="a_decided_step_says_by_whom",
                    ),
                ],
            },
        ),
    ]
