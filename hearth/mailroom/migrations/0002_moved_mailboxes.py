from django.db import migrations, models
from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.functions import Greatest


def begin_with_the_mailbox(apps, schema_editor):
    """What is there was taken from when its mailbox was set up, and until the newest mail that it kept."""
    mailbox, mail = apps.get_model("mailroom", "Mailbox"), apps.get_model("mailroom", "InboundMail")
    kept = mail.objects.filter(mailbox=OuterRef("pk")).order_by().values("mailbox")
    newest = Subquery(kept.annotate(at=Max("received_at")).values("at"))
    # Of two values the greatest leaves out what is unknown.
    mailbox.objects.update(takes_from_at=F("created_at"), taken_until_at=Greatest("created_at", newest))


class Migration(migrations.Migration):
    dependencies = [("mailroom", "0001_initial")]

    operations = [
        migrations.AddField("mailbox", "era", models.PositiveIntegerField(default=0)),
        migrations.AddField("mailbox", "takes_from_at", models.DateTimeField(null=True)),
        migrations.AddField("mailbox", "taken_until_at", models.DateTimeField(null=True)),
        migrations.AddField("mailbox", "passes_until_at", models.DateTimeField(null=True)),
        migrations.RunPython(begin_with_the_mailbox, migrations.RunPython.noop),
        migrations.AlterField("mailbox", "takes_from_at", models.DateTimeField()),
        migrations.AlterField("mailbox", "taken_until_at", models.DateTimeField()),
        migrations.AddField("inboundmail", "era", models.PositiveIntegerField(default=0)),
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
                    ("went_wrong", "something went wrong here while it was taken in"),
                ],
                default="",
                max_length=20,
                verbose_name="because",
            ),
        ),
        migrations.RemoveConstraint("inboundmail", "a_mail_of_the_server_is_taken_once"),
        migrations.AddConstraint(
            "inboundmail",
            models.UniqueConstraint(
                fields=("mailbox", "era", "uid_validity", "uid"), name="a_mail_of_the_server_is_taken_once"
            ),
        ),
    ]
