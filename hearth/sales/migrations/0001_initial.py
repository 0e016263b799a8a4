import django.db.models.deletion
from django.db import migrations, models

import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("organization", "0001_initial"),
        ("properties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
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
                ("number", models.CharField(max_length=60, verbose_name="contract number")),
                (
                    "state",
                    models.CharField(
                        choices=[("signed", "signed"), ("filed", "filed online"), ("cancelled", "cancelled")],
                        default="signed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("signed_date", models.DateField(verbose_name="signed")),
                (
                    "total_amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="total, ¥"),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="customers.customer",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="properties.unit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-signed_date", "-id"], name="contract_by_date")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_unit", "number"), name="one_contract_for_each_number_in_a_company"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("unit",),
                        name="a_unit_is_under_one_contract_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total_amount__gt", 0)), name="a_contract_has_a_positive_total"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
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
                ("receipt_number", models.CharField(max_length=60, verbose_name="receipt")),
                ("paid_date", models.DateField(verbose_name="paid")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount, ¥")),
                ("subject", models.CharField(blank=True, max_length=60, verbose_name="for")),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="sales.contract",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="customers.customer",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="organization.orgunit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_unit", "receipt_number"), name="one_payment_for_each_receipt"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="a_payment_is_not_zero"
                    ),
                ],
            },
        ),
    ]
