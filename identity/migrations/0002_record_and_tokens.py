"""The record takes new rows only; tokens of before go on under their keys, kept as hashes."""

import hashlib

from django.db import migrations

from identity import append_only
from org.empty_tables import are_empty


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


def remove(apps, schema_editor):
    append_only.remove(schema_editor.connection)


def take_over(apps, schema_editor):
    """Copy the tokens of rest_framework.authtoken as hashes, and remove their readable keys."""
    if are_empty(schema_editor, "authtoken_token"):
        return
    old = apps.get_model("authtoken", "Token")
    new = apps.get_model("identity", "ApiToken")
    for token in old.objects.select_related("user").order_by("created"):
        marked = hashlib.sha256(f"token:{token.user.password}".encode()).hexdigest()[:32]
        new.objects.create(
            person_id=token.user_id,
            name="Token of before 0.2",
            public=token.key[:6],
            key_hash=hashlib.sha256(token.key.encode()).hexdigest(),
            access="write",
            areas=[],
            password_mark=marked,
            made_at=token.created,
        )
    old.objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("identity", "0001_initial"),
        ("authtoken", "0004_alter_tokenproxy_options"),
    ]

    operations = [
        migrations.RunPython(install, remove),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
