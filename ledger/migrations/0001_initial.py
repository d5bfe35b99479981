"""Entries and checkpoints, append-only."""

from django.db import migrations, models

from ledger import append_only


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


def remove(apps, schema_editor):
    append_only.remove(schema_editor.connection)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerCheckpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField(unique=True)),
                ('note', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('label', models.CharField(max_length=100)),
                ('act', models.CharField(choices=[('open', 'Open'), ('write', 'Write'), ('delete', 'Delete')], max_length=6)),
                ('key', models.CharField(blank=True, max_length=100)),
                ('lines', models.TextField(blank=True)),
                ('nonce', models.CharField(max_length=32, unique=True)),
                ('mac', models.CharField(max_length=64)),
                ('place', models.BigIntegerField(null=True, unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['label', 'key'], name='ledger_of_row'), models.Index(condition=models.Q(('place__isnull', True)), fields=['id'], name='ledger_waiting')],
            },
        ),
        migrations.RunPython(install, remove),
    ]
