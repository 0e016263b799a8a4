import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("name_zh", models.CharField(max_length=60, verbose_name="Chinese name")),
                ("name_en", models.CharField(max_length=60, verbose_name="English name")),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("group", "strategy, at the group"),
                            ("region", "rules, at the region"),
                            ("", "execution, anywhere"),
                        ],
                        max_length=20,
                        verbose_name="level",
                    ),
                ),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                (
                    "shipped",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrgUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("group", "group"),
                            ("region", "region"),
                            ("city_company", "city company"),
                            ("project_team", "project team"),
                            ("department", "department"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "function",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer_relations_center", "customer relations centre"),
                            ("property_service", "property service"),
                            ("project_development", "project development"),
                            ("sales_operations", "operations and sales"),
                            ("planning_design", "planning and design"),
                            ("project_management", "project management"),
                            ("engineering", "engineering management"),
                            ("cost", "cost management"),
                            ("legal", "legal affairs"),
                        ],
                        max_length=40,
                        verbose_name="function",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("path", models.CharField(db_collation="C", max_length=200, unique=True)),
                ("depth", models.PositiveSmallIntegerField()),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_sample", models.BooleanField(default=False)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organization.orgunit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "group"), ("parent__isnull", True)),
                            models.Q(models.Q(("kind", "group"), _negated=True), ("parent__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_the_group_has_no_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("function", ""), ("kind", "department"), _connector="OR"),
                        name="only_a_department_has_a_function",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day_date", models.DateField(verbose_name="day")),
                ("is_working", models.BooleanField(verbose_name="working day")),
                ("reason", models.CharField(blank=True, max_length=100, verbose_name="reason")),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_days",
                        to="organization.orgunit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_unit", "day_date"), name="one_exception_for_each_day_at_a_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organization.role",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "org_unit", "role"), name="one_membership_for_each_role_at_a_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="a_membership_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Setting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("value", models.JSONField()),
                ("is_locked", models.BooleanField(default=False, verbose_name="locked below")),
                ("updated_at", models.DateTimeField(verbose_name="changed")),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="settings",
                        to="organization.orgunit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_unit", "key"), name="one_value_for_each_setting_at_a_place"
                    )
                ],
            },
        ),
    ]
