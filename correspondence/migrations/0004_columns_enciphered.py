import org.columns
from django.db import migrations

from org.column_rows import AlterColumn


class Migration(migrations.Migration):

    dependencies = [
        ('correspondence', '0003_starting_templates'),
    ]

    operations = [
        AlterColumn(
            model_name='addressee',
            name='email',
            field=org.columns.EncipheredText(blank=True, max_length=254, verbose_name='e-mail'),
        ),
        AlterColumn(
            model_name='addressee',
            name='phone',
            field=org.columns.EncipheredText(blank=True, max_length=40, verbose_name='phone'),
        ),
        AlterColumn(
            model_name='dispatch',
            name='address',
            field=org.columns.EncipheredText(blank=True, max_length=400, verbose_name='address'),
        ),
        AlterColumn(
            model_name='mailingline',
            name='email',
            field=org.columns.EncipheredText(blank=True, max_length=254, verbose_name='e-mail'),
        ),
        AlterColumn(
            model_name='mailingline',
            name='phone',
            field=org.columns.EncipheredText(blank=True, max_length=40, verbose_name='phone'),
        ),
    ]
