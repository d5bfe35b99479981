import org.columns
from django.db import migrations

from org.column_rows import AlterColumn


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0001_initial'),
    ]

    operations = [
        AlterColumn(
            model_name='draft',
            name='answers',
            field=org.columns.EncipheredJSON(default=dict),
        ),
        AlterColumn(
            model_name='draft',
            name='asker',
            field=org.columns.EncipheredJSON(default=dict),
        ),
        AlterColumn(
            model_name='draft',
            name='contact',
            field=org.columns.EncipheredText(blank=True, max_length=254),
        ),
        AlterColumn(
            model_name='request',
            name='answers',
            field=org.columns.EncipheredJSON(default=dict),
        ),
        AlterColumn(
            model_name='request',
            name='email_key',
            field=org.columns.BlindIndex(blank=True, max_length=254),
        ),
        AlterColumn(
            model_name='request',
            name='phone_key',
            field=org.columns.BlindIndex(blank=True, max_length=40),
        ),
    ]
