"""A PostgreSQL database that is put back after a test is what a new copy would be."""

import os
import subprocess
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from org.models import User
from tests.plugins.wanting import wanting_service
from tests.services.postgres import program


def _rows() -> None:
    """Write past the triggers: rows more, less and changed, and a sequence that went on."""
    User.objects.filter(username="amina").update(username="somebody")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM org_membership")
        cursor.execute(
            "DELETE FROM registry_register WHERE id = (SELECT min(id) FROM registry_register)"
        )
        cursor.execute("UPDATE org_letterkind SET id = id + 1000 WHERE id = 1")
        cursor.execute("SELECT setval('org_user_id_seq', 4711), nextval('org_holiday_id_seq')")
        cursor.execute("TRUNCATE catalogue_servicetype CASCADE")


def _trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE registry_letter DISABLE TRIGGER registry_letter_no_delete")
    User.objects.create(username="guest")


@pytest.mark.django_db(transaction=True)
def test_what_is_put_back_is_the_template_to_the_letter(django_db_setup: Any) -> None:
    if connection.vendor != "postgresql":
        wanting_service("PostgreSQL")
    before = _oid()
    put_back = _spoil_and_restore(_rows, django_db_setup)
    assert _oid() == before, "rows and sequences need no new copy"
    assert _spoil_and_restore(_rows, django_db_setup) == put_back
    copied = _spoil_and_restore(_trigger, django_db_setup)
    assert _oid() != before
    assert put_back == copied


def _spoil_and_restore(spoil: Callable[[], None], database: Any) -> list[str]:
    """Return all that PostgreSQL then knows of the database; its lines stand in no order."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database.name}").geturl()
    spoil()
    other = psycopg.connect(url)
    other.execute("LOCK TABLE org_user IN SHARE MODE; SELECT pg_advisory_lock(1); LISTEN bell")
    database.restore()
    with pytest.raises(psycopg.OperationalError):
        other.execute("SELECT 1")
    command = [program("pg_dump"), "--dbname", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted(line for line in said.splitlines() if "restrict" not in line)


def _oid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        oid: int = cursor.fetchone()[0]
    return oid
