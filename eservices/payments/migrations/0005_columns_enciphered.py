import org.columns
from django.db import migrations

from org.column_rows import AlterColumn


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0004_closed_by'),
    ]

    operations = [
        AlterColumn(
            model_name='attempt',
            name='email',
            field=org.columns.EncipheredText(blank=True, max_length=254),
        ),
    ]
