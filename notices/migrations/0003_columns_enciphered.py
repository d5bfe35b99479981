import org.columns
from django.db import migrations

from org.column_rows import AlterColumn


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_request_late'),
    ]

    operations = [
        AlterColumn(
            model_name='pushkey',
            name='private',
            field=org.columns.EncipheredText(max_length=4000),
        ),
    ]
