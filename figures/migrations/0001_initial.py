from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CountedMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(unique=True)),
                ('changed_at', models.DateTimeField()),
                ('counted_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('month__day', 1)), name='counted_by_month')],
            },
        ),
        migrations.CreateModel(
            name='MonthFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('department', models.CharField(blank=True, max_length=12)),
                ('kind', models.CharField(blank=True, max_length=40)),
                ('channel', models.CharField(blank=True, max_length=8)),
                ('received', models.PositiveIntegerField(default=0)),
                ('open', models.PositiveIntegerField(default=0)),
                ('late', models.PositiveIntegerField(default=0)),
                ('treated', models.PositiveIntegerField(default=0)),
                ('with_term', models.PositiveIntegerField(default=0)),
                ('in_term', models.PositiveIntegerField(default=0)),
                ('answered', models.PositiveIntegerField(default=0)),
                ('reopened', models.PositiveIntegerField(default=0)),
                ('favourable', models.PositiveIntegerField(db_default=0, default=0)),
                ('partly', models.PositiveIntegerField(db_default=0, default=0)),
                ('unfavourable', models.PositiveIntegerField(db_default=0, default=0)),
                ('outside', models.PositiveIntegerField(db_default=0, default=0)),
                ('delays', models.JSONField(default=list)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'department', 'kind', 'channel'), name='one_row_of_figures'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='figures_of_a_month')],
            },
        ),
    ]
