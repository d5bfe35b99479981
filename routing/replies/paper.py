"""The reply as a letter on paper: number, date, references, in the language it is written in."""

from django.utils import timezone
from hijridate import Gregorian

from language.bidi import isolate
from registry.models import Letter, Party
from registry.paper import bilingual_pdf
from routing.drafts.several import answered_by
from routing.models import Reply

RIGHT_TO_LEFT = {"ar"}


def paper_name(letter: Letter) -> str:
    """The file name of the drawn letter, by which it is known among the documents."""
    return f"{letter.number.replace('/', '-')}.pdf"


def draw_reply(reply: Reply, outgoing: Letter) -> bytes:
    """The reply as PDF bytes, with the number and date of its registration."""
    language = outgoing.language or "fr"
    registered = timezone.localtime(outgoing.registered_at)
    answered = reply.answers
    to = outgoing.parties.filter(role=Party.Role.RECIPIENT)
    return bilingual_pdf(
        "routing/reply.html",
        {
            "language": language,
            "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
            "letter": outgoing,
            "answered": [(one, timezone.localtime(one.received_at)) for one in answered_by(reply)],
            "registered": registered,
            "hijri": Gregorian.fromdate(registered.date()).to_hijri(),
            "unit": str(getattr(reply.department, f"name_{language}")),
            "to": [_lines(party) for party in to],
            "reference": _apart(answered.external_reference if answered else ""),
            "signed": _apart(reply.approved_by.shown_name if reply.approved_by else ""),
            "reply": reply,
        },
    )


def _apart(text: str) -> str:
    """A foreign piece of text kept in its own direction (the drawer knows no bdi); "" stays ""."""
    return isolate(text) if text else ""


def _lines(party: Party) -> list[str]:
    """Who is written to, line by line."""
    lines = (party.name, party.organisation, party.address)
    return [_apart(line) for line in lines if line]
