"""No page of the desk goes through all letters: among a million each such query takes seconds."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from tests.web.access.kinds import STAFF
from tests.web.access.tables import rows
from tests.web.desk.cases import Case

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="small tables are read whole there"),
]
OPENS = set("+.")
# Pages that count or list whole years on purpose, and are seldom opened.
GO_THROUGH = {"desk:anomalies", "desk:new_disposal", "desk:outcomes", "desk:refusals"}


@pytest.mark.parametrize("kind", ["C", "H", "D"])
def test_a_page_finds_its_letters_by_an_index(
    kind: str, case: Case, client_as: Callable[[str], Client]
) -> None:
    browser, through = client_as(STAFF[kind]), {}
    opened = 0
    for row in rows("desk"):
        if row.method != "GET" or row.signs[kind] not in OPENS or row.name in GO_THROUGH:
            continue
        for path in paths_of(row.name, case):
            with CaptureQueriesContext(connection) as asked:
                opened += browser.get(path).status_code == 200
            if found := {plan for one in asked for plan in scans_of_letters(one["sql"])}:
                through[row.name] = found
    assert opened > 20
    assert through == {}


def test_a_scan_is_seen() -> None:
    every = 'SELECT 1 FROM "registry_letter" WHERE "registry_letter"."subject" = \'x\''
    inner = f'SELECT 1 FROM "org_user" WHERE "org_user"."id" IN ({every})'  # noqa: S608
    assert list(scans_of_letters(every))
    assert list(scans_of_letters(inner))


def paths_of(name: str, case: Case) -> Iterator[str]:
    for given in ({}, {"letter_id": case.letter.pk}):
        try:
            yield reverse(name, kwargs=given)
        except NoReverseMatch:
            continue


def scans_of_letters(sql: str) -> Iterator[str]:
    """Yield the steps of SQLite's plan that go through letters, however they are called there."""
    if not sql.startswith("SELECT") or '"registry_letter"' not in sql:
        return
    names = set(re.findall(r'"registry_letter" ([A-Z]+\d+)\b', sql)) | {"registry_letter"}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"), [])
        steps = [str(row[3]) for row in cursor.fetchall()]
    yield from (step for step in steps if step.startswith("SCAN") and step.split()[1] in names)
