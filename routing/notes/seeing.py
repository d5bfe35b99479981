"""Who sees which notes now, and who may be mentioned in one."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from org.models import Level, Membership, User
from org.people import ALL_READERS, Permissions, permissions_of
from registry.access import reads_letter
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from routing.models.notes import Mention, Note


def notes_on(letter: Letter, permissions: Permissions) -> QuerySet[Note]:
    """Return the notes on a letter that this person may see; none where they may not read it."""
    rows = Note.objects.filter(_seen(permissions), letter=letter)
    return rows.select_related("author", "department").prefetch_related("mentions__person")


def notes_seen_by(viewer: User) -> QuerySet[Note]:
    """Return every note that this person may see by their present rights."""
    return Note.objects.filter(_seen(permissions_of(viewer)), reads_letter(viewer))


def mentions_unseen(viewer: User) -> QuerySet[Mention]:
    """Return the person's unseen mentions in notes that they may see; the newest first."""
    seen = Exists(notes_seen_by(viewer).filter(pk=OuterRef("note")))
    rows = Mention.objects.filter(seen, person=viewer, seen_at=None)
    return rows.select_related("note__letter", "note__author").order_by("-made_at", "-id")


def sees(person: User, note: Note) -> bool:
    """Return whether the person sees a note of this letter, author and reach, saved or not."""
    if not Letter.objects.visible_to(person).filter(pk=note.letter_id).exists():
        return False
    if note.department is not None:
        return note.department.code in permissions_of(person).departments
    return note.reach == Note.Reach.READERS or note.author_id == person.pk


def readers_of(letter: Letter) -> QuerySet[User]:
    """Return the active people who may read the letter by their own right, stand-ins left out.

    It is the inverse of `Letter.objects.visible_to`.
    """
    level = letter.confidentiality
    enough = Q(user__clearance__gte=level)
    if level <= Level.CONFIDENTIAL:
        enough |= Q(role=Membership.Role.HEAD)
    if level == Level.ORDINARY:
        enough |= Q(role=Membership.Role.MEMBER)
    reading = DepartmentReader.objects.filter(letter=letter, active=True)
    whole = reading.filter(heads=False, department__isnull=False).values("department")
    heads = reading.filter(heads=True).values("department")
    asked = reading.filter(person__isnull=False).values("person")
    theirs = Membership.objects.filter(enough, user=OuterRef("pk"), department__active=True)
    of_heads = Q(department__in=heads, role=Membership.Role.HEAD)
    members = Exists(theirs.filter(Q(department__in=whole) | of_heads))
    in_any = Exists(Membership.objects.filter(user=OuterRef("pk")))
    reads_all = Q(duty__in=ALL_READERS, clearance__gte=level)
    reads_all &= ~Q(in_any, duty=User.Duty.ARCHIVIST)  # who has the letters of departments alone
    placed = Membership.objects.filter(user=OuterRef("pk"), department__active=True)
    by_name = Q(Exists(placed), pk__in=asked) & (Q(clearance__gte=level) | Exists(theirs))
    directing = Q(Exists(reading.filter(directors=True)), duty=User.Duty.DIRECTOR) & Exists(theirs)
    rows = User.objects.filter(members | reads_all | by_name | directing, is_active=True)
    return rows.order_by("last_name", "first_name", "pk")


def _seen(permissions: Permissions) -> Q:
    of_department = Q(
        reach=Note.Reach.DEPARTMENT, department__code__in=list(permissions.departments)
    )
    of_author = Q(reach=Note.Reach.MINE, author=permissions.user_id)
    return Q(reach=Note.Reach.READERS) | of_author | of_department
