from django.db import migrations, models

END_EARLIER = """
UPDATE contract_texts_contracttext AS earlier
SET state = 'superseded', superseded_at = later.updated_at
FROM contract_texts_contracttext AS later
WHERE earlier.state = 'signed' AND later.state = 'signed' AND earlier.kind = 'contract' AND later.kind = 'contract'
  AND later.contract_id = earlier.contract_id AND later.version > earlier.version
"""
# Contracts are written in Chinese, whatever the language of the reader.
SAY_NONE = """
UPDATE contract_texts_textclause AS clause
SET wording = '无。', standard = CASE WHEN standard = '' AND origin_id IS NOT NULL THEN '无。' ELSE standard END
FROM contract_texts_contracttext AS text
WHERE text.id = clause.text_id AND text.state IN ('draft', 'submitted', 'approved') AND clause.wording = ''
"""


class Migration(migrations.Migration):
    """Of two signed versions of a contract the later one holds; when the earlier was signed stays on record.

    Clauses without words say so in texts that no buyer was given yet.
    """

    dependencies = [("contract_texts", "0001_templates_texts_readings")]

    operations = [
        migrations.RemoveConstraint(model_name="contracttext", name="a_signed_contract_text_says_when"),
        migrations.AddConstraint(
            model_name="contracttext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_date__isnull", False), ("state", "signed")),
                    ("state", "superseded"),
                    models.Q(
                        models.Q(("state__in", ("signed", "superseded")), _negated=True),
                        ("signed_date", None),
                    ),
                    _connector="OR",
                ),
                name="a_signed_contract_text_says_when",
            ),
        ),
        migrations.RunSQL([END_EARLIER, SAY_NONE], migrations.RunSQL.noop),
    ]
