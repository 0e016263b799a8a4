import django.db.models.deletion
from django.db import migrations, models

# A customer who is deleted takes the row along, whoever deletes them: until then it is written anew as the rest goes.
GOES_WITH_THE_CUSTOMER = """
ALTER TABLE customers_customercompleteness ADD CONSTRAINT completeness_goes_with_the_customer
    FOREIGN KEY (customer_id) REFERENCES customers_customer (id) ON DELETE CASCADE
"""
STAYS = "ALTER TABLE customers_customercompleteness DROP CONSTRAINT completeness_goes_with_the_customer"


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_more_to_reveal")]

    operations = [
        migrations.CreateModel(
            name="CustomerCompleteness",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="completeness",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("percent", models.SmallIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["percent", "customer"], name="customer_by_completeness")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100)),
                        name="completeness_is_a_share",
                    )
                ],
            },
        ),
        migrations.RunSQL(GOES_WITH_THE_CUSTOMER, STAYS),
    ]
