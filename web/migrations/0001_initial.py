import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bucket', models.CharField(max_length=24)),
                ('key_hash', models.CharField(max_length=64)),
                ('window', models.BigIntegerField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bucket', 'key_hash', 'window'), name='one_attempt_counter')],
                'indexes': [models.Index(fields=['window'], name='attempt_window')],
            },
        ),
        migrations.CreateModel(
            name='HeldFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('owner', models.CharField(max_length=64)),
                ('address', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.BigIntegerField()),
                ('held_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('complete', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['owner'], name='held_owner'), models.Index(fields=['address'], name='held_address'), models.Index(fields=['expires_at'], name='held_expiry')],
            },
        ),
        migrations.CreateModel(
            name='HeldPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='web.heldfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('file', 'number'), name='one_held_part')],
            },
        ),
    ]
