"""Encipher the rows that stand; batch by batch, so that it may be cut short and repeated."""

from typing import Any

from django.db import migrations

from org.column_rows import encipher_rows
from org.columns import indexed
from org.empty_tables import are_empty
from org.keys import BLIND

BATCH = 500


def index_callers(apps: Any, editor: Any) -> None:
    """Name callers by the index of their telephone."""
    if are_empty(editor, "relations_callerkey"):
        return
    rows = apps.get_model("relations", "CallerKey")._base_manager
    clear = rows.filter(caller__startswith="phone:").exclude(caller__startswith=f"phone:{BLIND}")
    while found := list(clear.order_by("pk")[:BATCH]):
        for row in found:
            row.caller = f"phone:{indexed(row.caller.removeprefix('phone:'))}"
        rows.bulk_update(found, ["caller"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("relations", "0002_columns_enciphered"),
    ]

    operations = [
        encipher_rows("relations", "CallbackTask", "ContactMoment", "DangerAlarm", "WorkOrder"),
        migrations.RunPython(index_callers),
    ]
