"""The check page: what waits, what stands on it, and what a clerk's nod or correction does."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from org.models import User
from registry.changes import history_of, record_change
from registry.models.letters import Letter
from registry.reading.readings import NewReading, record_readings
from registry.verification import verify_register
from routing.check import checking, decisions
from routing.inbox import reading
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.check import CheckClaim, CheckTiming
from routing.models.suggestions import Suggestion
from tests.factories import deposit, pdf, text_file

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
FACTS: list[tuple[str, str, float]] = [
    ("kind", "complaint_technical", 0.95), ("kind", "request", 0.2),
    ("department", "EAU", 0.93), ("department", "ASS", 0.3),
    ("subject", "Fuite devant l'école", 0.95), ("sender", "Syndic Al Amal", 0.9),
    ("sender_email", "syndic@amal.example", 0.9), ("place", "Azemmour", 0.9),
    ("enclosure", "2 photographies", 0.85), ("enclosure", "plan", 0.85),
]  # fmt: skip


def understood(
    letter: Letter, facts: list[tuple[str, str, float]] = FACTS, **place: Any
) -> dict[str, Suggestion]:
    """The facts as the machine proposes them; rows by value."""
    with transaction.atomic():
        rows = [
            Suggestion.objects.create(
                letter=letter, field=f, value=v, score=s, source="pattern", sure=s >= 0.9, **place
            )
            for f, v, s in facts
        ]
        record_change(letter, RoutingEvent.UNDERSTOOD, actor=None, rows=rows)
    return {row.value: row for row in rows}


@pytest.fixture
def waiting(db: None) -> Letter:
    """A letter with a picture of which nothing is decided."""
    letter = deposit(subject="", sender="", files=[pdf(), text_file(name="plan.txt")]).letter
    understood(letter)
    return Letter.objects.get(pk=letter.pk)


def address(letter: Letter) -> str:
    return reverse("desk:check_page", args=[letter.pk])


def shown(client: Client, letter: Letter) -> str:
    answer = client.get(address(letter))
    assert answer.status_code == 200
    return str(answer.content.decode())


def form_of(page: str) -> dict[str, Any]:
    """The page's form as a browser sends it."""
    form = page[page.index('id="check"') : page.index("</form>", page.index('id="check"'))]
    fields: dict[str, Any] = {"do": "accept"}
    for tag in re.findall(r"<input [^>]*>", form):
        at = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if at.get("type") == "checkbox" and " checked" not in tag:
            continue
        fields.setdefault(at["name"], []).append(unescape(at.get("value", "")))
    for name, inner in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        fields[name] = chosen[1] if chosen else ""
    return fields


def decide(client: Client, letter: Letter, **changes: Any) -> Any:
    return client.post(address(letter), form_of(shown(client, letter)) | changes)


def test_a_nod_decides_every_fact_gives_the_letter_away_and_goes_on(
    waiting: Letter, browser: Browser
) -> None:
    other = deposit(subject="").letter
    understood(other)

    answer = decide(browser("amina"), waiting)

    assert (answer.status_code, answer["Location"]) == (303, address(other))
    letter = Letter.objects.get(pk=waiting.pk)
    assert letter.subject == "Fuite devant l'école"
    assert letter.kind is not None
    assert letter.kind.code == "complaint_technical"
    assert letter.sender is not None
    assert (letter.sender.name, letter.sender.email) == ("Syndic Al Amal", "syndic@amal.example")
    assert Assignment.objects.get(letter=letter).department.code == "EAU"
    decided = dict(Suggestion.objects.filter(letter=letter).values_list("value", "decision"))
    assert {value for value, word in decided.items() if word == "corrected"} == {"request", "ASS"}
    assert set(decided.values()) == {"accepted", "corrected"}
    assert not list(verify_register())


