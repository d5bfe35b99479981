"""Holidays as rows of their own: two may fall on one day, estimates are told from decided days."""

from typing import Any

from django.db import migrations, models

LABELS = (("name_ar", "(تقديري)"), ("name_fr", "(estimé)"), ("name_en", "(estimated)"))


def mark_proposed(apps: Any, _editor: Any) -> None:
    """Set-up loaded the library's days without saying so, and wrote into their names what is an
    estimate. Those that nobody confirmed are its; national days need nobody to confirm them."""
    for row in apps.get_model("org", "Holiday").objects.filter(confirmed=False):
        estimated = any(label in getattr(row, name) for name, label in LABELS)
        for name, label in LABELS:
            setattr(row, name, " ".join(getattr(row, name).replace(label, " ").split()))
        row.proposed, row.confirmed = True, not estimated
        row.save()


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(name="holiday", options={"ordering": ["day", "id"]}),
        migrations.AddField(
            model_name="holiday",
            name="exceptional",
            field=models.BooleanField(db_default=False, default=False, verbose_name="exceptional"),
        ),
        migrations.AddField(
            model_name="holiday",
            name="proposed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="holiday", name="day", field=models.DateField(verbose_name="day")
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.UniqueConstraint(
                fields=("day", "name_fr"), name="holiday_once_a_day"
            ),
        ),
        migrations.RunPython(mark_proposed, migrations.RunPython.noop, elidable=True),
    ]
