import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hearth.core.fields
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
        migrations.RunSQL("CREATE SEQUENCE cases_number", "DROP SEQUENCE cases_number"),
        migrations.CreateModel(
            name="Case",
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
                    "number",
                    models.BigIntegerField(
                        db_default=models.Func(
                            models.Value("cases_number"),
                            function="nextval",
                            output_field=models.BigIntegerField(),
                        ),
                        editable=False,
                        unique=True,
                        verbose_name="number",
                    ),
                ),
                ("external_key", models.CharField(blank=True, max_length=60, verbose_name="external key")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("enquiry", "enquiry"),
                            ("repair", "repair"),
                            ("complaint", "complaint"),
                            ("suggestion", "suggestion"),
                            ("praise", "praise"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("ordinary", "ordinary"),
                            ("important", "important"),
                            ("hot", "hot"),
                            ("major", "major"),
                        ],
                        default="ordinary",
                        max_length=10,
                        verbose_name="grade",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("answered", "answered"), ("closed", "closed")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
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
                ("topic", models.CharField(blank=True, max_length=60, verbose_name="topic")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("body", models.TextField(verbose_name="what happened")),
                ("reply", models.TextField(blank=True, verbose_name="answer")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("text_tokens", hearth.core.fields.TokensField()),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.customer",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="properties.project",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="properties.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-opened_at", "-id"], name="case_by_time"),
                    models.Index(fields=["org_unit", "state", "-opened_at"], name="case_by_state_at_a_place"),
                    django.contrib.postgres.indexes.GinIndex(fields=["text_tokens"], name="case_by_text"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_key", ""), _negated=True),
                        fields=("org_unit", "external_key"),
                        name="one_case_for_each_external_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            ("answered_at__gte", models.F("opened_at")),
                            _connector="OR",
                        ),
                        name="a_case_is_answered_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), ("closed_at__isnull", False)),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="a_closed_case_says_when",
                    ),
                ],
            },
        ),
    ]
