"""Actions of a request: who may, what they need, what follows; two at once; stages and events."""

import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from eservices.kinds import EserviceEvent
from eservices.people.mandates import MandateInput, end, give
from eservices.people.persons import person_for
from eservices.requests.access import requests_of, requests_visible_to
from eservices.requests.acting import actions_of, take_action
from eservices.requests.children import open_child, open_trades
from eservices.requests.messages import write_message
from eservices.requests.models import Request
from eservices.requests.stage_messages import way_to
from language.bidi import isolate
from org.models import User
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.clocks.pieces import add_from_citizen
from routing.closing.reopening import reopen_by_citizen
from routing.inbox.assignments import sign_off
from routing.models.assignments import Assignment
from tests.correspondence.sms_gateway import sms_gateway
from tests.eservices.office import content_of, opened, published_type
from tests.factories import drain, person, text_file

pytestmark = pytest.mark.django_db
T = {"ar": "نص", "fr": "texte", "en": "text"}
BILL = {"contract": "1000202", "reason": "amount", "description": "Trop élevé."}
CONNECTION = {"quality": "owner", "use": "housing", "units": 1, "place": {"text": "Lot 14, Settat"}}


def action(name: str, to: str, **more: Any) -> dict[str, Any]:
    """An action of a content."""
    return {"name": name, "to": to, "label": T, **more}


