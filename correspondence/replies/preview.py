"""The reply as it would go out now, before it has its number: for who gives a visa or signs."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from correspondence.acting.rights import round_of, steps_falling_to
from correspondence.models.replies import Reply
from correspondence.models.steps import OPEN_STEPS, Act, ReplyStep, StepState
from correspondence.replies.paper import reply_context, signature_context
from correspondence.replies.pictures import picture_of
from correspondence.replies.registering import outgoing_data
from correspondence.replies.stamping import stamped
from org.models import User
from org.people import acting_identities
from registry.intake import PartyData
from registry.models.letters import Letter, Party
from registry.paper import bilingual_pdf

NUMBER_TO_COME: Final = "········"


def draw_preview(reply: Reply, *, viewer: User) -> bytes:
    """Return a reply that is written as text as PDF, under the letterhead of today.

    Number and date are to come; a scanned signature is only ever the viewer's own.
    """
    letter, recipients = _to_come(reply)
    return bilingual_pdf(
        "correspondence/reply.html",
        {
            **reply_context(reply, letter, recipients=recipients),
            **signature_context(_last_step(reply, viewer)),
        },
        day=timezone.localdate(),
    )


def stamp_preview(reply: Reply, path: Path, *, viewer: User) -> bytes:
    """Return an uploaded PDF with the stamp and the signature where they will be placed.

    It is unchanged where no signature is required: then it is sent as it is. Raise NotArchival for
    a file that is no PDF with pages.
    """
    step = _last_step(reply, viewer)
    if step is None or step.act != Act.SIGNATURE:
        return path.read_bytes()
    letter, _recipients = _to_come(reply)
    return stamped(path, reply, letter, step)


def _to_come(reply: Reply) -> tuple[Letter, list[PartyData]]:
    """Return the outgoing letter that the reply will become, not saved, and its recipients."""
    data = outgoing_data(reply, method="", address="")
    letter = Letter(number=NUMBER_TO_COME, language=data.language, registered_at=timezone.now())
    return letter, [party for party in data.parties if party.role == Party.Role.RECIPIENT]


def _last_step(reply: Reply, viewer: User) -> ReplyStep | None:
    """Return the step that will release the reply, not saved, with the person as known now."""
    steps = [step for step in round_of(reply) if step.state != StepState.DROPPED]
    signatures = [step for step in steps if step.act == Act.SIGNATURE]
    last = max(signatures or steps, key=lambda step: (step.rank, step.position), default=None)
    if last is None:
        return None
    mine = steps_falling_to([last], acting_identities(viewer)) if last.state in OPEN_STEPS else []
    shown = ReplyStep(act=last.act, done_by=last.done_by or last.person)
    if mine:
        hand = mine[0][1]
        shown.done_by = viewer
        if hand.user_id != viewer.pk:
            shown.for_person = User.objects.get(pk=hand.user_id)
        if last.act == Act.SIGNATURE and settings.REPLY_SIGNATURE != "none":
            shown.picture = picture_of(viewer)
    return shown
