"""Triggers of what a disposal changes, and of tables that SQLite made anew."""

from django.db import migrations, models

from registry import append_only


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Each trigger in a transaction of its own: nobody waits for two tables."""

    atomic = False

    dependencies = [
        ("registry", "0011_disposal"),
    ]

    operations = [
        migrations.AlterField(
            model_name="gonefile",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "to be deleted"),
                    ("locked", "locked in the store"),
                    ("refused", "refused by the store"),
                    ("gone", "deleted"),
                ],
                default="waiting",
                max_length=7,
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
