from django.db import migrations, models

from registry import append_only


def remove(apps, schema_editor):
    append_only.remove(schema_editor.connection)  # triggers name the columns that may be filled late


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0016_readers_by_function'),
    ]

    operations = [
        migrations.RunPython(remove, install),
        migrations.AddField(
            model_name='receipt',
            name='office_file',
            field=models.ForeignKey(null=True, on_delete=models.deletion.PROTECT, related_name='+', to='registry.storedfile'),
        ),
        migrations.RunPython(install, remove),
    ]
