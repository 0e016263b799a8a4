import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NeedProfile",
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
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "unknown"),
                            ("first_home", "first home"),
                            ("upgrade", "better home"),
                            ("investment", "investment"),
                            ("for_family", "for parents or children"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="why they buy",
                    ),
                ),
                (
                    "budget_from_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="budget from, ¥"
                    ),
                ),
                (
                    "budget_to_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="budget to, ¥"
                    ),
                ),
                (
                    "area_from",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="area from, m²"
                    ),
                ),
                (
                    "area_to",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="area to, m²"
                    ),
                ),
                ("layout", models.CharField(blank=True, max_length=60, verbose_name="layout")),
                (
                    "timing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "unknown"),
                            ("now", "within 3 months"),
                            ("half_year", "within half a year"),
                            ("year", "within a year"),
                            ("later", "later"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="when to buy",
                    ),
                ),
                ("districts", models.CharField(blank=True, max_length=200, verbose_name="districts")),
                (
                    "motives",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="motives",
                    ),
                ),
                (
                    "ability_to_pay",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "unknown"),
                            ("cash", "whole price at once"),
                            ("loan", "down payment and loan"),
                            ("sells_first", "sells another home first"),
                            ("short", "down payment not yet saved"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="ability to pay",
                    ),
                ),
                ("decision_makers", models.CharField(blank=True, max_length=200, verbose_name="who decides")),
                (
                    "value_ratings",
                    models.JSONField(blank=True, default=dict, verbose_name="what counts most"),
                ),
                ("note", models.TextField(blank=True, verbose_name="remark")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="need_profiles",
                        to="customers.customer",
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
                    models.Index(fields=["customer", "-created_at", "-id"], name="newest_need_first")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("budget_from_amount__isnull", True),
                            ("budget_to_amount__isnull", True),
                            ("budget_to_amount__gte", models.F("budget_from_amount")),
                            _connector="OR",
                        ),
                        name="a_budget_ends_above_its_beginning",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("area_from__isnull", True),
                            ("area_to__isnull", True),
                            ("area_to__gte", models.F("area_from")),
                            _connector="OR",
                        ),
                        name="a_wanted_area_ends_above_its_beginning",
                    ),
                ],
            },
        ),
    ]
