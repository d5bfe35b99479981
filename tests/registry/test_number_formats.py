"""Formats of the office's other numbers: kept on record, tried, and linking letters by them."""

from __future__ import annotations

import pytest
from django.db.models.signals import pre_save

from org.errors import BadOrganisationError
from org.models import OrgChange
from registry.book.number_formats import (
    NUMBER_FORMATS,
    formats_in_use,
    save_format,
    try_number,
)
from registry.models.duplicates import SameMail
from registry.models.letters import Letter
from registry.models.number_formats import KnownFormat
from routing.proposals.comparing import compare_letter_work, save_comparison
from routing.proposals.suggesting import save_understanding, understand_letter_work
from tests.factories import deposit, person

pytestmark = pytest.mark.django_db
BO = {"pattern": "{serial}/BO/{year}", "desk": "Bureau d'ordre d'avant"}


def test_each_change_of_a_format_is_on_record_and_a_retired_one_matches_nothing() -> None:
    admin = person("admin")
    assert save_format(BO, actor=admin) == "new"
    row = KnownFormat.objects.get()
    found = try_number("٣٣١٨/BO/٢٠١٩")
    assert found is not None
    assert found.value == "3318/BO/2019"
    assert save_format({**BO, "active": False}, actor=admin, row=row) == "changed"
    assert try_number("3318/BO/2019") is None
    assert formats_in_use() == ()
    changes = OrgChange.objects.filter(noun=OrgChange.Noun.NUMBERS).order_by("pk")
    assert [change.action for change in changes] == ["created", "retired"]


def test_spaces_stay_between_parts_and_tell_nothing_around_strokes() -> None:
    given = {"pattern": " {serial}  ق.م / {year} ", "desk": "Affaires juridiques"}
    assert save_format(given, actor=None) == "new"
    assert KnownFormat.objects.get().pattern == "{serial} ق.م/{year}"
    for words in ("4471 ق.م/2026", "4471ق.م / 2026"):
        found = try_number(words)
        assert found is not None, words
        assert found.value == "4471 ق.م/2026"
    assert NUMBER_FORMATS.save(given, None) == "same"


def test_a_number_of_a_register_needs_no_format() -> None:
    found = try_number("IN/2026/12") or try_number("2026/IN/000012")
    assert found is not None
    assert found.value.endswith("12")


@pytest.mark.parametrize(
    "values", [{**BO, "pattern": "{serial}/{year}"}, {**BO, "desk": ""}, {**BO, "pattern": ""}]
)
def test_a_format_that_would_match_anything_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(BadOrganisationError):
        save_format(values, actor=None)


def test_a_format_that_somebody_else_adds_at_this_moment_is_refused_in_words() -> None:
    def add_first(**_told: object) -> None:
        KnownFormat.objects.bulk_create([KnownFormat(**BO)])

    pre_save.connect(add_first, sender=KnownFormat)
    try:
        with pytest.raises(BadOrganisationError) as refused:
            save_format(BO, actor=None)
    finally:
        pre_save.disconnect(add_first, sender=KnownFormat)
    assert list(refused.value.problems) == ["pattern"]
    assert not OrgChange.objects.filter(noun=OrgChange.Noun.NUMBERS).exists()


def test_a_letter_that_quotes_another_desks_number_is_linked_to_the_letter_that_has_it() -> None:
    save_format(BO, actor=None)
    amina = person("amina")
    first: Letter = deposit(actor=amina, subject="Devis", external_reference="3318/BO/2019").letter
    later: Letter = deposit(
        actor=amina, subject="Votre lettre n° 3318/BO/2019 est restée sans suite"
    ).letter
    save_understanding(str(later.pk), understand_letter_work(str(later.pk), None))
    save_comparison(str(later.pk), compare_letter_work(str(later.pk), None))
    row = SameMail.objects.get(letter=later)
    assert (row.other_id, row.kind, row.reasons) == (first.pk, "reminder", ["quotes_number"])
