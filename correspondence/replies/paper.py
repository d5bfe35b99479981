"""The reply as a letter on paper: number, date, references, in the language it is written in."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from hijridate import Gregorian

from correspondence.answers.addressees import answered_by
from correspondence.kinds import OutgoingEvent
from correspondence.models.replies import Reply
from correspondence.models.steps import ReplyStep, StepState
from language.bidi import isolate
from registry.drawn_papers import add_paper, paper_titled
from registry.files.receiving import Stored
from registry.files.vault import get_vault
from registry.intake import PartyData
from registry.models.documents import Document
from registry.models.letters import Letter, Party
from registry.paper import bilingual_pdf

RIGHT_TO_LEFT = {"ar"}


def paper_name(letter: Letter) -> str:
    """Return the file name of the drawn letter, which identifies it among the documents."""
    return f"{letter.number.replace('/', '-')}.pdf"


def paper_of(letter: Letter) -> Document | None:
    """Return the drawn letter among the documents of an outgoing one, once it is there."""
    return paper_titled(letter, paper_name(letter))


def letter_itself(letter: Letter) -> Document | None:
    """Return the document of an own letter that is the letter: as signed, kept for long, or drawn.

    None where its file is what its author uploaded, or where it is not drawn yet.
    """
    reply = Reply.objects.filter(outgoing=letter).first()
    final = (reply.signed_file_id or reply.archive_file_id) if reply else None
    if final:
        return Document.objects.filter(letter=letter, file=final).first()
    return paper_of(letter)


def file_paper(letter: Letter, stored: Stored) -> None:
    """Make the drawn letter a document of the outgoing one, once. The letter is locked."""
    add_paper(letter, stored, title=paper_name(letter), kind=OutgoingEvent.REPLY_DRAWN)


def draw_reply(reply: Reply, outgoing: Letter) -> bytes:
    """Return the reply as tagged PDF/A bytes, with the number and date of its registration."""
    return bilingual_pdf(
        "correspondence/reply.html",
        {
            **reply_context(reply, outgoing),
            **signature_context(_last_step(reply), otherwise=reply),
        },
        day=timezone.localtime(outgoing.registered_at).date(),
        archive=True,
        tagged=True,
    )


def reply_context(
    reply: Reply, outgoing: Letter, *, recipients: Iterable[Party | PartyData] | None = None
) -> dict[str, Any]:
    """Return what stands on the reply besides letterhead and signature, for paper and page.

    `recipients` are those of a letter that is not registered yet.
    """
    language = outgoing.language or "fr"
    registered = timezone.localtime(outgoing.registered_at)
    answered = reply.answers
    if recipients is None:
        recipients = outgoing.parties.filter(role=Party.Role.RECIPIENT)
    return {
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "letter": outgoing,
        "answered": [(one, timezone.localtime(one.received_at)) for one in answered_by(reply)],
        "registered": registered,
        "hijri": Gregorian.fromdate(registered.date()).to_hijri(),
        "unit": str(getattr(reply.department, f"name_{language}")),
        "to": [_lines(party) for party in recipients],
        "reference": _apart(answered.external_reference if answered else ""),
        "reply": reply,
    }


def signers_of(reply: Reply) -> dict[str, Any]:
    """Return who signed the reply, and for whom, without the picture of the signature."""
    told = signature_context(_last_step(reply), otherwise=reply, pictured=False)
    return {name: told[name] for name in ("signed", "signed_for")}


def _last_step(reply: Reply) -> ReplyStep | None:
    """Return the step that released the reply: its signature, else its last visa."""
    rows = ReplyStep.objects.select_related("done_by", "for_person", "picture")
    done = rows.filter(reply=reply, state=StepState.DONE)
    return done.order_by("-round", "-rank", "-done_at").first()


def signature_context(
    step: ReplyStep | None, *, otherwise: Reply | None = None, pictured: bool = True
) -> dict[str, Any]:
    """Return who signs, for whom, and the scanned signature as a picture embedded in the page."""
    person = step.done_by if step else None
    if person is None and otherwise:
        person = otherwise.approved_by
    picture = ""
    if pictured and step and step.picture:
        with get_vault().open(step.picture.sha256) as stream:
            picture = f"data:image/png;base64,{b64encode(stream.read()).decode()}"
    return {
        "signed": _apart(person.shown_name if person else ""),
        "signed_for": _apart(step.for_person.shown_name if step and step.for_person else ""),
        "picture": picture,
    }


def _apart(text: str) -> str:
    """Isolate a foreign piece of text in its own direction, as the drawer knows no bdi."""
    return isolate(text) if text else ""


def _lines(party: Party | PartyData) -> list[str]:
    """Return the addressee, line by line."""
    lines = (party.name, party.organisation, party.address)
    return [_apart(line) for line in lines if line]
