"""People as the organisation's directory keeps them: added, changed, removed, added again.

Each change goes through `identity.staff`, so that it is in the history and on record as any other.
Duty and clearance are given on the pages alone.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from identity.directory.callers import Caller, DirectoryRefusedError, TakenError, UnknownError
from identity.invitations import invite
from identity.models import DirectoryPerson
from identity.staff import COLUMNS, person_values, save_person, set_active
from org.models import Absence, Level, Membership, User

ARABIC: Final = re.compile(r"[\u0621-\u064a]")
NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9._-]+")
LONGEST: Final = 40  # of a user name, as `identity.staff` has it


@dataclass(frozen=True, slots=True)
class Entry:
    """What the directory says of a person."""

    user_name: str
    external_id: str = ""
    display_name: str = ""
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    language: str = ""
    email: str = ""
    active: bool = True


def visible_people() -> "QuerySet[User]":
    """Return the people whom the directory sees: all but those it let go."""
    gone = DirectoryPerson.objects.filter(removed_at__isnull=False).values("person")
    rows = User.objects.exclude(pk__in=gone).select_related("in_directory").order_by("pk")
    return rows.prefetch_related("memberships__department")


def named(user_name: str) -> Q:
    """Return the condition of having this name in the directory, or here where it knows none."""
    here = Q(in_directory__isnull=True, username__iexact=user_name)
    return Q(in_directory__user_name__iexact=user_name) | here


def find(person_id: str) -> User:
    """Return a person by their id. Raise UnknownError."""
    row = visible_people().filter(pk=int(person_id)).first() if _is_id(person_id) else None
    if row is None:
        raise UnknownError(_("There is nobody of this id."))
    return row


def find_all(person_ids: list[str]) -> list[User]:
    """Return the people with these ids. Raise UnknownError that names one that is nobody's."""
    wanted = dict.fromkeys(person_ids)
    found = {
        str(row.pk): row for row in visible_people().filter(pk__in=[i for i in wanted if _is_id(i)])
    }
    for one in wanted:
        if one not in found:
            raise UnknownError(_("There is nobody of the id %(id)s.") % {"id": one[:40]})
    return list(found.values())


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def entry_of(person: User) -> Entry:
    """Return the directory's view of a person; for one it never named, what is known here."""
    row: DirectoryPerson | None = getattr(person, "in_directory", None)
    made_up = row is not None and not person.first_name and person.last_name == _made_up(row)
    return Entry(
        user_name=row.user_name if row else person.username,
        external_id=row.external_id if row else "",
        display_name=row.display_name if row else person.shown_name,
        first_name=person.first_name,
        last_name="" if made_up else person.last_name,
        title=person.function,
        language=row.language if row else person.language,
        email=person.email,
        active=person.is_active,
    )


def enter(entry: Entry, *, by: Caller) -> User:
    """Enter a person, or take up again one whom the directory had let go.

    They are invited where no identity provider signs people in. Raise TakenError,
    DirectoryRefusedError and BadOrganisationError.
    """
    with transaction.atomic():
        gone = DirectoryPerson.objects.select_related("person")
        row = gone.filter(user_name__iexact=entry.user_name, removed_at__isnull=False).first()
        if row:
            return _take_up(row, entry, by=by)
        if User.objects.filter(named(entry.user_name)).exists():
            raise TakenError(_("Somebody has this user name already."))
        _need_free_address(entry.email, None)
        values = _values(entry, {"username": _username(entry.user_name)})
        person, _outcome = save_person(values, actor=by.person)
        _keep_row(person, entry)
        by.changed("created", subject=person)
        _invite(person, by=by)
    return find(str(person.pk))


def change(person: User, entry: Entry, *, by: Caller) -> User:
    """Make a person what the directory says of them. Raise as `enter`."""
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=person.pk)
        if User.objects.filter(named(entry.user_name)).exclude(pk=held.pk).exists():
            raise TakenError(_("Somebody has this user name already."))
        _need_free_address(entry.email, held)
        _guard(held, entry, by=by)
        known = person_values(held)
        values = _values(entry, known)
        if entry != entry_of(held):
            if any(values[name] != known[name] for name in COLUMNS):
                save_person(values, actor=by.person, person=held)
            _keep_row(held, entry)
            by.changed("changed", subject=held)
    return find(str(person.pk))


def remove(person: User, *, by: Caller) -> None:
    """Let a person go: the account is deactivated, and the directory sees it no more.

    Raise DirectoryRefusedError, and BadOrganisationError for the last administrator.
    """
    with transaction.atomic():
        _not_oneself(person, by)
        set_active(person, False, actor=by.person)
        _keep_row(person, entry_of(person), removed=True)
        by.changed("removed", subject=person)


