"""The number with which a year's series begins: an office that goes on from paper has a higher one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0013_index_of_disposals"),
    ]

    operations = [
        migrations.AddField(
            model_name="numberseries",
            name="first",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
    ]
