"""Encipher the rows that stand; batch by batch, so that it may be cut short and repeated."""

from typing import Any

from django.db import migrations

from org.column_rows import encipher_rows
from org.empty_tables import are_empty


def look_again(apps: Any, editor: Any) -> None:
    """Forget which letters were found by an address in the clear: the next sign-in finds them."""
    if are_empty(editor, "people_knownletter", "people_contactpoint"):
        return
    apps.get_model("people", "KnownLetter")._base_manager.all().delete()
    points = apps.get_model("people", "ContactPoint")._base_manager
    points.filter(looked_until__isnull=False).update(looked_until=None)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("people", "0002_columns_enciphered"),
    ]

    operations = [
        encipher_rows("people", "ContactPoint", "Mandate"),
        migrations.RunPython(look_again),
    ]
