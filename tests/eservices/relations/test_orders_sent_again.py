"""Forms of work orders that are sent more than once: one order, and nothing written is lost."""

import threading
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from eservices.relations.models import FieldEntry, WorkOrder
from eservices.relations.orders import OrderMadeError, Place, move_order
from routing.acting.errors import NotAllowedError
from tests.eservices.relations.field import enter, ordered, team
from tests.factories import person


@pytest.mark.django_db
def test_the_same_form_sent_again_gives_its_order_and_takes_no_number() -> None:
    crew, form = team(), uuid4()
    place = Place("12, rue X", Decimal("33.97"), Decimal("-6.85"), "Zineb", "0537000000")
    first = ordered(crew, order_id=form, place=place)
    enter(first, "check", code="1", done=True)
    assert ordered(crew, order_id=form, place=place) == first
    assert FieldEntry.objects.filter(order=first, kind="ordered").count() == 1
    following = ordered(crew).number
    assert int(following.rpartition("/")[2]) == int(first.number.rpartition("/")[2]) + 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        *({"what": "Poser un compteur"}, {"slot": "8–10"}, {"instructions": "Sonner"}),
        *({"dangerous": True}, {"checklist": ["Autre"]}, {"place": Place(phone="0537000000")}),
        {"planned_on": timezone.localdate() + timedelta(days=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_form_sent_again_with_something_else_is_told_of_its_order(
    change: dict[str, object],
) -> None:
    crew, form = team(), uuid4()
    first = ordered(crew, order_id=form)
    with pytest.raises(OrderMadeError) as refused:
        ordered(crew, order_id=form, **change)
    assert refused.value.order == first
    assert WorkOrder.objects.get() == first


@pytest.mark.django_db
def test_a_form_sent_again_after_its_order_was_moved_is_told_of_it() -> None:
    crew, form = team(), uuid4()
    order = ordered(crew, order_id=form)
    move_order(order, team=team("EAU-8"), planned_on=order.planned_on, actor=person("dounia"))
    with pytest.raises(OrderMadeError):
        ordered(crew, order_id=form)


@pytest.mark.django_db
def test_the_form_of_somebody_else_is_refused_in_words() -> None:
    crew, form = team(), uuid4()
    ordered(crew, order_id=form)
    with pytest.raises(NotAllowedError, match=r"\w"):
        ordered(crew, order_id=form, actor=person("amina"))


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_for_two_teams_at_once_makes_one_order() -> None:
    crews, form, dounia = [team(), team("EAU-8")], uuid4(), person("dounia")
    ready, made, told = threading.Barrier(6), list[UUID](), list[str]()

    def send(number: int) -> None:
        ready.wait()
        try:
            made.append(ordered(crews[number % 2], order_id=form, actor=dounia).pk)
        except Exception as error:
            told.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert WorkOrder.objects.get().pk == form
    assert (made, told) == ([form] * 3, ["OrderMadeError"] * 3)
