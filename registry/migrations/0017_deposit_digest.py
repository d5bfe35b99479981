from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0016_readers_by_function'),
    ]

    operations = [
        migrations.AddField(
            model_name='letter',
            name='deposit_digest',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
    ]
