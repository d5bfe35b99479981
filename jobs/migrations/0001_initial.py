from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='WorkerBeat',
            fields=[
                ('holder', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=64)),
                ('queue', models.CharField(default='fast', max_length=8)),
                ('priority', models.PositiveSmallIntegerField(default=5)),
                ('state', models.CharField(choices=[('ready', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('parked', 'Parked'), ('superseded', 'Superseded')], default='ready', max_length=12)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('excused', models.PositiveIntegerField(default=0)),
                ('run_after', models.DateTimeField()),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('holder', models.CharField(blank=True, max_length=120)),
                ('rung_at', models.DateTimeField(blank=True, null=True)),
                ('done_steps', models.PositiveIntegerField(default=0)),
                ('total_steps', models.PositiveIntegerField(default=0)),
                ('error_code', models.CharField(blank=True, max_length=40)),
                ('last_error', models.CharField(blank=True, max_length=400)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'ready')), fields=('kind', 'subject'), name='one_ready_job'), models.CheckConstraint(condition=models.Q(('state__in', ['ready', 'running', 'done', 'parked', 'superseded'])), name='job_state_known')],
                'indexes': [models.Index(condition=models.Q(('state', 'ready')), fields=['queue', 'priority', 'run_after'], name='job_due'), models.Index(condition=models.Q(('state', 'running')), fields=['lease_until'], name='job_leased'), models.Index(fields=['subject'], name='job_subject'), models.Index(fields=['state', '-id'], name='job_state')],
            },
        ),
    ]
