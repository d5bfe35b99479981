"""Shapes show what the framework's serializers show, field by field."""

from typing import Any

import pytest
from rest_framework import serializers

from jobs.models import Job
from org.models import User
from org.people import permissions_of
from search.finding import find_letters
from tests.factories import deposit, drain, kind
from web.api.answers import LetterRow
from web.api.office import FoundOut, HitOut, JobOut, MeOut
from web.api.requests import SearchAsked
from web.api.shape import Shape, given_to

pytestmark = pytest.mark.django_db


def by_the_framework(shape: Shape, row: Any) -> dict[str, Any]:
    shown: dict[str, Any] = serializers.Serializer.to_representation(shape, row)
    return shown


@pytest.fixture(autouse=True)
def _own_index(own_data_dir: Any) -> None:
    """An index of the test's own."""


def test_rows_are_shown_as_by_the_framework(amina: User) -> None:
    plain = deposit(subject="Fuite à la vanne", sender="").letter
    whole = deposit(subject="Vanne", kind=kind("complaint_technical"), departments=["EAU"]).letter
    drain("letter.index")
    found = find_letters(viewer=amina, words="vanne")
    assert {hit.letter.pk for hit in found.hits} == {plain.pk, whole.pk}
    job = Job.objects.all()[0]
    me = {"user": amina, "permissions": permissions_of(amina)}
    rows: list[tuple[type[Shape], Any]] = [
        *((LetterRow, hit.letter) for hit in found.hits),
        *((HitOut, hit) for hit in found.hits),
        *((FoundOut, found), (JobOut, job), (MeOut, me)),
    ]
    for shape, row in rows:
        one = shape()
        assert one.to_representation(row) == by_the_framework(one, row)
        assert list(one.to_representation(row)) == list(by_the_framework(one, row))


class Odd(Shape):
    """Fields that are read in their own way."""

    items = serializers.CharField()
    called = serializers.CharField(source="count")
    missing = serializers.CharField(default="none")
    left_out = serializers.CharField(required=False)
    nothing = serializers.CharField(source="none.deep", allow_null=True)
    hidden = serializers.CharField(write_only=True)

    def show_items(self, row: dict[str, Any]) -> str:
        """Return a word for the key that is also a method's name."""
        return f"of {len(row)}"


class Row:
    """A row whose attribute is called."""

    none = None

    def count(self) -> int:
        return 3

    def __len__(self) -> int:
        return 1


def test_what_is_no_plain_attribute_is_read_the_frameworks_way() -> None:
    one = Odd()
    assert one.to_representation(Row()) == {
        "items": "of 1",
        "called": "3",
        "missing": "none",
        "nothing": None,
    }
    assert one.to_representation(Row()) == by_the_framework(one, Row())
    told = {"count": "4", "none": {"deep": "x"}, "missing": "m", "left_out": "l"}
    assert one.to_representation(told) == by_the_framework(one, told)


def test_what_is_given_to_a_shape_leaves_nothing_for_the_next() -> None:
    with pytest.raises(serializers.ValidationError), given_to(SearchAsked, {"limit": "x"}) as first:
        first.is_valid(raise_exception=True)
    with given_to(SearchAsked, {"q": "eau"}) as second, given_to(SearchAsked, {}) as inner:
        assert second is first
        assert inner is not second
        assert second.is_valid()
        assert inner.is_valid()
        assert (second.validated_data["q"], inner.validated_data["q"]) == ("eau", "")
    with given_to(SearchAsked, {"limit": "7"}) as last:
        assert last.is_valid()
        assert (last.validated_data["q"], last.validated_data["limit"]) == ("", 7)
