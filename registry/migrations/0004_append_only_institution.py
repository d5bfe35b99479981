from django.db import migrations

from registry import append_only


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


class Migration(migrations.Migration):
    """SQLite makes a table anew for a new column, and drops its triggers with the old one."""

    dependencies = [
        ('registry', '0003_received_pieces'),
        ('org', '0004_institution_face'),
    ]

    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
