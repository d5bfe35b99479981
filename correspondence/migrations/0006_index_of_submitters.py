"""The index of the column that 0002 added, made beside people's work."""

from django.db import migrations

from org.brief_locks import index_reference


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("correspondence", "0005_rows_enciphered"),
    ]

    operations = [
        index_reference("correspondence", "Reply", "submitted_by"),
    ]
