from django.db import migrations

from registry import append_only


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0001_initial'),
        ('bills', '0001_initial'),
        ('registry', '0005_register_versions'),
    ]

    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
