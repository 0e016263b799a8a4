import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_initial"),
        ("organization", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportJob",
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
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "uploaded"),
                            ("checking", "being checked"),
                            ("checked", "checked"),
                            ("committing", "being written"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("cancelled", "given up"),
                        ],
                        default="uploaded",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("encoding", models.CharField(blank=True, max_length=20, verbose_name="encoding")),
                ("sheet", models.CharField(blank=True, max_length=100, verbose_name="sheet")),
                ("columns", models.JSONField(default=list)),
                ("sample_rows", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=dict, verbose_name="mapping")),
                ("options", models.JSONField(default=dict, verbose_name="options")),
                (
                    "good_rows_only",
                    models.BooleanField(default=False, verbose_name="import the good rows only"),
                ),
                ("total_rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("processed_rows", models.PositiveIntegerField(default=0)),
                ("bad_rows", models.PositiveIntegerField(default=0)),
                ("issue_count", models.PositiveIntegerField(default=0)),
                ("created_rows", models.PositiveIntegerField(default=0)),
                ("updated_rows", models.PositiveIntegerField(default=0)),
                ("skipped_rows", models.PositiveIntegerField(default=0)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("error_params", models.JSONField(default=dict)),
                ("committed_at", models.DateTimeField(null=True, verbose_name="committed")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_jobs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_jobs",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "result_file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "source_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-created_at", "-id"], name="import_job_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["committing", "done"]),
                            models.Q(("fingerprint", ""), _negated=True),
                        ),
                        fields=("fingerprint",),
                        name="the_same_file_is_imported_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportIssue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                ("column", models.CharField(blank=True, max_length=200, verbose_name="column")),
                ("code", models.CharField(max_length=60)),
                ("params", models.JSONField(default=dict)),
                ("is_warning", models.BooleanField(default=False)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="issues",
                        to="imports.importjob",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["job", "row", "id"], name="import_issue_by_row")],
            },
        ),
    ]
