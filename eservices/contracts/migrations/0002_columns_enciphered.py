import org.columns
from django.db import migrations

from org.column_rows import AlterColumn


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0001_initial'),
    ]

    operations = [
        AlterColumn(
            model_name='contract',
            name='email',
            field=org.columns.EncipheredText(blank=True, max_length=254),
        ),
        AlterColumn(
            model_name='contract',
            name='email_key',
            field=org.columns.BlindIndex(blank=True, max_length=254),
        ),
        AlterColumn(
            model_name='contract',
            name='phone',
            field=org.columns.EncipheredText(blank=True, max_length=40),
        ),
        AlterColumn(
            model_name='contract',
            name='phone_key',
            field=org.columns.BlindIndex(blank=True, max_length=40),
        ),
    ]
