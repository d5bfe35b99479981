"""Addressees of a reply, and the letters that it answers, whose histories record its fate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from correspondence.models.drafts import Addressee
from correspondence.models.replies import Reply
from language.lines import one_line
from org.models import Department, User
from org.signs import listed
from registry.changes import lock, record_change
from registry.intake import PartyData
from registry.kinds import EventKind
from registry.models.letters import Letter, Party
from registry.states import Stage
from routing.acting.errors import NotAllowedError

MOST = 50  # addressees of one letter; more are a mailing
_FIELDS = {"name": 200, "organisation": 200, "address": 400, "email": 254, "phone": 40}


@dataclass(frozen=True, slots=True)
class AddresseeData:
    """An addressee; `department` in an internal letter. `role`: recipient, copy."""

    name: str = ""
    organisation: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    role: str = "recipient"
    department: Department | None = None

    def columns(self) -> dict[str, str]:
        """Return the words of the envelope, as a table stores them."""
        return {name: one_line(getattr(self, name), most) for name, most in _FIELDS.items()}


def to_sender(letter: Letter) -> AddresseeData | None:
    """Return the writer of a letter as an addressee."""
    sender = letter.sender
    return AddresseeData(**{name: getattr(sender, name) for name in _FIELDS}) if sender else None


def checked(addressees: Sequence[AddresseeData], *, direction: str) -> list[AddresseeData]:
    """Return the addressees if a letter can be written to them; raise NotAllowedError otherwise."""
    rows = list(addressees)
    if not any(to.role == Addressee.Role.RECIPIENT for to in rows):
        raise NotAllowedError(_("Say to whom the letter is written."))
    if len(rows) > MOST:
        raise NotAllowedError(_("A letter has at most 50 addressees. Make a mailing."))
    for to in rows:
        check(to, direction=direction)
    units = [to.department for to in rows if to.department]
    if len(units) != len({unit.pk for unit in units}):
        raise NotAllowedError(_("A department is named twice."))
    return rows


def check(to: AddresseeData, *, direction: str = Reply.Direction.OUTGOING) -> None:
    """Raise NotAllowedError where nobody can be written to like this."""
    if to.role not in Addressee.Role.values:
        raise NotAllowedError(_("A letter goes to a recipient or to somebody for copy."))
    if direction == Reply.Direction.INTERNAL:
        if to.department is None or not to.department.active:
            raise NotAllowedError(_("An internal letter goes to departments of the house."))
        return
    columns = to.columns()
    if not (columns["name"] or columns["organisation"]):
        raise NotAllowedError(_("An addressee needs a name or an organisation."))
    if columns["email"]:
        try:
            validate_email(columns["email"])
        except ValidationError as error:
            raise NotAllowedError(
                _("This e-mail address is not valid: %(address)s") % {"address": columns["email"]}
            ) from error


def write_down(reply: Reply, addressees: Sequence[AddresseeData]) -> list[Addressee]:
    """Save rows for the addressees of a draft, in its transaction; the caller seals them."""
    return Addressee.objects.bulk_create(
        Addressee(
            reply=reply,
            position=position,
            role=to.role,
            department=to.department,
            **to.columns() | ({"organisation": to.department.name_fr} if to.department else {}),
        )
        for position, to in enumerate(addressees, start=1)
    )


def recipients_of(reply: Reply) -> list[AddresseeData]:
    """Return a reply's addressees: its own, else the writers of the letters it answers."""
    rows = Addressee.objects.filter(reply=reply).select_related("department")
    if own := [
        AddresseeData(
            **{name: getattr(row, name) for name in _FIELDS},
            role=row.role,
            department=row.department,
        )
        for row in rows
    ]:
        return own
    letters = [reply.answers, *(row.letter for row in reply.also.filter(active=True))]
    senders = [to for letter in letters if letter and (to := to_sender(letter))]
    return list(dict.fromkeys(senders))


def first_email(reply: Reply) -> str:
    """Return the e-mail address to which a reply goes when nobody names another; "" without one."""
    return next((to.email for to in recipients_of(reply) if to.email), "")


def parties_of(reply: Reply, *, language: str, email: str) -> list[PartyData]:
    """Return the addressees for the register; `email` is the address of the first one this time."""
    parties: list[PartyData] = []
    for to in recipients_of(reply):
        words = {name: getattr(to, name) for name in _FIELDS}
        if to.department:
            words |= {"organisation": str(getattr(to.department, f"name_{language}"))}
        if not parties and email:
            words["email"] = email
        role = Party.Role.COPY if to.role == Addressee.Role.COPY else Party.Role.RECIPIENT
        parties.append(PartyData(role, **words))
    return parties


def answered_by(reply: Reply) -> list[Letter]:
    """Return the letters that a reply answers, the one in whose history it stands first."""
    return [*filter(None, [reply.answers]), *further_letters(reply)]


def further_letters(reply: Reply) -> list[Letter]:
    """Return the further letters that a reply answers, in a fixed order."""
    return list(
        Letter.objects.filter(answered_with__reply=reply, answered_with__active=True)
        .select_related("register")
        .order_by("pk")
    )


def lock_answered(reply: Reply) -> None:
    """Lock every letter that a reply answers, always in this order, which prevents deadlocks."""
    ids = [letter.pk for letter in answered_by(reply)]
    if len(ids) > 1:
        list(Letter.objects.select_for_update().filter(pk__in=ids).order_by("pk").values("pk"))


def record_in_others(
    reply: Reply,
    kind: EventKind,
    *,
    actor: User | None,
    stage: str,
    data: dict[str, Any] | None = None,
) -> None:
    """Record a change of a sent reply in the history of the further letters too.

    `stage` is as for the first letter, where it changes.
    """
    for letter in further_letters(reply):
        lock(letter)
        moves = stage and letter.stage in (Stage.IN_HAND, Stage.ANSWERED, Stage.CLOSED)
        record_change(
            letter,
            kind,
            actor=actor,
            stage=stage if moves and stage != Stage.CLOSED else "",
            data={"reply": reply.pk, **(data or {})},
        )


def registered_words(reply: Reply, outgoing: Letter) -> str:
    """Return the words for a letter's outgoing number and the other letters that it answers.

    They are in the active language.
    """
    answered = listed(letter.number for letter in answered_by(reply))
    if not answered:
        return gettext("Registered as %(number)s.") % {"number": outgoing.number}
    return gettext("Registered as %(number)s, in answer to your letter %(answered)s.") % {
        "number": outgoing.number,
        "answered": answered,
    }
