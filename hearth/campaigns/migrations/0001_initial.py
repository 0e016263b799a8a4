import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hearth.lib.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("organization", "0001_initial"),
        ("segments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
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
                ("hypothesis", models.CharField(blank=True, max_length=300, verbose_name="hypothesis")),
                (
                    "purpose_code",
                    models.CharField(default="marketing", max_length=40, verbose_name="purpose"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("selected", "audience drawn"),
                            ("running", "running"),
                            ("finished", "finished"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "main_outcome",
                    models.CharField(
                        choices=[("response", "response"), ("purchase", "purchase")],
                        default="response",
                        max_length=10,
                        verbose_name="main outcome",
                    ),
                ),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("timetable", "our own timetable"),
                            ("customer_event", "something that happened to the customer"),
                            ("decision_point", "a decision the customer is about to take"),
                        ],
                        default="timetable",
                        max_length=16,
                        verbose_name="why now",
                    ),
                ),
                ("planned_lift", models.FloatField(default=2.0, verbose_name="lift hoped for, points")),
                (
                    "window_days",
                    models.PositiveSmallIntegerField(default=14, verbose_name="results counted for, days"),
                ),
                (
                    "max_contacts_30_days",
                    models.PositiveSmallIntegerField(default=3, verbose_name="most messages in 30 days"),
                ),
                ("salt", models.CharField(max_length=40)),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="starts")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                ("external_key", models.CharField(blank=True, max_length=80)),
                (
                    "audience",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="segments.segmentcount",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "org_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="organization.orgunit",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="segments.segment",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-created_at", "-id"], name="campaign_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_unit", "name"), name="one_campaign_for_each_name_at_a_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignMember",
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
                ("household_key", models.UUIDField()),
                (
                    "exclusion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "included"),
                            ("no_consent", "no consent"),
                            ("opted_out", "opted out"),
                            ("too_often", "addressed too often"),
                            ("open_complaint", "open severe complaint"),
                            ("no_address", "cannot be reached"),
                            ("same_household", "another member of the household is addressed"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="left out",
                    ),
                ),
                ("token", models.CharField(max_length=32, unique=True)),
                (
                    "call_result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "to be called"),
                            ("reached", "reached"),
                            ("no_answer", "no answer"),
                            ("declined", "not interested"),
                            ("wrong_number", "wrong number"),
                            ("not_allowed", "consent withdrawn meanwhile"),
                        ],
                        default="",
                        max_length=14,
                        verbose_name="call",
                    ),
                ),
                ("call_taken_at", models.DateTimeField(null=True)),
                ("called_at", models.DateTimeField(null=True)),
                ("treated_at", models.DateTimeField(null=True, verbose_name="addressed")),
                ("prior_amount", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("responded_at", models.DateTimeField(null=True, verbose_name="responded")),
                ("purchased_at", models.DateTimeField(null=True, verbose_name="bought")),
                (
                    "revenue_amount",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="revenue, ¥"
                    ),
                ),
                (
                    "caller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="campaign_memberships",
                        to="customers.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Response",
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
                            ("opened", "followed the link"),
                            ("response", "responded"),
                            ("purchase", "bought"),
                            ("opt_out", "opted out"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("link", "link"),
                            ("import", "import"),
                            ("event", "event"),
                            ("call", "call"),
                        ],
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name="amount, ¥"),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="when")),
                ("reference", models.CharField(max_length=60)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responses",
                        to="campaigns.campaignmember",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "kind", "reference"), name="a_response_is_counted_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Treatment",
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
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "control group"),
                            ("email", "e-mail"),
                            ("call", "call list"),
                            ("external", "done outside"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("share", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="share")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                ("body", models.TextField(blank=True, verbose_name="text")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="treatments",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "name"), name="one_treatment_for_each_name_in_a_campaign"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("channel", "")),
                        fields=("campaign",),
                        name="one_control_group_in_a_campaign",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1)),
                        name="a_share_lies_between_nought_and_one",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="campaignmember",
            name="treatment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="members",
                to="campaigns.treatment",
            ),
        ),
        migrations.AddIndex(
            model_name="campaignmember",
            index=models.Index(fields=["campaign", "treatment", "exclusion"], name="campaign_member_by_arm"),
        ),
        migrations.AddConstraint(
            model_name="campaignmember",
            constraint=models.UniqueConstraint(
                fields=("campaign", "customer"), name="a_customer_is_once_in_a_campaign"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("exclusion", ""), ("treatment__isnull", False)),
                    models.Q(models.Q(("exclusion", ""), _negated=True), ("treatment__isnull", True)),
                    _connector="OR",
                ),
                name="a_member_has_an_arm_or_a_reason",
            ),
        ),
    ]