def is_weighty(person: User, *, by: Caller) -> bool:
    """Return whether more hangs on the account than a member's: a stolen token must not take it."""
    if by.signs(person):
        return True
    if person.is_superuser or person.duty != User.Duty.MEMBER or person.clearance > Level.ORDINARY:
        return True
    stands_in = Absence.objects.filter(delegate=person, ended_at=None)
    if stands_in.filter(ends_on__gte=timezone.localdate()).exists():
        return True
    return Membership.objects.filter(user=person, role=Membership.Role.HEAD).exists()


def _guard(held: User, entry: Entry, *, by: Caller) -> None:
    """Raise DirectoryRefusedError where the change would put somebody else into an account."""
    known = entry_of(held)
    if held.pk == by.person.pk:
        left = Entry(**{**_as_dict(entry), "external_id": "", "user_name": ""})
        if left != Entry(**{**_as_dict(known), "external_id": "", "user_name": ""}):
            _not_oneself(held, by)
    moved = entry.email.casefold() != known.email.casefold()  # also to none: nobody is warned then
    if (moved or (entry.active and not held.is_active)) and is_weighty(held, by=by):
        words = _(
            "This account has a duty, a clearance or a department to head: its address and its "
            "reactivation are an administrator's, on the pages."
        )
        raise DirectoryRefusedError(words, subject=held)


def _not_oneself(person: User, by: Caller) -> None:
    if person.pk == by.person.pk:
        words = _("The directory does not change the account whose token it uses.")
        raise DirectoryRefusedError(words, subject=person)


def _as_dict(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Entry.__dataclass_fields__}


def _take_up(row: DirectoryPerson, entry: Entry, *, by: Caller) -> User:
    person = row.person
    if entry.active and is_weighty(person, by=by):
        words = _("This account is reactivated by an administrator, on the pages.")
        raise DirectoryRefusedError(words, subject=person)
    row.removed_at = None
    row.save(update_fields=["removed_at"])
    changed = change(person, entry, by=by)
    _invite(changed, by=by)
    return changed


def _invite(person: User, *, by: Caller) -> None:
    """Invite a person who cannot sign in yet: no provider signs them in, and no password is set."""
    lacks_way_in = not settings.OIDC_URL and not person.has_usable_password()
    if lacks_way_in and person.is_active and person.email:
        invite(person, actor=by.person)


def _values(entry: Entry, known: dict[str, Any]) -> dict[str, Any]:
    """Return the values of `save_person`: the directory's over those that are known."""
    row = DirectoryPerson(user_name=entry.user_name, display_name=entry.display_name)
    named_so = bool(entry.first_name or entry.last_name)
    values = {
        **known,
        "first_name": entry.first_name,
        "last_name": entry.last_name if named_so else _made_up(row),
        "email": entry.email,
        "function": entry.title,
        "is_active": entry.active,
    }
    if entry.language:
        values["language"] = entry.language
    if ARABIC.search(entry.display_name):
        values["name_ar"] = entry.display_name
    return values


def _made_up(row: DirectoryPerson) -> str:
    """Return what stands for the name of somebody whom the directory gave none."""
    return (row.display_name or row.user_name)[:150]


def _keep_row(person: User, entry: Entry, *, removed: bool = False) -> None:
    now = timezone.now()
    told = {
        "user_name": entry.user_name,
        "external_id": entry.external_id,
        "display_name": entry.display_name,
        "language": entry.language,
        "changed_at": now,
        "removed_at": now if removed else None,
    }
    DirectoryPerson.objects.update_or_create(
        person=person, defaults=told, create_defaults={**told, "made_at": now}
    )


def _need_free_address(email: str, person: User | None) -> None:
    others = User.objects.filter(email__iexact=email) if email else User.objects.none()
    if others.exclude(pk=person.pk if person else 0).exists():
        raise TakenError(_("Somebody has this e-mail address already."))


def _username(user_name: str) -> str:
    """Return a user name of this office for a name of the directory: its part before the @."""
    plain = unicodedata.normalize("NFKD", user_name.partition("@")[0].lower())
    letters = NOT_IN_A_NAME.sub("-", "".join(c for c in plain if not unicodedata.combining(c)))
    base = letters.strip("._-")[: LONGEST - 5].strip("._-")
    base = base if len(base) > 1 else f"p-{base or 'directory'}"
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    candidates = (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3)))
    return next(name for name in candidates if name not in taken)
