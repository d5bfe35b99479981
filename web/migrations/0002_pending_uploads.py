"""The models of pending uploads get their names; their tables stay as they are."""

from django.db import migrations


class Migration(migrations.Migration):
    """Rename the models in Django's state alone."""

    dependencies = [("web", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("HeldFile", "PendingUpload"),
                migrations.AlterModelTable("PendingUpload", "web_heldfile"),
                migrations.RenameModel("HeldPart", "PendingUploadPart"),
                migrations.AlterModelTable("PendingUploadPart", "web_heldpart"),
            ]
        ),
    ]
