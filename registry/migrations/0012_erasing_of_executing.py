from django.db import migrations

from registry import append_only


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0011_disposal"),
    ]

    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
