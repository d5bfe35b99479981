from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("bills", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="bill",
            name="overpaid",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                condition=models.Q(("overpaid__gt", 0)), fields=["id"], name="bill_overpaid"
            ),
        ),
    ]
