import org.columns
from django.db import migrations

from org.column_rows import AlterColumn


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        AlterColumn(
            model_name='contactpoint',
            name='key',
            field=org.columns.BlindIndex(max_length=254),
        ),
        AlterColumn(
            model_name='contactpoint',
            name='value',
            field=org.columns.EncipheredText(max_length=254),
        ),
        AlterColumn(
            model_name='mandate',
            name='named',
            field=org.columns.EncipheredText(blank=True, max_length=254),
        ),
    ]
