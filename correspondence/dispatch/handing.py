"""Handover of a letter: who took it, their signature and, if the office requires it, identity.

An identity document's number is personal: kept only where HANDOVER_IDENTITY says so, encrypted, and
in no log.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from hijridate import Gregorian

from correspondence.dispatch.changing import (
    changing_dispatch,
    close_outgoing,
    reply_delivered,
)
from correspondence.dispatch.posting import addressee
from correspondence.dispatch.returns import kept_scan
from correspondence.kinds import OutgoingEvent
from correspondence.models.dispatch import Dispatch
from correspondence.models.states import DispatchState
from language.lines import one_line
from org.keys import InvalidToken, decipher_lasting, encipher_lasting
from org.models import User
from registry.deposit_files import NamedStream
from registry.files.vault import get_vault
from registry.models.files import StoredFile
from registry.paper import bilingual_pdf
from routing.acting.errors import NotAllowedError
from sandbox.pictures import PictureError, is_blank

_IDENTITY = "identity"  # the use of the key for numbers
_MOST_PIXELS = 50_000_000  # of a signature


class IdentityKind(models.TextChoices):
    """The kind of document that proves a person's identity."""

    CARD = "card", _("National identity card")
    PASSPORT = "passport", _("Passport")
    RESIDENCE = "residence", _("Residence permit")
    LICENCE = "licence", _("Driving licence")
    MANDATE = "mandate", _("Power of attorney")


@dataclass(frozen=True, slots=True)
class Identity:
    """The kind of the document ("" for none shown) and its number."""

    kind: str = ""
    number: str = ""


def hand_over(
    dispatch: Dispatch,
    *,
    actor: User,
    name: str,
    signature: NamedStream | None,
    identity: Identity | None = None,
) -> Dispatch:
    """Record the handover to this person, who signed on the screen (PNG) or on paper (a scan).

    Raise NotAllowedError without a name or with an empty signature, ConflictError, and
    DepositRefusedError for a file that cannot be taken.
    """
    name, file, now = one_line(name, 200), kept_scan(signature), timezone.now()
    blank = file is not None and _is_blank(file)
    with changing_dispatch(dispatch, actor=actor, verb="hand_over") as change:
        if not name:
            raise NotAllowedError(_("Say who takes the letter."))
        if file is None:
            raise NotAllowedError(_("Let the recipient sign, or add the signed slip."))
        shown = _shown(identity)
        if blank:
            raise NotAllowedError(_("The signature is empty."))
        proof = {"by": actor.pk, "at": now.isoformat(), "to": name, "signature": file.sha256}
        changes = {"proof": proof | shown, "proof_file": file, "at": now, "address": name}
        change.move(DispatchState.HANDED_OVER, **changes)
        change.record(OutgoingEvent.HANDED_OVER, data={"method": dispatch.method}, rows=[file])
        close_outgoing(dispatch.letter)
        reply_delivered(dispatch.reply, actor=actor)
    return dispatch


def identity_of(dispatch: Dispatch) -> Identity:
    """Return the identity shown by the person who took the letter, with the number in the clear."""
    kept: dict[str, Any] = dispatch.proof.get("identity") or {}
    try:
        number = decipher_lasting(str(kept.get("number", "")), use=_IDENTITY)
    except InvalidToken:  # none was given, or under another key
        number = ""
    return Identity(str(kept.get("kind", "")), number)


def slip_pdf(dispatch: Dispatch) -> bytes:
    """Return the slip to be signed on paper, where there is no screen to sign on."""
    today = timezone.localdate()
    context = {
        "dispatch": dispatch,
        "letter": dispatch.letter,
        "answered": dispatch.reply.answers,
        "addressee": addressee(dispatch),
        "registered": timezone.localtime(dispatch.letter.registered_at),
        "identity": settings.HANDOVER_IDENTITY,
        "today": today,
        "hijri": Gregorian.fromdate(today).to_hijri(),
    }
    return bilingual_pdf("correspondence/handover_slip.html", context)


def _shown(identity: Identity | None) -> dict[str, Any]:
    """Return what the proof keeps of an identity document; nothing where none is required."""
    if identity is None or not identity.kind or not settings.HANDOVER_IDENTITY:
        return {}
    if identity.kind not in IdentityKind.values:
        raise NotAllowedError(_("Choose the kind of document."))
    number = one_line(identity.number, 40)
    if not number:
        return {"identity": {"kind": identity.kind}}
    return {
        "identity": {
            "kind": identity.kind,
            "number": encipher_lasting(number, use=_IDENTITY),
        }
    }


def _is_blank(file: StoredFile) -> bool:
    """Return whether a picture is of one colour: nobody has drawn on it."""
    if file.media_type != "image/png":
        return False
    with get_vault().open(file.sha256) as stream:
        content = stream.read()
    try:
        return is_blank(content, formats=("PNG",), most_pixels=_MOST_PIXELS)
    except PictureError:
        return True
