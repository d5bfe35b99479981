"""The index of the column that 0011 added, made beside people's work."""

from django.db import migrations

from org.brief_locks import index_reference


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("registry", "0012_erasing_of_executing"),
    ]

    operations = [
        index_reference("registry", "Letter", "disposal"),
    ]
