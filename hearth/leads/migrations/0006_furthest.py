from django.db import migrations, models

# What the stream says of leads that went back or were lost.
READ_FROM_THE_STREAM = """
WITH way AS (SELECT ARRAY['enquiry', 'visit', 'intention', 'reservation', 'contract'] AS stages),
stood AS (
    SELECT subject_id, payload->>'to_stage' AS stage FROM core_eventrecord WHERE type = 'leads.moved'
    UNION ALL
    SELECT subject_id, payload->>'stage' FROM core_eventrecord WHERE type IN ('leads.lost', 'leads.won')
    UNION ALL
    SELECT id, stage FROM leads_lead
),
furthest AS (
    SELECT subject_id, max(array_position(way.stages, stage)) AS place
    FROM stood, way WHERE stage = ANY (way.stages) GROUP BY subject_id
)
UPDATE leads_lead SET furthest = way.stages[furthest.place]
FROM furthest, way WHERE furthest.subject_id = leads_lead.id AND furthest.place > 1
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0005_disputes")]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="furthest",
            field=models.CharField(
                choices=[
                    ("enquiry", "enquiry"),
                    ("visit", "visit"),
                    ("intention", "intention"),
                    ("reservation", "reservation"),
                    ("contract", "contract"),
                    ("lost", "lost"),
                ],
                default="enquiry",
                max_length=11,
                verbose_name="came as far as",
            ),
        ),
        migrations.RunSQL(READ_FROM_THE_STREAM, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("furthest", "lost"), _negated=True),
                name="a_lead_comes_as_far_as_a_stage_of_the_way",
            ),
        ),
    ]
