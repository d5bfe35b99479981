import org.columns
from django.db import migrations

from org.column_rows import AlterColumn


class Migration(migrations.Migration):

    dependencies = [
        ('readings', '0001_initial'),
    ]

    operations = [
        AlterColumn(
            model_name='reading',
            name='contact',
            field=org.columns.EncipheredText(blank=True, max_length=254),
        ),
    ]
