"""One reply to several letters: its author says which, a page shows and proposes them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from correspondence.acting.changing import changing_reply
from correspondence.acting.rights import actions_for
from correspondence.acting.verbs import ReplyVerb
from correspondence.answers.addressees import further_letters
from correspondence.kinds import OutgoingEvent
from correspondence.models.drafts import AlsoAnswered
from correspondence.models.replies import Reply
from language.numerals import registry_number_key
from org.models import User
from registry.access import reads_letter
from registry.doubles.same_mail import near_to
from registry.models.letters import Letter
from registry.states import Stage
from routing.acting.access import need
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb

MOST = 20  # further letters of one reply


def answer_too(reply: Reply, *, letters: Sequence[Letter], actor: User) -> list[AlsoAnswered]:
    """Set which further letters a draft answers; those not named are removed.

    Raise NotAllowedError where the actor may not draft a reply to one that is added.
    """
    wanted = {letter.pk: letter for letter in letters if letter.pk != reply.letter_id}
    if len(wanted) > MOST:
        raise NotAllowedError(_("A reply answers at most 20 further letters."))
    with changing_reply(reply, actor=actor, verb=ReplyVerb.EDIT) as change:
        if wanted and reply.answers is None:
            raise NotAllowedError(_("A letter that answers nothing answers no further letters."))
        rows = {row.letter_id: row for row in AlsoAnswered.objects.filter(reply=reply)}
        for letter_id, letter in wanted.items():
            if not (letter_id in rows and rows[letter_id].active):
                need(actor, letter, LetterVerb.DRAFT_REPLY)
        changed: list[AlsoAnswered] = []
        for letter_id in wanted.keys() | rows.keys():
            row = rows.get(letter_id) or AlsoAnswered(
                reply=reply, letter_id=letter_id, active=False
            )
            if row.active != (letter_id in wanted):
                row.active = letter_id in wanted
                row.save()
                changed.append(row)
        if changed:
            numbers = sorted(letter.number for letter in wanted.values())
            change.record(OutgoingEvent.REPLY_EDITED, data={"also": numbers}, rows=changed)
    return changed


def further_of(replies: Sequence[Reply], viewer: User) -> dict[UUID, list[Letter]]:
    """Return the further letters that each reply answers and that this person may read.

    The keys are the ids of the replies; one query for all of them.
    """
    rows = AlsoAnswered.objects.filter(
        reads_letter(viewer),
        reply__in=[reply.pk for reply in replies],
        active=True,
    )
    found: dict[UUID, list[Letter]] = {}
    for row in rows.select_related("letter").order_by("letter__number"):
        found.setdefault(row.reply_id, []).append(row.letter)
    return found


def change_further(reply: Reply, *, kept: Sequence[str], added: str, actor: User) -> None:
    """Change which further letters a draft answers, as a page submits it.

    The page gives the numbers that stay and a line of numbers to add; letters that the actor may
    not read stay as they are. Raise what `by_numbers` and `answer_too` raise.
    """
    readable = {letter.pk for letter in further_of([reply], actor).get(reply.pk, [])}
    stay = [one for one in further_letters(reply) if one.pk not in readable or one.number in kept]
    answer_too(reply, letters=[*stay, *by_numbers(added, actor)], actor=actor)


def could_answer_too(letter: Letter, viewer: User) -> list[Letter]:
    """Return up to 20 letters that a reply to this one may well answer too.

    They are those linked with it, and the newest open ones of the same sender in the same
    department.
    """
    ids = [near.other.pk for near in near_to(letter, viewer) if near.link]
    found = Letter.objects.visible_to(viewer).exclude(pk=letter.pk)
    open_ones = found.filter(stage__in=[Stage.REGISTERED, Stage.IN_HAND, Stage.ANSWERED])
    sender = letter.sender
    same: dict[str, Any] = {}
    if sender and sender.contact_id:
        same = {"parties__contact_id": sender.contact_id, "parties__role": "sender"}
    elif sender and sender.email_index:
        same = {"parties__email_index": sender.email_index, "parties__role": "sender"}
    rows = [*open_ones.filter(pk__in=ids)[:MOST]]
    if same:
        rows += open_ones.filter(**same).order_by("-registered_at", "-pk")[:MOST]
    unlike = {row.pk: row for row in rows}.values()
    return [row for row in unlike if LetterVerb.DRAFT_REPLY in actions_for(viewer, row)][:MOST]


def by_numbers(numbers: str, viewer: User) -> list[Letter]:
    """Return the letters whose numbers are in a line, separated by commas, semicolons or spaces.

    Raise NotAllowedError with a number under which this person may read no letter.
    """
    rows: list[Letter] = []
    for word in numbers.replace(",", " ").replace(";", " ").split()[: MOST + 1]:
        key = registry_number_key(word)
        found = Letter.objects.visible_to(viewer).numbered(key).first() if key else None
        if found is None:
            raise NotAllowedError(_("There is no letter %(number)s here.") % {"number": word})
        rows.append(found)
    return rows
