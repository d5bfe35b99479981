from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("notices", "0004_rows_enciphered"),
    ]

    operations = [
        migrations.AddField(
            model_name="pushbrowser",
            name="has_cookie",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
