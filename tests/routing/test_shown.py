"""Rows of lists of work by kept queries: the same as the framework's own."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from org.models import User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from routing.inbox.reading import with_outcome
from routing.inbox.shown import assignments_among, with_outcomes
from routing.models.assignments import Assignment
from tests.factories import department, deposit, kind

pytestmark = pytest.mark.django_db
RELATED = ("department", "person", "letter__register", "letter__kind", "letter__department")


def columns(row: Any) -> dict[str, Any]:
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}


def told(row: Assignment) -> list[Any]:
    letter = row.letter
    one_each = [row.department, row.person, letter, letter.register, letter.kind, letter.department]
    parties = sorted((columns(one) for one in letter.parties.all()), key=lambda one: one["id"])
    said = [columns(one) for one in getattr(letter, "outcome_said", [])]
    related = [one and columns(one) for one in one_each]
    return [columns(row), related, parties, str(letter.sender), said]


@pytest.fixture
def work(amina: User, badr: User) -> list[Assignment]:
    """Five letters with EAU, the last with another department as well; one has its outcome."""
    rows = []
    for number in range(5):
        letter = deposit(kind=kind("complaint_technical") if number else None).letter
        rows.append(giving.assign(letter, department=department("EAU"), actor=amina))
    rows.append(giving.assign(rows[-1].letter, department=department("COM"), actor=amina))
    assignments.accept(rows[1], actor=badr)
    rows[1].refresh_from_db()
    assignments.sign_off(rows[1], actor=badr, method="phone", outcome="partly")
    return rows


def test_they_are_those_of_the_framework(work: list[Assignment]) -> None:
    ids = [row.pk for row in work]
    listed = Assignment.objects.select_related(*RELATED).prefetch_related("letter__parties")
    for some in (ids, ids[:1], ids[1:3], [*ids, uuid4()], []):
        expected = {pk: told(row) for pk, row in with_outcome(listed).in_bulk(some).items()}
        found = with_outcomes(assignments_among(some))
        with CaptureQueriesContext(connection) as asked:
            assert {pk: told(row) for pk, row in found.items()} == expected
        assert len(asked) == 0
    assert [one.value for one in found_outcomes(work[1])] == ["partly"]


def found_outcomes(row: Assignment) -> list[Any]:
    found: Any = with_outcomes(assignments_among([row.pk]))[row.pk].letter
    return list(found.outcome_said)


def test_they_take_as_many_queries_for_many_as_for_one(work: list[Assignment]) -> None:
    for some in (work[:1], work):
        with CaptureQueriesContext(connection) as asked:
            assignments_among([row.pk for row in some])
        assert len(asked) == 2


def test_what_changed_is_read_anew(work: list[Assignment]) -> None:
    ids = [row.pk for row in work]
    assignments_among(ids)
    Letter.objects.filter(pk=work[0].letter_id).update(subject="Neuf")
    assert assignments_among(ids)[ids[0]].letter.subject == "Neuf"


def test_more_than_a_page_is_refused() -> None:
    with pytest.raises(ValueError, match="more"):
        assignments_among([uuid4() for _ in range(101)])
