"""Drafts for pages: those that a person may read, those of their departments, mailings."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from correspondence.acting.waiting_steps import falling_to
from correspondence.models.drafts import Mailing
from correspondence.models.replies import Reply
from correspondence.models.steps import ReplyStep
from correspondence.replies.registering import READING
from org.models import User
from org.people import acting_identities, permissions_of
from registry.access import reads_letter

Viewer = User | AnonymousUser
# What a row of a list or the page of a draft shows, in a fixed number of queries.
SHOWN = ("department", "author", "letter__register", "outgoing__register", "file")


def drafts_read_by(viewer: Viewer) -> QuerySet[Reply]:
    """Return every reply and letter of the office's own that this person may read.

    From draft to proof: with the letter in whose history it stands, and without one by department
    and level.
    """
    if not isinstance(viewer, User):
        return Reply.objects.none()
    return Reply.objects.filter(_readable(viewer) | _asked(viewer))


def _readable(viewer: User) -> Q:
    """Return rows with a letter, a department and a level that the viewer may read."""
    permissions = permissions_of(viewer)
    alone = Q(pk__in=[])
    if permissions.reads_all:
        alone |= Q(confidentiality__lte=permissions.clearance)
    for code in permissions.departments:
        level = permissions.department_level(code)
        alone |= Q(department__code=code, confidentiality__lte=level)
    return reads_letter(viewer) | Q(letter__isnull=True) & alone


def _asked(viewer: User) -> Q:
    """Return drafts without a letter with a circuit step that falls to the viewer, or was theirs.

    Steps that were withdrawn before the viewer acted do not count.
    """
    permissions = permissions_of(viewer)
    steps = ReplyStep.objects.filter(
        falling_to(acting_identities(viewer, permissions)), state__in=READING
    )
    level = permissions.highest_level
    return Q(letter=None, confidentiality__lte=level, pk__in=steps.values("reply"))


def drafts_of(viewer: Viewer) -> QuerySet[Reply]:
    """Return what the viewer's departments write: replies, letters of their own, internal letters.

    Viewers who read or approve for the whole office see all departments'.
    """
    rows = drafts_read_by(viewer).select_related(*SHOWN).prefetch_related("addressees")
    if not isinstance(viewer, User):
        return rows
    permissions = permissions_of(viewer)
    return (
        rows if permissions.reads_all else rows.filter(department__code__in=permissions.departments)
    )


def mailings_of(viewer: Viewer) -> QuerySet[Mailing]:
    """Return the mailings whose replies the viewer may read."""
    if not isinstance(viewer, User):
        return Mailing.objects.none()
    rows = Mailing.objects.filter(_readable(viewer))
    return rows.select_related("department", "author", "letter")