def test_corrections_are_kept_as_corrections(waiting: Letter, browser: Browser) -> None:
    rows = {row.value: row for row in Suggestion.objects.filter(letter=waiting)}
    right = [str(row.pk) for value, row in rows.items() if value == "2 photographies"]

    decide(
        browser("amina"), waiting, kind="request", department="ASS", subject="Autre objet",
        sender_email="", place="El Jadida", right=right,
    )  # fmt: skip

    letter = Letter.objects.get(pk=waiting.pk)
    assert (letter.subject, str(letter.kind and letter.kind.code)) == ("Autre objet", "request")
    assert letter.sender is not None
    assert letter.sender.email == ""
    decided = dict(Suggestion.objects.filter(letter=letter).values_list("value", "decision"))
    wrong = {value for value, word in decided.items() if word == "corrected"}
    assert wrong == {
        "complaint_technical", "EAU", "Fuite devant l'école", "syndic@amal.example", "Azemmour",
        "plan",
    }  # fmt: skip
    own = Suggestion.objects.get(letter=letter, value="El Jadida")
    assert (own.source, own.decision, own.field) == ("person", "accepted", "place")
    assert CheckTiming.objects.get().corrected == 6
    assert not list(verify_register())


def test_a_department_that_is_only_possible_is_not_given_by_a_nod(
    db: None, browser: Browser
) -> None:
    letter = deposit(subject="").letter
    understood(letter, [("subject", "Divers", 0.9), ("department", "EAU", 0.4)])

    page = shown(browser("amina"), letter)
    decide(browser("amina"), letter)

    assert 'data-value="EAU"' in page
    assert not Assignment.objects.exists()
    assert reading.tray(letter.registered_by or _amina()).filter(pk=letter.pk).exists()
    assert not checking.check_queue(_amina()).exists()


def _amina() -> User:
    return User.objects.get(username="amina")


def test_what_waits_is_urgent_first_then_oldest_and_gone_once_decided(
    db: None, browser: Browser
) -> None:
    old, urgent, silent, decided = (deposit(subject=f"Lettre {n}").letter for n in range(4))
    understood(old)
    understood(urgent, [*FACTS, ("urgency", "très urgent", 0.9)])
    understood(decided)
    decisions.correct(
        Letter.objects.get(pk=decided.pk), actor=_amina(),
        changes={"subject": "Décidée", "kind": None, "document_date": None},
    )  # fmt: skip
    given, doubtful = (deposit(subject=f"Donnée {n}").letter for n in range(2))
    understood(given)
    understood(doubtful, [("document_date", "2026-01-12", 0.6)])

    assert [row.pk for row in checking.check_queue(_amina())][:2] == [urgent.pk, old.pk]
    assert silent.pk not in {row.pk for row in checking.check_queue(_amina())}
    page = browser("amina").get(reverse("desk:checks")).content.decode()
    assert page.index(urgent.number) < page.index(old.number)
    assert silent.number not in page


def test_a_letter_by_hand_waits_until_somebody_says_what_it_is_about(
    db: None, browser: Browser
) -> None:
    letter = deposit(subject="", sender="").letter
    document = letter.documents.get()
    text = "Mnsiur lc xqd"
    page = {"number": 1, "source": "ocr", "text": text, "language": "fr"}
    guess = page | {"confidence": 0.2, "words": [], "problem": "doubtful"}
    with transaction.atomic():
        record_readings(
            letter, [NewReading(document.pk, "e", "fr", text, [guess], problem="doubtful")]
        )
    assert [row.pk for row in checking.check_queue(_amina())] == [letter.pk]
    assert letter.number in browser("amina").get(reverse("desk:checks")).content.decode()

    decisions.correct(
        Letter.objects.get(pk=letter.pk), actor=_amina(), changes={"subject": "Une plainte"}
    )
    assert not checking.check_queue(_amina())


def test_a_letter_given_by_a_rule_waits_only_while_a_fact_is_open(db: None) -> None:
    from routing.assigning.giving import give
    from tests.factories import department

    full, open_fact, by_hand = (deposit().letter for _ in range(3))
    for letter in (full, open_fact, by_hand):
        understood(letter, [("subject", "Fuite", 0.9)])
        with transaction.atomic():
            actor = _amina() if letter is by_hand else None
            give(letter, department=department("EAU"), actor=actor)
    for letter in (open_fact, by_hand):
        understood(letter, [("document_date", "2026-01-12", 0.6)])

    assert [(row.pk, row.turn) for row in checking.check_queue(_amina())] == [(open_fact.pk, 2)]


