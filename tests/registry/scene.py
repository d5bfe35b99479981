"""An office with a row in every sealed table, each written and sealed as the house does it."""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from correspondence.kinds import OutgoingEvent
from org.models import User
from registry.book.voiding import approve_void, ask_to_void
from registry.changes import record_change
from registry.disposal.holds import lift_hold, place_hold
from registry.doubles.same_mail import link_letters, undo_link
from registry.models.documents import Document
from registry.models.files import StoredFile
from registry.models.letters import Letter, ReplyLink
from registry.pieces import request_rows
from registry.reading.readings import NewReading, record_readings
from routing.kinds import RoutingEvent
from tests.factories import close_so_far, department, deposit, drain, pdf, person, text_file


def build() -> None:
    """Four letters: one read and answered, its answer, one voided, one registered after closing."""
    amina, direction = person("amina"), person("direction")
    letter = deposit(
        actor=amina, files=[pdf("Fuite"), text_file("annexe")], departments=["EAU"]
    ).letter
    answer = deposit(actor=amina, register="OUT", subject="Réponse", sender="").letter
    voided = deposit(actor=amina, subject="Doublon", departments=["SI"]).letter
    with transaction.atomic():
        link = ReplyLink.objects.create(incoming=letter, outgoing=answer)
        record_change(letter, RoutingEvent.REPLY_SENT, actor=amina, rows=[link])
    for text in ("Fuite", "Fuite d'eau"):  # the second reading retires the first
        _read(letter, text)
    with transaction.atomic():
        rows = request_rows(letter, pieces="Plan\nFacture", actor=amina)
        record_change(letter, RoutingEvent.PIECES_ASKED, actor=amina, rows=rows)
    approve_void(ask_to_void(voided, actor=amina, reason="Enregistré deux fois"), actor=direction)
    place_hold(letter, actor=direction, reason="Procès en cours")
    lift_hold(letter, actor=direction, reason="Jugé")
    if apps.is_installed("routing"):
        _route(letter, answer, amina)
    drain("receipt.render")
    close_so_far(actor=amina)
    late = deposit(actor=amina, subject="Après la clôture").letter
    decided = link_letters(late, letter, kind="duplicate", actor=amina)
    undo_link(decided, actor=amina, reason="Deux fuites")
    link_letters(late, letter, kind="reminder", actor=direction)
    close_so_far(actor=amina)
    deposit(actor=amina, subject="Pas encore clôturé", departments=["EAU", "COM"])


def _read(letter: Letter, text: str) -> None:
    document = Document.objects.filter(letter=letter).order_by("position")[0]
    page = {"number": 1, "text": text, "confidence": 0.875, "words": [["Fuite", 1.5, 2, 30, 9]]}
    with transaction.atomic():
        record_readings(letter, [NewReading(document.pk, "test 1", "fr", text, [page])])


def _route(letter: Letter, answer: Letter, clerk: User) -> None:
    """Rows of the storey above, in the way of its own services."""
    from correspondence.models.dispatch import Dispatch
    from correspondence.models.drafts import Addressee, AlsoAnswered
    from correspondence.models.replies import Reply
    from correspondence.models.steps import ReplyStep
    from routing.models.assignments import Assignment
    from routing.models.clocks import ClockExtension, ClockStop
    from routing.models.closing import Outcome, Reopening, Satisfaction
    from routing.models.custody import Custody
    from routing.models.opinions import Opinion
    from routing.models.suggestions import Suggestion

    now = timezone.now()
    shared: dict[str, Any] = {"letter": letter}
    rows: list[Any] = [
        Suggestion(**shared, field="kind", value="request", score=0.75, source="model"),
        Assignment(**shared, department=department("EAU"), assigned_by=clerk, assigned_at=now),
        Reply(
            **shared,
            department=department("EAU"),
            author=person("badr"),
            state="sent",
            approved_by=person("dounia"),
            outgoing=answer,
            subject="Votre lettre",
            body="Nous venons demain.",
            signed_file=answer.documents.get().file,
            signed_level="stamp",
            created_at=now,
            changed_at=now,
        ),
    ]
    reply = rows[-1]
    today = timezone.localdate()
    rows += [
        Addressee(reply=reply, position=1, name="Client d'essai", email="a@b.example"),
        AlsoAnswered(reply=reply, letter=answer),
        ReplyStep(
            reply=reply,
            round=1,
            position=1,
            rank=1,
            act="signature",
            who="person",
            person=person("direction"),
            department=department("EAU"),
            state="done",
            done_by=person("dounia"),
            for_person=person("direction"),
            done_at=now,
            level="stamp",
            picture=answer.documents.get().file,
        ),
        ClockStop(**shared, from_on=today, reason="Expertise", stopped_by=clerk, stopped_at=now),
        Outcome(
            **shared,
            value="partly",
            department=department("EAU"),
            recorded_by=clerk,
            recorded_at=now,
        ),
        Reopening(**shared, by_citizen=True, reason="La fuite est revenue", at=now),
        Satisfaction(**shared, score=4, remark="Merci", given_at=now, changed_at=now),
        ClockExtension(**shared, days=20, reason="Complexe", extended_by=clerk, extended_at=now),
    ]
    rows += [
        Opinion(
            **shared,
            round=letter.pk,
            department=department("SI"),
            person=person("chafik"),
            asked_for=department("EAU"),
            question="Votre avis ?",
            due_on=today,
            state="given",
            asked_by=person("badr"),
            asked_at=now,
            opened_at=now,
            answer="D'accord",
            closed_by=person("chafik"),
            closed_at=now,
        ),
        Custody(**shared, person=clerk, current=False, given_by=clerk, given_at=now),
        Custody(
            **shared,
            department=department("EAU"),
            given_by=clerk,
            given_at=now,
            confirmed_by=person("badr"),
            confirmed_at=now,
        ),
    ]
    with transaction.atomic():
        for row in rows:
            row.save(force_insert=True)
        record_change(letter, RoutingEvent.ASSIGNED, actor=clerk, rows=rows)
        dispatch = Dispatch(
            letter=answer, reply=reply, method="email", address="a@b.example", asked_at=now
        )
        dispatch.save(force_insert=True)
        record_change(answer, OutgoingEvent.DISPATCH_ASKED, actor=clerk, rows=[dispatch])


def shared_files() -> list[StoredFile]:
    """The files that a document of a letter stands on."""
    return list(StoredFile.objects.filter(document__isnull=False).distinct().order_by("pk"))
