import org.columns
from django.db import migrations

from org.column_rows import AlterColumn


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0003_batch_order_and_turns'),
    ]

    operations = [
        AlterColumn(
            model_name='mailitem',
            name='sender',
            field=org.columns.EncipheredText(blank=True, max_length=254),
        ),
    ]
