import org.columns
from django.db import migrations

from org.column_rows import AlterColumn


class Migration(migrations.Migration):

    dependencies = [
        ('relations', '0001_initial'),
    ]

    operations = [
        AlterColumn(
            model_name='callbacktask',
            name='phone',
            field=org.columns.EncipheredText(max_length=40),
        ),
        AlterColumn(
            model_name='callbacktask',
            name='phone_key',
            field=org.columns.BlindIndex(blank=True, db_index=True, max_length=40),
        ),
        AlterColumn(
            model_name='contactmoment',
            name='phone',
            field=org.columns.EncipheredText(blank=True, max_length=40),
        ),
        AlterColumn(
            model_name='contactmoment',
            name='phone_key',
            field=org.columns.BlindIndex(blank=True, db_index=True, max_length=40),
        ),
        AlterColumn(
            model_name='dangeralarm',
            name='phone',
            field=org.columns.EncipheredText(blank=True, max_length=40),
        ),
        AlterColumn(
            model_name='workorder',
            name='contact_phone',
            field=org.columns.EncipheredText(blank=True, max_length=40),
        ),
    ]