def test_later_goes_on_and_the_letter_comes_again_at_the_end(db: None, browser: Browser) -> None:
    first, second = (deposit(subject="").letter for _ in range(2))
    understood(first)
    understood(second)
    client = browser("amina")

    onward = client.post(address(first), {"do": "later"})
    back = decide(client, second)

    assert onward["Location"] == address(second)
    assert back["Location"] == address(first)
    assert decide(client, first)["Location"] == reverse("desk:checks")


def test_an_unsure_clerk_leaves_the_letter_to_a_colleague(
    waiting: Letter, browser: Browser
) -> None:
    answer = browser("amina").post(address(waiting), {"do": "unsure"})

    assert answer["Location"] == reverse("desk:checks")
    assert history_of(waiting.pk)[-1].kind == "check_left"
    page = browser("amina").get(reverse("desk:checks")).content.decode()
    assert waiting.number in page
    assert checking.next_to_check(_amina()) is None
    colleague = _colleague()
    client = Client()
    client.force_login(colleague)
    assert "Amina" in shown(client, waiting)
    decide(client, waiting)
    assert not CheckClaim.objects.exists()


def _colleague() -> User:
    return User.objects.create(
        username="amal", first_name="Amal", last_name="Idrissi", duty="clerk", clearance=2
    )


def test_two_clerks_do_not_get_the_same_letter(db: None, browser: Browser) -> None:
    first, second = (deposit(subject="").letter for _ in range(2))
    understood(first)
    understood(second)
    shown(browser("amina"), first)

    assert checking.next_to_check(_colleague()) == second
    assert checking.next_to_check(_amina()) == first


