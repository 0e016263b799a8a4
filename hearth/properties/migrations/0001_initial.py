import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import hearth.core.fields
import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organization", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Building",
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
                ("name", models.CharField(max_length=60, verbose_name="building")),
                ("floors", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="floors")),
            ],
        ),
        migrations.CreateModel(
            name="Phase",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
            ],
        ),
        migrations.CreateModel(
            name="Entrance",
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
                ("name", models.CharField(max_length=30, verbose_name="entrance")),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entrances",
                        to="properties.building",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("building", "name"), name="one_entrance_for_each_name_in_a_building"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="building",
            name="phase",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="buildings",
                to="properties.phase",
            ),
        ),
        migrations.CreateModel(
            name="Project",
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
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("city", models.CharField(blank=True, max_length=60, verbose_name="city")),
                ("district", models.CharField(blank=True, max_length=60, verbose_name="district")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                (
                    "life_phase",
                    models.CharField(
                        choices=[
                            ("identify_needs", "identify needs"),
                            ("make_plan", "make plan"),
                            ("execute_plan", "execute plan"),
                            ("finish", "finish project"),
                        ],
                        default="execute_plan",
                        max_length=20,
                        verbose_name="phase of life",
                    ),
                ),
                (
                    "planned_handover_date",
                    models.DateField(blank=True, null=True, verbose_name="planned handover"),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="organization.orgunit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["name", "id"], name="project_by_name")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_unit", "code"), name="one_project_for_each_code_in_a_company"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="phase",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="phases", to="properties.project"
            ),
        ),
        migrations.AddField(
            model_name="building",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="buildings", to="properties.project"
            ),
        ),
        migrations.CreateModel(
            name="Unit",
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
                ("number", models.CharField(max_length=30, verbose_name="room")),
                ("floor", models.SmallIntegerField(blank=True, null=True, verbose_name="floor")),
                ("layout", models.CharField(blank=True, max_length=40, verbose_name="layout")),
                ("orientation", models.CharField(blank=True, max_length=20, verbose_name="orientation")),
                ("fit_out", models.CharField(blank=True, max_length=20, verbose_name="fit-out")),
                (
                    "floor_area",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="area, m²"
                    ),
                ),
                (
                    "list_price_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="list price, ¥"
                    ),
                ),
                (
                    "built_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year built"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "not yet released"),
                            ("available", "for sale"),
                            ("held", "held"),
                            ("subscribed", "subscribed"),
                            ("contracted", "under contract"),
                            ("delivered", "handed over"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("handover_date", models.DateField(blank=True, null=True, verbose_name="handed over")),
                ("external_key", models.CharField(blank=True, max_length=60, verbose_name="external key")),
                ("address_tokens", hearth.core.fields.TokensField()),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="properties.building",
                    ),
                ),
                (
                    "entrance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="properties.entrance",
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="properties.project",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["building", "floor", "number"], name="unit_by_floor"),
                    models.Index(fields=["project", "state"], name="unit_by_state"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["address_tokens"], name="unit_by_address"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("building", "entrance", "number"),
                        name="one_unit_for_each_number",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_key", ""), _negated=True),
                        fields=("org_unit", "external_key"),
                        name="one_unit_for_each_external_key_in_a_company",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("floor_area__isnull", True), ("floor_area__gt", 0), _connector="OR"
                        ),
                        name="a_floor_area_is_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("list_price_amount__isnull", True),
                            ("list_price_amount__gte", 0),
                            _connector="OR",
                        ),
                        name="a_list_price_is_not_negative",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.UniqueConstraint(
                fields=("project", "name"), name="one_phase_for_each_name_in_a_project"
            ),
        ),
        migrations.AddConstraint(
            model_name="building",
            constraint=models.UniqueConstraint(
                fields=("project", "name"), name="one_building_for_each_name_in_a_project"
            ),
        ),
    ]
