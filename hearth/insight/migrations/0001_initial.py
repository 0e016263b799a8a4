import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("campaigns", "0001_initial"),
        ("organization", "0001_initial"),
        ("segments", "0001_initial"),
        ("warehouse", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Round",
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
                ("goal", models.CharField(blank=True, max_length=300, verbose_name="goal")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "under way"), ("closed", "closed")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("starts_date", models.DateField(verbose_name="from")),
                ("ends_date", models.DateField(blank=True, null=True, verbose_name="until")),
                ("figures", models.JSONField(default=dict)),
                ("closing_figures", models.JSONField(default=dict)),
                ("lessons", models.TextField(blank=True, verbose_name="lessons")),
                (
                    "closing_snapshot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.snapshot",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.snapshot"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["org_unit", "-starts_date", "-id"], name="round_by_date")],
            },
        ),
        migrations.CreateModel(
            name="RoundDecision",
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
                ("text", models.TextField(verbose_name="decision")),
                ("decided_at", models.DateTimeField(verbose_name="decided")),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "count",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="segments.segmentcount",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="insight.round",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="segments.segment",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ScoringRun",
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
                ("as_of_at", models.DateTimeField(verbose_name="as of")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting for its turn"),
                            ("copying", "copying the records"),
                            ("running", "computing"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("rules", models.JSONField()),
                ("cut_points", models.JSONField(default=dict)),
                ("scored", models.PositiveIntegerField(default=0, verbose_name="customers")),
                ("seconds", models.FloatField(default=0)),
                ("error", models.TextField(blank=True)),
                (
                    "snapshot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.snapshot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            ("snapshot__isnull", False),
                            _connector="OR",
                        ),
                        name="a_finished_scoring_run_read_a_snapshot",
                    )
                ],
            },
        ),
    ]