def stage(code: str, kind: str, *actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A stage of a content."""
    said = {"waits_for": T} if kind == "waiting_citizen" else {}
    return {"code": code, "kind": kind, "public": T, "actions": list(actions), **said, **more}


def file_type(code: str = "file", **more: Any) -> dict[str, Any]:
    """A type with everything that the engine knows: pieces, decision, trades."""
    return {
        **content_of("complaint_water"),
        "code": code,
        "kind": "request",
        "department": "TRX",
        "departments": {"water": "EAU", "electricity": "ELEC"},
        "trades": ["water", "electricity"],
        "child": "complaint_water",
        "stages": [
            stage("received", "intake", action("start", "study"), days=2),
            stage(
                "study",
                "work",
                action("ask_pieces", "pieces", needs=["pieces"]),
                action("wait", "visit"),
                action("decide", "deciding", needs=["children"]),
            ),
            stage("pieces", "waiting_citizen", action("sent", "study", roles=["citizen"]),
                  action("go_on", "study")),
            stage("visit", "waiting_citizen", action("visited", "study", roles=["citizen",
                  "department"])),
            stage(
                "deciding",
                "decision",
                action("grant", "end", outcome="granted"),
                action("refuse", "end", outcome="refused", roles=["head"]),
                action("choose", "end", needs=["outcome", "document"]),
            ),
            stage("end", "end"),
        ],
        **more,
    }  # fmt: skip


def kinds_of(request: Request) -> list[str]:
    """The kinds of the letter's events."""
    rows = LetterEvent.objects.filter(letter=request.letter_id).order_by("seq")
    return list(rows.values_list("kind", flat=True))


def fresh(request: Request) -> Request:
    """The request as it is now."""
    return Request.objects.select_related("letter", "version", "service").get(pk=request.pk)


def take(request: Request, name: str, **more: Any) -> Request:
    """Take an action from the stage that is now."""
    return take_action(fresh(request), name, **more)


def test_a_department_moves_it_and_has_it_in_hand(badr: User) -> None:
    request = opened(email="f@example.org")
    names = [one.name for one in actions_of(request, actor=badr)]
    assert names == ["triage", "send_team"]
    take(request, "triage", actor=badr)
    now = fresh(request)
    assert (now.stage, now.stage_kind) == ("triage", "work")
    event = LetterEvent.objects.get(letter=now.letter, kind=EserviceEvent.REQUEST_MOVED)
    assert (event.data["from"], event.data["to"]) == ("received", "triage")
    assert event.data["action"] == "triage"
    assert event.data["stage"]["fr"] == "Nous examinons votre signalement"
    assert Assignment.objects.get(letter=now.letter).person == badr
    assert Letter.objects.get(pk=now.letter_id).stage == "in_hand"


def test_a_letter_is_not_closed_by_hand_while_its_request_is_under_way(badr: User) -> None:
    request = opened()
    take(request, "triage", actor=badr)
    mine = Assignment.objects.get(letter=request.letter_id)
    with pytest.raises(NotAllowedError, match="encore en cours"):
        sign_off(mine, actor=badr, method="no_follow_up")
    assert Letter.objects.get(pk=request.letter_id).stage == "in_hand"
    assert Assignment.objects.get(pk=mine.pk).state == "accepted"

    take(request, "no_action", actor=badr, reason="Rien trouvé")
    assert (fresh(request).stage_kind, fresh(request).letter.stage) == ("end", "closed")


def test_who_does_not_see_the_letter_sees_and_does_nothing(chafik: User) -> None:
    request = opened()
    assert actions_of(request, actor=chafik) == []
    assert not requests_visible_to(chafik).exists()
    with pytest.raises(NotAllowedError):
        take(request, "triage", actor=chafik)
    assert fresh(request).stage == "received"


def test_an_action_of_another_stage_is_not_taken(badr: User) -> None:
    request = opened()
    with pytest.raises(NotAllowedError):
        take(request, "repaired", actor=badr)


def test_what_an_action_needs_is_asked_for_in_words(badr: User) -> None:
    request = opened()
    take(request, "triage", actor=badr)
    offered = {one.name: one for one in actions_of(fresh(request), actor=badr)}
    assert offered["send_team"].blocked
    assert offered["no_action"].fields == ("reason",)
    for name in ("send_team", "no_action"):
        with pytest.raises(NotAllowedError):
            take(request, name, actor=badr)
    take(request, "no_action", actor=badr, reason="Déjà réparé")
    assert fresh(request).outcome == "no_action"


def test_a_text_is_kept_whole_or_refused() -> None:
    trx = _head_of("TRX")
    request = opened(file_type())
    take(request, "start", actor=trx, comment="a" * 996 + "\r\nfin")
    moved = LetterEvent.objects.filter(letter=request.letter_id, kind=EserviceEvent.REQUEST_MOVED)
    assert moved.get().data["comment"].endswith("a fin")
    for name, given in (
        ("wait", {"comment": "a" * 1001}),
        ("wait", {"reason": "a" * 1001}),
        ("ask_pieces", {"comment": "a" * 4001}),
    ):
        with pytest.raises(NotAllowedError, match="caractères"):
            take(request, name, actor=trx, **given)
    assert moved.count() == 1


def test_an_end_closes_the_letter_and_its_assignments(badr: User) -> None:
    request = opened()
    take(request, "triage", actor=badr)
    take(request, "no_action", actor=badr, reason="Rien à faire")
    now = fresh(request)
    assert now.ended_at is not None
    assert now.letter.stage == "closed"
    assert Assignment.objects.get(letter=now.letter).state == "signed_off"
    assert EserviceEvent.REQUEST_DECIDED in kinds_of(request)


def test_pieces_are_asked_once_and_stop_the_clock_by_the_real_days(dounia: User) -> None:
    trx = _head_of("TRX")
    request = opened(file_type())
    take(request, "start", actor=trx)
    with pytest.raises(NotAllowedError):
        take(request, "ask_pieces", actor=trx)
    take(request, "ask_pieces", actor=trx, comment="CIN\nPlan de situation")
    now = fresh(request)
    assert now.stage == "pieces"
    assert "stands_since" in now.letter.due_explained
    assert now.letter.due_on is None
    assert PiecesRequest.objects.get(letter=now.letter).lines == ["CIN", "Plan de situation"]
    with pytest.raises(NotAllowedError):
        take(request, "sent", letter_code=True)
    add_from_citizen(now.letter, files=[text_file()], piece=1)
    assert fresh(request).stage == "pieces"
    add_from_citizen(now.letter, files=[text_file()], piece=2)
    now = fresh(request)
    assert now.stage == "study"
    assert now.letter.due_on is not None
    offered = {one.name: one for one in actions_of(now, actor=trx)}
    assert offered["ask_pieces"].blocked
    with pytest.raises(NotAllowedError):
        take(request, "ask_pieces", actor=trx, comment="Encore une")


def test_the_citizen_may_send_the_pieces_with_the_action() -> None:
    trx = _head_of("TRX")
    request = opened(file_type())
    take(request, "start", actor=trx)
    take(request, "ask_pieces", actor=trx, comment="CIN")
    take(request, "sent", letter_code=True, files=[text_file(name="cin.txt")])
    now = fresh(request)
    assert now.stage == "study"
    assert PiecesRequest.objects.get(letter=now.letter).answered_at is not None
    assert now.letter.documents.filter(title="cin.txt").exists()


def test_another_waiting_stage_stops_and_restarts_the_clock() -> None:
    trx = _head_of("TRX")
    request = opened(file_type())
    take(request, "start", actor=trx)
    take(request, "wait", actor=trx)
    assert fresh(request).letter.due_on is None
    take(request, "visited", letter_code=True)
    assert fresh(request).letter.due_on is not None
    assert {"clock_stopped", "clock_restarted"} <= set(kinds_of(request))


def test_a_refusal_has_its_reason_and_the_way_of_appeal() -> None:
    trx = _head_of("TRX")
    request = opened(file_type(), email="f@example.org")
    for name in ("start", "decide"):
        take(request, name, actor=trx)
    with pytest.raises(NotAllowedError):
        take(request, "refuse", actor=trx)
    with pytest.raises(NotAllowedError):
        take(request, "choose", actor=trx, outcome="refused", files=[text_file()])
    take(request, "choose", actor=trx, outcome="refused", reason="Hors zone", files=[text_file()])
    event = LetterEvent.objects.get(letter=request.letter_id, kind=EserviceEvent.REQUEST_DECIDED)
    assert event.data["reason"] == "Hors zone"
    assert event.data["appeal"]["fr"]
    assert event.visibility == "citizen"


def test_a_citizen_withdraws_until_it_is_decided() -> None:
    request = opened()
    assert [one.name for one in actions_of(request, letter_code=True)] == ["withdraw"]
    take(request, "withdraw", letter_code=True)
    now = fresh(request)
    assert (now.outcome, now.stage_kind, now.letter.stage) == ("withdrawn", "end", "closed")
    assert EserviceEvent.REQUEST_WITHDRAWN in kinds_of(request)
    assert actions_of(now, letter_code=True) == []


def test_not_solved_reopens_once_in_the_first_work_stage(badr: User) -> None:
    request = opened()
    take(request, "triage", actor=badr)
    take(request, "no_action", actor=badr, reason="Rien à faire")
    reopen_by_citizen(fresh(request).letter, reason="Cela coule encore")
    now = fresh(request)
    assert (now.stage, now.outcome, now.ended_at) == ("triage", "", None)
    take(request, "no_action", actor=badr, reason="Vu")
    with pytest.raises(NotAllowedError):
        reopen_by_citizen(fresh(request).letter, reason="Encore")
    assert fresh(request).stage_kind == "end"


def test_two_at_once_one_wins(badr: User) -> None:
    one, other = opened(), None
    other = fresh(one)
    take_action(one, "triage", actor=badr)
    with pytest.raises(ConflictError):
        take_action(other, "triage", actor=badr)
    moved = LetterEvent.objects.filter(letter=one.letter, kind=EserviceEvent.REQUEST_MOVED)
    assert moved.count() == 1


def test_a_child_has_its_own_number_and_holds_its_parent() -> None:
    trx, published = _head_of("TRX"), published_type("complaint_water")
    assert published
    request = opened(file_type())
    take(request, "start", actor=trx)
    with pytest.raises(NotAllowedError):
        open_child(fresh(request), "sewage", actor=trx)
    child = open_child(fresh(request), "water", actor=trx).request
    with pytest.raises(NotAllowedError):
        open_child(fresh(request), "water", actor=trx)
    assert child.letter.number != request.letter.number
    assert open_trades(fresh(request)) == ["electricity"]
    assert EserviceEvent.CHILD_OPENED in kinds_of(request)
    with pytest.raises(NotAllowedError):
        take(request, "decide", actor=trx)
    eau = person("badr")
    take(child, "triage", actor=eau)
    take(child, "no_action", actor=eau, reason="Pas de réseau")
    assert EserviceEvent.CHILD_ENDED in kinds_of(request)
    take(request, "decide", actor=trx)


def test_a_withdrawal_ends_the_children_first() -> None:
    trx = _head_of("TRX")
    published_type("complaint_water")
    request = opened(file_type())
    take(request, "start", actor=trx)
    child = open_child(fresh(request), "water", actor=trx).request
    take(request, "withdraw", letter_code=True)
    assert fresh(child).outcome == "withdrawn"
    assert fresh(request).outcome == "withdrawn"


def test_the_citizen_is_told_once_a_move(badr: User, mailoutbox: list[Any], settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    request = opened(email="fatima@example.org")
    drain("request.tell")
    mailoutbox.clear()
    take(request, "triage", actor=badr)
    drain("request.tell")
    drain("request.tell")
    assert len(mailoutbox) == 1
    assert "Nous examinons votre signalement" in mailoutbox[0].body
    told = LetterEvent.objects.filter(letter=request.letter, kind=EserviceEvent.REQUEST_NOTIFIED)
    assert [row.data["way"] for row in told] == ["email"]


def test_an_arabic_sms_sets_the_number_apart(badr: User, settings: Any) -> None:
    """Its parts would be turned round between Arabic words."""
    phone = "+212612345678"
    with sms_gateway(settings) as gateway:
        request = opened(phone=phone, person=person_for("phone", phone), language="ar")
        take(request, "triage", actor=badr)
        while drain("request.tell"):
            pass
    assert gateway.taken
    assert all(isolate(request.letter.number) in one["text"] for one in gateway.taken)


def test_an_sms_says_a_sentence_after_another_and_names_the_missing_pieces(settings: Any) -> None:
    """Stage, what to do and pieces are no lines there: each ends, and the link follows."""
    phone = "+212612345678"
    head = _head_of("BRT")
    with sms_gateway(settings) as gateway:
        request = opened("connection_water", phone=phone, answers=CONNECTION)
        pieces = "Copie du plan de situation\nContrat de bail"
        take(request, "ask_pieces", actor=head, comment=pieces)
        while drain("request.tell"):
            pass
    said = " ".join(gateway.taken[-1]["text"].split())
    assert (
        " : Nous attendons vos pièces. Envoyez en une fois les pièces demandées ; "
        "le délai est suspendu jusqu’à leur réception. Copie du plan de situation, "
        "Contrat de bail. Suivi : http" in said
    )


def test_an_sms_that_is_too_long_ends_at_a_word_and_says_so(settings: Any) -> None:
    phone = "+212612345678"
    head = _head_of("BRT")
    with sms_gateway(settings) as gateway:
        request = opened("connection_water", phone=phone, answers=CONNECTION)
        pieces = "\n".join(["Attestation de propriété"] * 30)
        take(request, "ask_pieces", actor=head, comment=pieces)
        while drain("request.tell"):
            pass
    said = " ".join(gateway.taken[-1]["text"].split())
    assert re.search(r"(Attestation|de|propriété)… Suivi : http[^ ]+/follow/$", said)


def test_a_decision_stands_no_more_once_the_request_goes_back_to_review() -> None:
    """Nobody reads “refused” beside “under review”, and a withdrawal is possible again."""
    head = _head_of("COM")
    request = opened("complaint_bill", answers=BILL)
    for name in ("qualify", "review", "to_decision"):
        take(request, name, actor=head)
    Request.objects.filter(pk=request.pk).update(
        stage="call_back_refused", stage_kind="work", outcome="refused"
    )
    take(request, "new_elements", actor=head, comment="Photo du compteur.")
    back = fresh(request)
    assert (back.stage, back.outcome) == ("in_review", "")
    assert "withdraw" in {one.name for one in actions_of(back, letter_code=True)}


def test_whose_mandate_has_ended_is_told_no_more_but_the_principal_is(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    owner = person_for("email", "owner@example.org")
    agent = person_for("email", "architect@example.org")
    mandate = give(owner, MandateInput(contact="architect@example.org"))
    request = opened(
        email="architect@example.org", person=agent, mandate=mandate, on_behalf_of=owner
    )
    assert way_to(fresh(request))[1] == "architect@example.org"
    end(owner, mandate.pk)
    assert way_to(fresh(request))[1] == "owner@example.org"


def test_nobody_is_told_where_there_is_no_way(badr: User, mailoutbox: list[Any]) -> None:
    request = opened()
    take(request, "triage", actor=badr)
    assert not drain("request.tell")
    assert not mailoutbox


def test_messages_go_both_ways_with_files(badr: User, chafik: User) -> None:
    request = opened()
    first = write_message(request, text="Quelle est la couleur de l’eau ?", actor=badr)
    answer = write_message(
        fresh(request), text="\u202eMarron" + "\u0301" * 90, letter_code=True, files=[text_file()]
    )
    assert answer.text == "Marron" + "\u0301" * 5  # as every text that is kept
    assert (first.from_citizen, answer.from_citizen) == (False, True)
    assert answer.documents.count() == 1
    with pytest.raises(NotAllowedError):
        write_message(fresh(request), text="Non", actor=chafik)
    with pytest.raises(NotAllowedError):
        write_message(fresh(request), text="  ", actor=badr)


def test_a_type_that_is_edited_leaves_running_requests_on_their_version(badr: User) -> None:
    request = opened()
    content = content_of("complaint_water")
    content["stages"][0]["actions"][0] = {**content["stages"][0]["actions"][0], "name": "sort_it"}
    published_type(content)
    assert next(one.name for one in actions_of(fresh(request), actor=badr)) == "triage"
    newer = opened(str(content["code"]))
    assert next(one.name for one in actions_of(newer, actor=badr)) == "sort_it"
    assert fresh(request).version.version == 1


def _head_of(code: str) -> User:
    head = User.objects.filter(memberships__department__code=code).order_by("username").first()
    if head is None:
        from org.models import Department, Membership

        head = person("dounia")
        home = Department.objects.get(code=code)
        Membership.objects.create(user=head, department=home, role="head")
    return head


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_one_wins_in_the_database(badr: User) -> None:
    request = opened()
    seen, done = [fresh(request), fresh(request)], list[str]()

    def work(mine: Request) -> None:
        try:
            take_action(mine, "triage", actor=badr)
            done.append("moved")
        except ConflictError:
            done.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[one]) for one in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["conflict", "moved"]


def test_persons_see_their_own() -> None:
    from eservices.people.models import Person

    now = timezone.now()
    fatima = Person.objects.create(name="Fatima", made_at=now)
    omar = Person.objects.create(name="Omar", made_at=now)
    request = opened(person=fatima)
    assert list(requests_of(fatima)) == [request]
    assert not requests_of(omar).exists()
    assert actions_of(request, person=omar) == []
    with pytest.raises(NotAllowedError):
        take(request, "withdraw", person=omar)
    take(request, "withdraw", person=fatima)
