from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="bookhandover",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("running", "running"),
                    ("done", "done"),
                    ("ended", "cover has ended"),
                    ("undone", "undone"),
                    ("stopped", "stopped: who asked for it no longer may"),
                ],
                default="waiting",
                max_length=7,
                verbose_name="state",
            ),
        ),
    ]
