from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailroom", "0002_moved_mailboxes")]

    operations = [
        migrations.AlterField(
            "inboundmail",
            "reason",
            models.CharField(
                blank=True,
                choices=[
                    ("", "none"),
                    ("unknown_sender", "nobody here is known by this address"),
                    ("several_customers", "several customers have this address"),
                    ("no_sender", "it does not say from whom it is"),
                    ("closed_case", "its case is closed"),
                    ("other_sender", "it names a case of somebody else"),
                    ("flood", "too many from one sender within an hour"),
                    ("too_large", "larger than 25 MB: only its head was fetched"),
                    ("not_read", "built so that it could not be read"),
                    ("older", "older than the fetching from this folder"),
                    ("copy", "the same mail came to another mailbox of the place"),
                    ("went_wrong", "something went wrong here while it was taken in"),
                ],
                default="",
                max_length=20,
                verbose_name="because",
            ),
        ),
    ]
