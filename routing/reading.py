"""Lists for pages: the office's tray, a department's inbox, what belongs to a letter."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from org.models import User
from org.people import standing_of
from registry.models import Letter
from registry.querysets import LetterQuerySet
from registry.states import Stage
from routing.access import ROUTED
from routing.circuits.turns import step_rows
from routing.models import Assignment, Reply, Suggestion
from routing.states import LIVE

Viewer = User | AnonymousUser
WAITING_STAGES = (Stage.REGISTERED, Stage.IN_HAND, Stage.ANSWERED)


def tray(viewer: Viewer) -> LetterQuerySet:
    """Letters that wait for the office: no department has them for action; oldest first.

    Each with its current suggestions prefetched (`letter.suggestions.all()`, best first) and
    `for_lists`. Empty for those who do not route.
    """
    if not isinstance(viewer, User):
        return Letter.objects.none()
    standing = standing_of(viewer)
    if not (standing.is_office or standing.duty == User.Duty.DIRECTOR):
        return Letter.objects.none()
    live = Assignment.objects.filter(letter=OuterRef("pk"), role="action", state__in=LIVE)
    letters: LetterQuerySet = (
        Letter.objects.visible_to(viewer)
        .for_lists()
        .filter(~Exists(live), stage__in=WAITING_STAGES, register__direction__in=ROUTED)
        .prefetch_related(
            Prefetch("suggestions", Suggestion.objects.filter(current=True)),
        )
        .order_by("registered_at", "pk")
    )
    return letters


def inbox(viewer: Viewer) -> QuerySet[Assignment]:
    """Live assignments of the viewer's departments, the most urgent first; theirs to read only."""
    if not isinstance(viewer, User):
        return Assignment.objects.none()
    codes = list(standing_of(viewer).departments)
    return (
        Assignment.objects.filter(
            department__code__in=codes,
            state__in=LIVE,
            letter__in=Letter.objects.visible_to(viewer).exclude(stage=Stage.VOIDED),
        )
        .select_related(
            "department", "person", "letter__register", "letter__kind", "letter__department"
        )
        .prefetch_related("letter__parties")
        .order_by(F("due_on").asc(nulls_last=True), "assigned_at", "pk")
    )


def assignments_of(letter: Letter) -> QuerySet[Assignment]:
    """All assignments of a letter, in their order."""
    rows = Assignment.objects.filter(letter=letter)
    return rows.select_related("department", "person", "assigned_by").order_by("assigned_at", "pk")


def suggestions_of(letter: Letter) -> QuerySet[Suggestion]:
    """What the machine believes of a letter now, field by field, best first."""
    return Suggestion.objects.filter(letter=letter, current=True).select_related("decided_by")


def replies_of(letter: Letter) -> QuerySet[Reply]:
    """The replies to a letter with their dispatches and steps, in their order."""
    steps = Prefetch("steps", step_rows())
    rows = Reply.objects.filter(letter=letter).prefetch_related("dispatches", steps)
    rows = rows.exclude(outgoing=F("letter"))  # the letter itself, as it was drafted
    return rows.select_related("author", "approved_by", "department", "file", "outgoing").order_by(
        "created_at", "pk"
    )
