"""An index in which the live assignments of all letters lie together, made beside people's work.

The tray looks each open letter up among them: among the assignments of a million letters that took
six times as long in an index that begins with the letter (0004 removes it).
"""

from django.db import migrations, models

from org.brief_locks import add_index_beside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("routing", "0002_deadline_channel"),
    ]

    operations = [
        add_index_beside(
            "routing",
            "assignment",
            models.Index(
                fields=["state", "role", "letter", "assigned_by"], name="assignment_live"
            ),
        ),
    ]
