import datetime

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import hearth.core.fields
import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organization", "0001_initial"),
        ("properties", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE customers_number", "DROP SEQUENCE customers_number"),
        migrations.CreateModel(
            name="Household",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Customer",
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
                            models.Value("customers_number"),
                            function="nextval",
                            output_field=models.BigIntegerField(),
                        ),
                        editable=False,
                        unique=True,
                        verbose_name="number",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "person"), ("company", "company")],
                        default="person",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("pinyin", models.CharField(blank=True, max_length=200)),
                ("name_tokens", hearth.core.fields.TokensField()),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("", "unknown"), ("female", "female"), ("male", "male")],
                        default="",
                        max_length=6,
                        verbose_name="sex",
                    ),
                ),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="date of birth")),
                ("identity_sealed", models.BinaryField(blank=True, default=bytes)),
                ("identity_index", models.BinaryField(max_length=16, null=True)),
                ("occupation", models.CharField(blank=True, max_length=80, verbose_name="occupation")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "unknown"),
                            ("walk_in", "walk-in"),
                            ("call", "call"),
                            ("web", "web"),
                            ("broker", "broker"),
                            ("referral", "referral"),
                            ("event", "event"),
                            ("import", "import"),
                            ("api", "API"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                (
                    "household_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not stated"),
                            ("head", "head"),
                            ("spouse", "spouse"),
                            ("child", "child"),
                            ("parent", "parent"),
                            ("other", "other"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="role in the household",
                    ),
                ),
                ("external_key", models.CharField(blank=True, max_length=60, verbose_name="external key")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("last_contact_at", models.DateTimeField(null=True, verbose_name="last contact")),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="customers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="members",
                        to="customers.household",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-updated_at", "-id"], name="customer_by_change"),
                    models.Index(fields=["pinyin", "id"], name="customer_by_pinyin"),
                    django.contrib.postgres.indexes.GinIndex(fields=["name_tokens"], name="customer_by_name"),
                    models.Index(
                        condition=models.Q(("external_key", ""), _negated=True),
                        fields=["external_key"],
                        name="customer_by_external_key",
                    ),
                    models.Index(
                        models.OrderBy(
                            django.db.models.functions.comparison.Coalesce(
                                "last_contact_at",
                                models.Value(
                                    datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.UTC),
                                    output_field=models.DateTimeField(),
                                ),
                            ),
                            descending=True,
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="customer_by_last_contact",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("identity_index__isnull", False)),
                        fields=("identity_index",),
                        name="one_customer_for_each_identity_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitRole",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("co_owner", "co-owner"),
                            ("buyer", "buyer"),
                            ("resident", "resident"),
                            ("tenant", "tenant"),
                            ("payer", "payer"),
                            ("decision_maker", "decision maker"),
                        ],
                        max_length=16,
                        verbose_name="role",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unit_roles",
                        to="customers.customer",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customer_roles",
                        to="properties.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("customer", "unit", "role"),
                        name="one_open_role_of_each_kind_on_a_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="a_unit_role_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerProfile",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("scored_at", models.DateTimeField()),
                ("run_id", models.UUIDField(null=True)),
                ("recency_days", models.IntegerField(null=True)),
                ("purchase_recency_days", models.IntegerField(null=True)),
                ("frequency", models.IntegerField(default=0)),
                ("monetary_amount", models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ("contacts", models.JSONField(default=dict)),
                ("open_complaints", models.IntegerField(default=0)),
                ("homes", models.IntegerField(default=0)),
                (
                    "owner_stage",
                    models.CharField(
                        choices=[
                            ("prospect", "prospect"),
                            ("pre_owner", "pre-owner"),
                            ("settling_in_owner", "settling-in owner"),
                            ("stable_owner", "stable owner"),
                            ("long_term_owner", "long-term owner"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "value_tier",
                    models.CharField(
                        choices=[
                            ("top", "top"),
                            ("large", "large"),
                            ("medium", "medium"),
                            ("small", "small"),
                            ("inactive", "inactive"),
                            ("prospect", "prospect"),
                            ("suspect", "suspect"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "portfolio_action",
                    models.CharField(
                        choices=[
                            ("retain", "retain"),
                            ("maintain", "win back"),
                            ("activate", "activate"),
                            ("acquire", "acquire"),
                            ("serve", "serve"),
                        ],
                        max_length=16,
                    ),
                ),
                ("explanation", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner_stage", "customer"], name="profile_by_owner_stage"),
                    models.Index(fields=["value_tier", "customer"], name="profile_by_value_tier"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "phone"),
                            ("email", "e-mail"),
                            ("wechat", "WeChat"),
                            ("address", "address"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("value_sealed", models.BinaryField()),
                ("value_index", models.BinaryField(max_length=16)),
                ("last_four_index", models.BinaryField(max_length=8, null=True)),
                ("label", models.CharField(blank=True, max_length=30, verbose_name="label")),
                ("is_primary", models.BooleanField(default=False, verbose_name="preferred")),
                ("is_valid", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_points",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["value_index"], name="contact_point_by_value"),
                    models.Index(
                        condition=models.Q(("last_four_index__isnull", False)),
                        fields=["last_four_index"],
                        name="contact_point_by_last_four",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "kind", "value_index"),
                        name="a_customer_has_each_contact_point_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_primary", True)),
                        fields=("customer", "kind"),
                        name="one_preferred_contact_point_of_each_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="customers.customer",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="known_customers",
                        to="organization.orgunit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["org_unit", "-customer"], name="customers_known_at_a_place")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "org_unit"), name="a_customer_is_known_once_at_a_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reveal",
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
                    "field",
                    models.CharField(
                        choices=[
                            ("phone", "phone"),
                            ("email", "e-mail"),
                            ("wechat", "WeChat"),
                            ("address", "address"),
                            ("identity", "identity number"),
                        ],
                        max_length=8,
                        verbose_name="value",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="reveal",
            name="contact_point",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="customers.contactpoint",
            ),
        ),
        migrations.AddField(
            model_name="reveal",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reveals", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="reveal",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
