"""Giving to several at once, splitting, by lists, in bulk, and who is in charge."""

import io
from collections.abc import Callable
from typing import Any

import pdfplumber
import pytest

from org.models import User
from registry.models.acts import Act
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.assigning import bulk, giving, lists
from routing.assigning.giving import Target
from routing.inbox import assignments
from routing.inbox.slips import draw_slips
from routing.models.assignments import Assignment
from routing.models.distribution import DistributionList
from tests.factories import department, deposit, person

pytestmark = pytest.mark.django_db


def a_list(admin: User, **roles: str) -> DistributionList:
    entries = [(department(code), role) for code, role in roles.items()]
    return lists.keep_list(None, name="Chantiers", entries=entries, actor=admin)


def test_action_and_copies_go_out_in_one_act(
    letter: Letter, amina: User, chafik: User, register_is_clean: Callable[[], None]
) -> None:
    targets = [
        Target(department("EAU")), Target(department("TRX")), Target(department("SI"), role="copy")
    ]  # fmt: skip
    given = giving.assign_all(letter, targets, actor=amina)
    assert [(a.department.code, a.role) for a in given] == [
        ("EAU", "action"), ("TRX", "action"), ("SI", "copy"),
    ]  # fmt: skip
    assert letter.department == department("EAU")
    assert Letter.objects.visible_to(chafik).filter(pk=letter.pk).exists()
    register_is_clean()


def test_all_go_or_none(letter: Letter, amina: User) -> None:
    closed = department("JUR")
    type(closed).objects.filter(pk=closed.pk).update(active=False)
    with pytest.raises(NotAllowedError):
        giving.assign_all(
            letter, [Target(department("EAU")), Target(department("JUR"))], actor=amina
        )
    assert not Assignment.objects.exists()


def test_a_letter_is_split_into_parts_with_their_own_words(
    letter: Letter, amina: User, register_is_clean: Callable[[], None]
) -> None:
    parts = [
        Target(department("EAU"), matter="La fuite"), Target(department("COM"), matter="La facture")
    ]  # fmt: skip
    giving.split(letter, parts, actor=amina)
    rows = {a.department.code: a.matter for a in Assignment.objects.all()}
    assert rows == {"EAU": "La fuite", "COM": "La facture"}
    register_is_clean()


def test_what_is_no_split(letter: Letter, amina: User, badr: User) -> None:
    eau, com = department("EAU"), department("COM")
    for parts in (
        [Target(eau, matter="a")],
        [Target(eau, matter="a"), Target(com)],
        [Target(eau, matter="a"), Target(eau, matter="b")],
    ):
        with pytest.raises(NotAllowedError):
            giving.split(letter, parts, actor=amina)
    with pytest.raises(NotAllowedError):
        giving.split(letter, [Target(eau, matter="a"), Target(com, matter="b")], actor=badr)


def test_a_list_gives_to_those_that_have_it_not_yet(
    letter: Letter, amina: User, admin: User
) -> None:
    row = a_list(admin, EAU="action", SI="copy")
    giving.assign(letter, department=department("EAU"), actor=amina)
    targets = lists.targets_of(row.pk)
    given = giving.assign_all(letter, targets, actor=amina, skip_present=True)
    assert [a.department.code for a in given] == ["SI"]
    with pytest.raises(NotAllowedError):
        giving.assign_all(letter, targets, actor=amina, skip_present=True)


def test_lists_are_the_administrators_and_each_change_is_an_act(admin: User, amina: User) -> None:
    row = a_list(admin, EAU="action")
    entries = [(department("EAU"), "action")]
    for who, name, given in (
        (amina, "Autre", entries),
        (admin, "  ", entries),
        (admin, "chantiers", entries),
        (admin, "Autre", []),
        (admin, "Autre", entries * 2),
    ):
        with pytest.raises(NotAllowedError):
            lists.keep_list(None, name=name, entries=given, actor=who)
    lists.keep_list(row, name="Chantiers", entries=entries, actor=admin, active=False)
    assert not list(lists.lists_in_use())
    with pytest.raises(NotAllowedError):
        lists.targets_of(row.pk)
    assert Act.objects.filter(kind="distribution_list_kept").count() == 2


def test_of_many_letters_each_goes_by_itself(amina: User) -> None:
    first, second = deposit(actor=amina).letter, deposit(actor=amina).letter
    giving.assign(second, department=department("EAU"), actor=amina)

    def give(letter: Letter) -> Any:
        return giving.assign(letter, department=department("EAU"), actor=amina)

    done = bulk.each([(first, first), (second, second)], give)
    assert [bool(one.reason) for one in done] == [False, True]
    assert Assignment.objects.filter(letter=first).exists()
    with pytest.raises(NotAllowedError):
        bulk.each([], give)


def test_the_head_names_who_is_in_charge(
    assigned: Assignment, badr: User, dounia: User, chafik: User, amina: User
) -> None:
    for who in (badr, chafik, amina):
        with pytest.raises(NotAllowedError):
            assignments.put_in_charge(assigned, actor=who, person=badr)
    with pytest.raises(NotAllowedError):
        assignments.put_in_charge(assigned, actor=dounia, person=chafik)
    assignments.put_in_charge(assigned, actor=dounia, person=badr)
    assignments.accept(assigned, actor=dounia)
    assert assigned.person == badr


def test_nobody_is_in_charge_of_what_they_may_not_read(
    direction: User, dounia: User, badr: User
) -> None:
    letter = deposit(confidentiality=1).letter
    row = giving.assign(letter, department=department("EAU"), actor=direction)
    with pytest.raises(NotAllowedError):
        assignments.put_in_charge(row, actor=dounia, person=badr)


def test_slips_are_one_page_a_letter(
    amina: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    letters = [deposit(actor=person("amina"), subject=f"Objet {n}").letter for n in range(3)]
    for letter in letters:
        giving.assign(letter, department=department("EAU"), actor=amina, note="Visite sur place")
    fetched = list(Letter.objects.for_lists().filter(pk__in=[x.pk for x in letters]))
    with django_assert_max_num_queries(5):  # two of them for the letterhead
        drawn = draw_slips(fetched)

    pages = [page.extract_text() for page in pdfplumber.open(io.BytesIO(drawn)).pages]
    assert len(pages) == 3
    assert all(letter.number in pages[n] for n, letter in enumerate(fetched))
    assert "Visite sur place" in pages[0]
    with pytest.raises(NotAllowedError):
        draw_slips([])
