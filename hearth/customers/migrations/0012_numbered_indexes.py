"""An index may say at its end which key made it; PostgreSQL keeps bytes of any length, so no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_completeness")]

    operations = [
        migrations.AlterField("customer", "identity_index", models.BinaryField(max_length=17, null=True)),
        migrations.AlterField(
            "absorbedcustomer", "identity_index", models.BinaryField(max_length=17, null=True)
        ),
        migrations.AlterField("contactpoint", "value_index", models.BinaryField(max_length=17)),
        migrations.AlterField("contactpoint", "last_four_index", models.BinaryField(max_length=9, null=True)),
    ]
