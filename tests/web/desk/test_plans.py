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
            if found := {plan for one in asked for plan in scans(one["sql"])}:
                through[row.name] = found
    assert opened > 20
    assert through == {}


@pytest.mark.parametrize("order", ["due", "newest", "oldest", "sender"])
@pytest.mark.parametrize(("who", "place"), [("C", "tray"), ("D", "tray"), ("H", "inbox")])
def test_narrowed_work_is_found_by_an_index(
    order: str, who: str, place: str, case: Case, client_as: Callable[[str], Client]
) -> None:
    browser, address = client_as(STAFF[who]), reverse(f"desk:{place}")
    tables = ("registry_letter", "registry_party", "routing_assignment", "routing_suggestion")
    each = [
        {"kind": "request"}, {"channel": "post"}, {"sender": "a"}, {"urgent": "1"},
        {"since": "2020-01-01", "until": "2099-01-01"},
        *({"due": span} for span in ("late", "today", "week")),
        *({"person": "0", "show": show} for show in ("open", "accepted", "late", "done")),
    ]  # fmt: skip
    for asked in ({}, *each, {name: value for one in each for name, value in one.items()}):
        with CaptureQueriesContext(connection) as found:
            assert browser.get(address, {"order": order, **asked}).status_code == 200
        plans = {plan for one in found for table in tables for plan in scans(one["sql"], table)}
        assert plans == set(), asked


def test_outcomes_are_counted_from_what_was_signed_off_on_the_days(
    client_as: Callable[[str], Client],
) -> None:
    browser = client_as(STAFF["D"])
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/lists/outcomes/").status_code == 200
    counted = [one["sql"] for one in asked if "COUNT(" in one["sql"] and "signed_off" in one["sql"]]
    assert len(counted) == 1
    by_day = "assignment_settled (department_id=? AND state=? AND signed_off_at>?"
    assert any(by_day in step for step in plan(counted[0]))


def test_a_scan_is_seen() -> None:
    every = 'SELECT 1 FROM "registry_letter" WHERE "registry_letter"."subject" = \'x\''
    inner = f'SELECT 1 FROM "org_user" WHERE "org_user"."id" IN ({every})'  # noqa: S608
    assert list(scans(every))
    assert list(scans(inner))


def paths_of(name: str, case: Case) -> Iterator[str]:
    for given in ({}, {"letter_id": case.letter.pk}):
        try:
            yield reverse(name, kwargs=given)
        except NoReverseMatch:
            continue


def scans(sql: str, table: str = "registry_letter") -> Iterator[str]:
    """Yield the steps of SQLite's plan that go through a table, however it is called there."""
    if not sql.startswith("SELECT") or f'"{table}"' not in sql:
        return
    names = set(re.findall(rf'"{table}" ([A-Z]+\d+)\b', sql)) | {table}
    yield from (step for step in plan(sql) if step.startswith("SCAN") and step.split()[1] in names)


def plan(sql: str) -> list[str]:
    """Return the steps of SQLite's plan."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"), [])
        return [str(row[3]) for row in cursor.fetchall()]