def test_who_comes_second_is_told_and_overwrites_nothing(waiting: Letter, browser: Browser) -> None:
    client = Client()
    client.force_login(_colleague())
    form = form_of(shown(client, waiting))
    decide(browser("amina"), waiting, subject="Le mot d'Amina")

    answer = client.post(address(waiting), form | {"subject": "Le mot d'Amal"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Amina" in page
    assert "Le mot d&#x27;Amal" in page
    assert Letter.objects.get(pk=waiting.pk).subject == "Le mot d'Amina"
    assert CheckTiming.objects.count() == 1


def test_a_value_that_cannot_be_keeps_the_page_and_all_that_was_typed(
    waiting: Letter, browser: Browser
) -> None:
    answer = decide(
        browser("amina"), waiting, sender_email="syndic(at)amal", subject="Mon objet",
        document_date="2999-01-01",
    )  # fmt: skip

    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.partition('id="session-over"')[0].count('role="alert"') == 2
    assert 'value="Mon objet"' in page
    assert Letter.objects.get(pk=waiting.pk).version == waiting.version


def test_sources_stand_as_frames_on_their_page(waiting: Letter, browser: Browser) -> None:
    document = waiting.documents.order_by("position")[0]
    place = {"document": document, "page": 2, "box": [0.1, 0.2, 0.5, 0.25], "words": "n° 77/26"}
    understood(waiting, [("external_reference", "77/26", 0.9)], **place)

    page = shown(browser("amina"), waiting)

    frame = f'<rect data-fact="external_reference" data-at="{document.pk}/2" class="away"'
    assert f'{frame} x="96.0" y="196.0" width="408.0" height="58.0" />' in page
    assert 'data-words="n° 77/26"' in page


def test_enclosures_named_are_told_beside_those_that_came(
    waiting: Letter, browser: Browser
) -> None:
    page = shown(browser("amina"), waiting)

    assert "Le courrier cite 3 pièces jointes\u00a0; 1 est arrivée." in page


def test_a_quoted_number_leads_to_our_letter_where_it_may_be_read(
    waiting: Letter, browser: Browser
) -> None:
    open_one, secret = deposit().letter, deposit(confidentiality=2).letter
    keys = [f"{x.year}/IN/{x.serial}" for x in (open_one, secret)]
    understood(waiting, [("quoted_number", key, 0.95) for key in keys])
    User.objects.filter(username="amina").update(clearance=0)

    page = shown(browser("amina"), waiting)

    assert reverse("desk:letter", args=[open_one.pk]) in page
    assert reverse("desk:letter", args=[secret.pk]) not in page


def test_the_time_of_a_check_is_kept_without_a_name(waiting: Letter, browser: Browser) -> None:
    decide(browser("amina"), waiting, visible="0.0")

    timing = CheckTiming.objects.get()
    assert 0 <= timing.seconds < 60
    assert timing.visible_seconds == 0
    assert timing.corrected == 0
    names = {field.name for field in CheckTiming._meta.get_fields()}
    assert names == {"id", "day", "seconds", "visible_seconds", "corrected"}
    page = browser("amina").get("/office/").content.decode()
    assert 'id="checks"' in page


@pytest.mark.parametrize("shown_at", ["", "invented", "eyJhIjoxfQ:1:x"])
def test_a_time_that_nobody_vouches_for_is_not_kept(
    waiting: Letter, browser: Browser, shown_at: str
) -> None:
    answer = decide(browser("amina"), waiting, shown=shown_at, visible="nan", seen="7" * 400)
    assert answer.status_code == 409
    assert decide(browser("amina"), waiting, shown=shown_at, visible="x").status_code == 303
    assert not CheckTiming.objects.exists()


def test_a_department_or_kind_that_is_none_is_refused(waiting: Letter, browser: Browser) -> None:
    assert decide(browser("amina"), waiting, department="POEM").status_code == 400
    assert decide(browser("amina"), waiting, kind="poem").status_code == 400


def test_only_the_office_checks_and_what_goes_out_is_not_checked(
    case: Any, amina: User, browser: Browser
) -> None:
    outgoing = deposit(register="OUT", actor=amina).letter

    assert browser("badr").get(address(case.letter)).status_code == 403
    assert browser("direction").get(address(case.letter)).status_code == 403
    assert browser("chafik").post(address(case.letter), {"do": "accept"}).status_code == 403
    answer = browser("amina").get(address(outgoing))
    assert answer["Location"] == reverse("desk:letter", args=[outgoing.pk])


def test_a_secret_letter_does_not_wait_for_who_may_not_read_it(db: None, browser: Browser) -> None:
    secret = deposit(subject="", confidentiality=2).letter
    understood(secret)
    User.objects.filter(username="amina").update(clearance=0)

    assert secret.number not in browser("amina").get(reverse("desk:checks")).content.decode()
    assert browser("amina").get(address(secret)).status_code == 404


def test_the_number_of_queries_does_not_grow(waiting: Letter, browser: Browser) -> None:
    client = browser("amina")
    understood(deposit(subject="", files=[pdf()]).letter)
    client.get(address(waiting))

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    page, queue = asked(address(waiting)), asked(reverse("desk:checks"))
    understood(waiting, [("amount", f"{n}.00 MAD", 0.9) for n in range(1, 21)])
    for _ in range(15):
        understood(deposit(subject="").letter)

    assert asked(address(waiting)) <= page
    assert asked(reverse("desk:checks")) <= queue
    assert page <= 43  # one of them for the bell
    assert queue <= 20  # four of them for the menu's counts


def test_the_queue_is_paged_by_key(db: None, browser: Browser) -> None:
    numbers = []
    for _ in range(27):
        letter = deposit(subject="").letter
        understood(letter, [("subject", "Fuite", 0.9)])
        numbers.append(letter.number)

    first = browser("amina").get(reverse("desk:checks")).content.decode()
    following = re.search(r'href="(\?from=[^"]+)"', first)
    assert following
    second = browser("amina").get(reverse("desk:checks") + following[1]).content.decode()

    assert numbers[24] in first
    assert numbers[25] not in first
    assert [n for n in numbers if n in second] == numbers[25:]
