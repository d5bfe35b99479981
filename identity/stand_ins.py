"""Standing in for an absent person: a change of rights, on record and in the history as one.

Where somebody else appoints the stand-in, the heads of the departments are mailed; where it ends,
the person who was absent and the stand-in too (a notice informs those two of its beginning).
"""

from typing import Any, Final

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from identity import events
from identity.kinds import IdentityJob, SecurityKind
from jobs.mailing import AUTOMATIC
from jobs.outbox import enqueue
from org.absences import announce, end_early
from org.addresses import staff_address
from org.history import record
from org.institution import office_name
from org.models import Absence, Membership, OrgChange, User
from org.written_days import date_format

APPOINTED: Final = "appointed"
DISMISSED: Final = "dismissed"


def appoint(person: User, *, actor: User, **given: Any) -> Absence:
    """Announce an absence with its delegate, as `org.absences.announce`; raise AbsenceError."""
    with transaction.atomic():
        row = announce(person, actor=actor, **given)
        _record(row, actor=actor, change="stands_in")
        after = _audit_values(row)
        record(OrgChange.Noun.PERSON, person.username, "stand_in", actor=actor, after=after)
        _tell(row, APPOINTED, actor=actor)
    return row


def dismiss(row: Absence, *, actor: User) -> Absence:
    """End an absence early, as `org.absences.end_early`; raise AbsenceError."""
    with transaction.atomic():
        done = end_early(row, actor=actor)
        _record(done, actor=actor, change="stands_in_no_more")
        name, before = done.person.username, _audit_values(done)
        record(OrgChange.Noun.PERSON, name, "stand_in_ended", actor=actor, before=before, after={})
        _tell(done, DISMISSED, actor=actor)
    return done


def heads_over(person: User) -> list[User]:
    """Return the heads of a person's departments; of one they head themselves, those above it."""
    own = Membership.objects.filter(user=person).select_related("department__parent")
    units = set()
    for row in own:
        unit = row.department
        headed = row.role == Membership.Role.HEAD and unit.parent_id
        units.add(unit.parent_id if headed else unit.pk)
    heads = Membership.objects.filter(
        department__in=units, role=Membership.Role.HEAD, user__is_active=True
    )
    found = User.objects.filter(pk__in=heads.values("user")).exclude(pk=person.pk)
    return list(found.order_by("pk"))


def send_stand_in_work(subject: str, _progress: Any) -> None:
    """Send a person the mail about a stand-in who was appointed or dismissed."""
    absence_id, person_id, what, actor_id = subject.split(" ")
    row = Absence.objects.select_related("person", "delegate").filter(pk=absence_id).first()
    person = User.objects.filter(pk=person_id, is_active=True).exclude(email="").first()
    actor = User.objects.filter(pk=actor_id).first()
    if row is None or person is None or actor is None:
        return
    with translation.override(person.language):
        told = {
            "delegate": row.delegate.shown_name,
            "absent": row.person.shown_name,
            "actor": actor.shown_name,
            "first": date_format(row.starts_on, "j F Y"),
            "last": date_format(row.ends_on, "j F Y"),
            "link": f"{staff_address()}/absences/",
            "office": office_name(),
        }
        title, words = _mail(what)
        EmailMessage(title % told, words % told, to=[person.email], headers={**AUTOMATIC}).send()


def _mail(what: str) -> tuple[str, str]:
    """Return the title and the words of a mail, in the present language."""
    if what == APPOINTED:
        return _("%(delegate)s stands in for %(absent)s"), _(
            "%(actor)s has appointed %(delegate)s to stand in for %(absent)s at %(office)s, from "
            "%(first)s to %(last)s. What %(delegate)s does says so in the history.\n\n%(link)s\n\n"
            "If this should not be, tell an administrator at once."
        )
    return _("%(delegate)s stands in for %(absent)s no more"), _(
        "%(actor)s has ended the absence of %(absent)s at %(office)s: %(delegate)s stands in no "
        "more.\n\n%(link)s"
    )


def _tell(row: Absence, what: str, *, actor: User) -> None:
    """Queue mails to the people concerned, except the actor; none where it is one's own absence."""
    if actor.pk == row.person_id:
        return
    both = (row.person, row.delegate) if what == DISMISSED else ()
    concerned = {one.pk: one for one in (*both, *heads_over(row.person))}
    for person in concerned.values():
        if person.email and person.pk != actor.pk:
            subject = f"{row.pk} {person.pk} {what} {actor.pk}"
            enqueue(IdentityJob.IDENTITY_STAND_IN, subject)


def _audit_values(row: Absence) -> dict[str, Any]:
    """Return what the history keeps of it."""
    return {
        "delegate": row.delegate.username,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
    }


def _record(row: Absence, *, actor: User, change: str) -> None:
    told = {"change": change, "for": row.person.username}
    told |= {"from": row.starts_on.isoformat(), "to": row.ends_on.isoformat()}
    events.record(SecurityKind.RIGHTS_CHANGED, person=actor, subject=row.delegate, detail=told)
