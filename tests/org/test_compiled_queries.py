"""Kept queries answer as the queries that they are made of, afresh each time."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from org.compiled_queries import (
    SIZES,
    CompiledQuery,
    columns_of,
    compiled_rows,
    filled_up,
    instance_of,
)
from org.models import Absence, User
from registry.models.letters import Letter
from tests.factories import deposit

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_query_for_each_values(amina: User, badr: User) -> None:
    kept = CompiledQuery(
        lambda name, pk: User.objects.filter(username=name, pk=pk).values_list(
            "pk", "username", "is_active"
        )
    )
    assert kept.rows("amina", amina.pk) == [(amina.pk, "amina", True)]
    assert kept.rows("badr", badr.pk) == [(badr.pk, "badr", True)]
    assert kept.rows("badr", amina.pk) == []


def test_what_changed_is_read_by_one_query(amina: User) -> None:
    kept = CompiledQuery(lambda pk: User.objects.filter(pk=pk).values_list("duty"))
    kept.rows(amina.pk)
    User.objects.filter(pk=amina.pk).update(duty=User.Duty.AUDITOR)
    with CaptureQueriesContext(connection) as asked:
        assert kept.rows(amina.pk) == [(User.Duty.AUDITOR,)]
    assert len(asked) == 1


def test_days_are_compared_as_days(amina: User, badr: User) -> None:
    first = date(2026, 3, 2)
    Absence.objects.create(
        person=amina,
        delegate=badr,
        starts_on=first,
        ends_on=first + timedelta(days=3),
        made_at=timezone.now(),
        made_by=amina,
    )
    kept = CompiledQuery(
        lambda day: Absence.objects.filter(starts_on__lte=day, ends_on__gte=day).values_list(
            "person_id", "starts_on"
        )
    )
    assert kept.rows(first + timedelta(days=3)) == [(amina.pk, first)]
    assert kept.rows(first - timedelta(days=1)) == kept.rows(first + timedelta(days=4)) == []


def test_a_value_that_does_not_stand_in_the_query_is_refused(amina: User) -> None:
    kept = CompiledQuery(lambda pk: User.objects.filter(pk=pk + 1).values_list("pk"))
    with pytest.raises(ValueError, match="as it is"):
        kept.rows(amina.pk)


def test_any_number_of_values_is_taken(amina: User, badr: User) -> None:
    kept = CompiledQuery(lambda *pks: User.objects.filter(pk__in=pks).values_list("username"))
    assert sorted(kept.rows(amina.pk, badr.pk)) == [("amina",), ("badr",)]
    assert kept.rows(badr.pk) == [("badr",)]
    assert kept.rows(badr.pk, badr.pk) == [("badr",)]


def test_ids_of_letters_are_values() -> None:
    first, second = deposit().letter, deposit().letter
    kept = CompiledQuery(lambda *pks: Letter.objects.filter(pk__in=pks).values_list("pk", "number"))
    assert kept.rows(first.pk) == [(first.pk, first.number)]
    assert len(kept.rows(first.pk, second.pk)) == 2


def test_rows_of_a_key_are_those_of_its_query(amina: User, badr: User) -> None:
    def names(who: User, *pks: int) -> Any:
        rows = User.objects.filter(username=who.username)
        key, found = ("names", who.pk), rows.filter(pk__in=pks) if pks else rows
        return compiled_rows(key, lambda *pks: _either(rows, pks), *pks), list(
            found.values_list("username")
        )

    for who in (amina, badr, amina):
        for pks in ((), (amina.pk,), (amina.pk, badr.pk)):
            kept, asked = names(who, *pks)
            assert kept == asked


def _either(rows: Any, pks: tuple[int, ...]) -> Any:
    return (rows.filter(pk__in=pks) if pks else rows).values_list("username")


def test_a_query_that_nothing_can_answer_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert compiled_rows("nobody", lambda: User.objects.none().values_list("pk")) == []
    assert not asked.captured_queries


def test_only_the_last_keys_are_kept() -> None:
    for number in range(300):
        key = ("one of many", number)
        compiled_rows(key, lambda: User.objects.filter(username="amina").values_list("pk"))
    kept = connection.compiled_queries[compiled_rows]  # type: ignore[attr-defined]
    assert len(kept) == 200
    assert (("one of many", 299), 0) in kept


def test_the_connection_of_a_thread_that_ended_is_kept_by_nothing() -> None:
    kept = CompiledQuery(lambda: User.objects.values_list("pk"))

    def asked() -> "weakref.ref[Any]":
        own = connections[DEFAULT_DB_ALIAS]
        assert own is not connection
        kept.rows()
        own.close()
        return weakref.ref(own)

    with ThreadPoolExecutor(1) as threads:
        found = threads.submit(asked).result()
    gc.collect()
    assert found() is None


@given(count=st.integers(0, 130))
def test_ids_are_filled_up_to_few_numbers(count: int) -> None:
    ids = [UUID(int=number) for number in range(count)]
    filled = filled_up(ids)
    assert list(dict.fromkeys(filled)) == ids
    assert len(filled) in {0, *SIZES} or filled == tuple(ids)


def test_rows_are_made_as_the_database_gives_them(amina: User) -> None:
    deposit()
    for model in (User, Letter):
        there = model.objects.values_list(*columns_of(model)).first()
        assert there is not None
        made = instance_of(model, there)
        given_back = model.objects.get(pk=made.pk)
        state = made.__dict__.pop("_state"), given_back.__dict__.pop("_state")
        assert made.__dict__ == given_back.__dict__
        assert (state[0].adding, state[0].db) == (state[1].adding, state[1].db)
