"""The role that the office works as reads and writes rows, and cannot lay hands on the tables."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from registry.models.letters import Letter
from tests.factories import deposit

pytestmark = pytest.mark.django_db
ROLE = "office_of_a_test"
FORBIDDEN = (
    "DROP TRIGGER {trigger} ON {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "TRUNCATE {table} CASCADE",
    "DROP TABLE {table} CASCADE",
    "SET session_replication_role = replica",
    "CREATE TABLE anything (id int)",
)


@pytest.fixture(autouse=True)
def on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")


def _a_trigger() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND relname = 'registry_letterevent' LIMIT 1"
        )
        name, table = cursor.fetchone()
    return {"trigger": name, "table": table}


def test_it_registers_letters_and_changes_no_table() -> None:
    trigger = _a_trigger()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        call_command("grant_database", ROLE, stdout=StringIO())
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        letter = deposit().letter
        assert Letter.objects.filter(pk=letter.pk).exists()
        for words in FORBIDDEN:
            with (
                pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
                transaction.atomic(),
            ):
                cursor.execute(words.format(**trigger))
        cursor.execute("RESET ROLE")


def test_a_role_that_may_do_all_is_refused() -> None:
    owner = connection.settings_dict["USER"]
    for role in (owner, "nobody_here", "x; DROP"):
        with pytest.raises(CommandError) as refused:
            call_command("grant_database", role)
        assert refused.value.returncode == 2
