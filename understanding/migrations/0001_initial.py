import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ModelVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=16, unique=True)),
                ('code', models.CharField(max_length=16)),
                ('state', models.CharField(choices=[('live', 'In use'), ('refused', 'Refused'), ('retired', 'Set aside')], max_length=7)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('made_at', models.DateTimeField()),
                ('live_since', models.DateTimeField(blank=True, null=True)),
                ('bundled_letters', models.PositiveIntegerField()),
                ('office_letters', models.PositiveIntegerField()),
                ('rival', models.CharField(max_length=16)),
                ('figures', models.JSONField()),
                ('rival_figures', models.JSONField()),
                ('office_figures', models.JSONField()),
                ('office_rival_figures', models.JSONField()),
                ('learnt_from', models.JSONField(default=list)),
                ('chosen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'live')), fields=('state',), name='one_live_model'), models.CheckConstraint(condition=models.Q(('state__in', ['live', 'refused', 'retired'])), name='model_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'live'), _negated=True), ('live_since__isnull', False), _connector='OR'), name='live_model_has_a_day')],
                'indexes': [models.Index(fields=['-made_at', '-id'], name='newest_model')],
            },
        ),
        migrations.CreateModel(
            name='ModelFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.BinaryField()),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='file', to='understanding.modelversion')),
            ],
        ),
    ]
