import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '__first__'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('search', 'Search'), ('book', 'Register book'), ('backlog', 'Backlog'), ('due', 'Due list'), ('refusals', 'Refusals'), ('outcomes', 'Outcomes of complaints')], db_default='search', default='search', max_length=8)),
                ('address', models.CharField(max_length=4000)),
                ('format', models.CharField(choices=[('csv', 'Table (CSV)'), ('xlsx', 'Table (Excel)'), ('pdf', 'List (PDF)'), ('zip', 'Documents (ZIP)')], max_length=4)),
                ('language', models.CharField(max_length=2)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('count', models.PositiveIntegerField(default=0)),
                ('size', models.BigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('file_name', models.CharField(blank=True, max_length=80)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-asked_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('format__in', ['csv', 'xlsx', 'pdf', 'zip'])), name='export_format_known'), models.CheckConstraint(condition=models.Q(('source__in', ['search', 'book', 'backlog', 'due', 'refusals', 'outcomes'])), name='export_source_known'), models.CheckConstraint(condition=models.Q(('file_name', ''), ('finished_at__isnull', False), _connector='OR'), name='export_file_is_finished')],
                'indexes': [models.Index(fields=['person', '-asked_at', '-id'], name='exports_of_a_person'), models.Index(condition=models.Q(('file_name', ''), _negated=True), fields=['expires_at'], name='exports_kept')],
            },
        ),
        migrations.CreateModel(
            name='LetterVector',
            fields=[
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='vector', serialize=False, to='registry.letter')),
                ('model', models.CharField(max_length=24)),
                ('digest', models.CharField(max_length=64)),
                ('vectors', models.BinaryField()),
                ('places', models.JSONField(default=list)),
                ('made_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'indexes': [models.Index(fields=['model'], name='letter_vector_model')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('address', models.CharField(max_length=4000)),
                ('pinned', models.BooleanField(default=True, verbose_name='pinned')),
                ('alert', models.CharField(choices=[('none', 'No e-mail'), ('at_once', 'Within minutes'), ('daily', 'Once a day')], default='none', max_length=8, verbose_name='alert')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('looked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('person', 'name'), name='one_saved_search_of_a_name'), models.CheckConstraint(condition=models.Q(('alert__in', ['none', 'at_once', 'daily'])), name='saved_alert_known')],
                'indexes': [models.Index(condition=models.Q(('alert', 'none'), _negated=True), fields=['alert', 'id'], name='saved_alerts')],
            },
        ),
        migrations.CreateModel(
            name='ExportedLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='search.export')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('export', 'letter'), name='one_letter_of_an_export')],
            },
        ),
        migrations.CreateModel(
            name='SearchAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('told_at', models.DateTimeField(null=True)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.letter')),
                ('search', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='search.savedsearch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('search', 'letter'), name='one_alert_for_a_letter')],
                'indexes': [models.Index(condition=models.Q(('told_at', None)), fields=['search'], name='alerts_to_tell'), models.Index(fields=['found_at'], name='alerts_found')],
            },
        ),
    ]
