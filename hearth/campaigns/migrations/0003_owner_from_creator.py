from django.db import migrations


class Migration(migrations.Migration):
    """Whoever made it was in charge of it until now."""

    dependencies = [("campaigns", "0002_owner")]

    operations = [
        migrations.RunSQL("UPDATE campaigns_campaign SET owner_id = created_by_id", migrations.RunSQL.noop),
    ]
