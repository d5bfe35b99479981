"""Encipher the rows that stand; batch by batch, so that it may be cut short and repeated."""

from django.db import migrations

from org.column_rows import encipher_rows


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("payments", "0005_columns_enciphered"),
    ]

    operations = [
        encipher_rows("payments", "Attempt"),
    ]
