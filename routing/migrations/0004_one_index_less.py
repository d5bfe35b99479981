"""The index that 0003 replaces goes."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("routing", "0003_index_of_live_assignments"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="assignment", name="assignment_of_letter"),
    ]
