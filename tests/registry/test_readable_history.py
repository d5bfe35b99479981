"""A history names no letter that its reader may not read, whatever kind of event holds the name."""

import json
from typing import Any

import pytest
from django.db import transaction

from correspondence.kinds import OutgoingEvent
from org.models import User
from registry.changes import history_of, record_change
from registry.doubles.same_mail import link_letters, undo_link
from registry.kinds import EventKind, RegistryEvent
from registry.models.letters import Letter
from registry.readable_history import readable_events
from routing.kinds import RoutingEvent
from tests.factories import deposit

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(amina: User) -> Letter:
    """A letter that EAU reads."""
    return deposit(actor=amina, subject="Fuite", departments=["EAU"]).letter


@pytest.fixture
def other(amina: User) -> Letter:
    """A letter that SI reads, and EAU does not."""
    return deposit(actor=amina, subject="Réseau", departments=["SI"]).letter


def told(letter: Letter, viewer: User) -> str:
    return json.dumps([event.data for event in readable_events(history_of(letter.pk), viewer)])


def names(letter: Letter, text: str) -> bool:
    return letter.number in text or str(letter.pk) in text


class NewerEvent(EventKind):
    """What a newer program writes."""

    UNHEARD_OF = "unheard_of"


# Every kind of event that holds, or may hold by a person's words, a number of another letter.
KINDS: list[tuple[EventKind, Any]] = [
    (
        RegistryEvent.REGISTERED,
        lambda other: {"answers": f"2019/IN/000001, {other.number}", "documents": 1},
    ),
    (
        RoutingEvent.REPLY_SENT,
        lambda other: {"reply": 1, "number": other.number, "method": "portal"},
    ),
    (OutgoingEvent.LETTER_SENT, lambda other: {"reply": 1, "number": other.number}),
    (OutgoingEvent.REPLY_SIGNED, lambda other: {"number": other.number, "level": "stamp"}),
    (
        OutgoingEvent.REPLY_EDITED,
        lambda other: {"reply": 1, "also": ["2019/IN/000001", other.number]},
    ),
    (
        RegistryEvent.CORRECTED,
        lambda other: {"external_reference": {"from": "", "to": other.number}},
    ),
    (RoutingEvent.REFUSED, lambda other: {"reason": f"Déjà traité (voir {other.number}), merci."}),
    (NewerEvent.UNHEARD_OF, lambda other: {"deep": [{"down": str(other.pk)}]}),
]


@pytest.mark.parametrize(("kind", "data"), KINDS, ids=[kind for kind, _ in KINDS])
def test_the_other_letter_is_named_to_its_readers_alone(
    kind: EventKind, data: Any, letter: Letter, other: Letter, amina: User, badr: User
) -> None:
    with transaction.atomic():
        record_change(letter, kind, actor=amina, data=data(other))
    assert not names(other, told(letter, badr))
    assert names(other, told(letter, amina))
    sealed = history_of(letter.pk)[-1]
    assert names(other, json.dumps(sealed.data)), "what is kept stays as it was written"


def test_links_and_what_was_taken_back_say_nothing(
    letter: Letter, other: Letter, amina: User, badr: User
) -> None:
    link = link_letters(letter, other, kind="duplicate", actor=amina)
    undo_link(link, actor=amina, reason=f"Autre affaire que {other.number}")
    events = readable_events(history_of(letter.pk), badr)[-2:]
    assert [(event.kind, event.data, event.actor) for event in events] == [
        ("withheld", {}, None),
        ("withheld", {}, None),
    ]


def test_the_letter_itself_and_strange_numbers_stay(
    letter: Letter, amina: User, badr: User
) -> None:
    words = f"{letter.number}; 2019/XX/000777; le 3 mai"
    with transaction.atomic():
        record_change(letter, RoutingEvent.REFUSED, actor=amina, data={"reason": words})
    assert words in told(letter, badr)


def test_many_named_letters_cost_the_same_queries(
    letter: Letter, amina: User, badr: User, django_assert_num_queries: Any
) -> None:
    others = [deposit(actor=amina, departments=["SI"]).letter for _ in range(4)]
    for other in others:
        with transaction.atomic():
            record_change(
                letter, RoutingEvent.REPLY_SENT, actor=amina, data={"number": other.number}
            )
        link_letters(letter, other, kind="copy", actor=amina)
    events = history_of(letter.pk)
    with django_assert_num_queries(4):  # who looks (two), links, named letters
        readable_events(events, badr)
