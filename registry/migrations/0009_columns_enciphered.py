import org.columns
from django.db import migrations

from org.column_rows import AddEmptyText, AlterColumn


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0008_anchors'),
    ]

    operations = [
        AddEmptyText(
            model_name='party',
            name='email_index',
            field=org.columns.ReachIndex(blank=True, db_default='', default='', max_length=40, of='email'),
        ),
        AddEmptyText(
            model_name='party',
            name='phone_index',
            field=org.columns.ReachIndex(blank=True, db_default='', default='', max_length=160, of='phone'),
        ),
        AlterColumn(
            model_name='contactpoint',
            name='compared',
            field=org.columns.BlindIndex(editable=False, max_length=200),
        ),
        AlterColumn(
            model_name='contactpoint',
            name='value',
            field=org.columns.EncipheredText(max_length=400, verbose_name='value'),
        ),
        AlterColumn(
            model_name='party',
            name='email',
            field=org.columns.EncipheredText(blank=True, max_length=254, verbose_name='e-mail'),
        ),
        AlterColumn(
            model_name='party',
            name='phone',
            field=org.columns.EncipheredText(blank=True, max_length=40, verbose_name='phone'),
        ),
    ]
