"""People of the office: written, changed, deactivated; each change stands in the history."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from identity import events
from identity.ending import end_access
from identity.kinds import SecurityKind
from language.lines import one_line
from org.checking import email_problem
from org.errors import BadOrganisationError
from org.history import record, values_of
from org.models import Department, Level, Membership, OrgChange, User

USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}\Z")
NAMES: Final = ("first_name", "last_name", "name_ar", "email", "function")
COLUMNS: Final = (*NAMES, "duty", "clearance", "language", "is_active")
RIGHTS: Final = ("duty", "clearance", "is_active", "departments")
_ON_RIGHTS: Final[list[Callable[[User, Collection[str], User | None], None]]] = []


def on_rights(act: Callable[[User, Collection[str], User | None], None]) -> None:
    """Let a room above act when rights have changed: whose, which of RIGHTS, by whom."""
    _ON_RIGHTS.append(act)


def find_people(words: str = "", *, active: bool = True) -> "QuerySet[User]":
    """Return the people whose names, e-mail, function or department hold all the words."""
    rows = User.objects.filter(is_active=active).prefetch_related("memberships__department")
    for word in words.split()[:6]:
        fits = Q(memberships__department__code__iexact=word)
        for name in ("username", *NAMES):
            fits |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(pk__in=User.objects.filter(fits).values("pk"))
    return rows


def roles_of(person: User) -> dict[str, str]:
    """Return the person's departments (code → role), by code."""
    rows = person.memberships.select_related("department").order_by("department__code")
    return {row.department.code: row.role for row in rows}


def person_values(person: User) -> dict[str, Any]:
    """Return what the history keeps of a person; never a password."""
    return values_of(person, COLUMNS) | {"departments": roles_of(person)}


def save_person(
    values: dict[str, Any], *, actor: User | None, person: User | None = None
) -> tuple[User, str]:
    """Write a new person, or change one; return them with "new", "changed" or "same".

    `values` holds `username` (of a new person), the COLUMNS, and `departments` (code → role). A new
    person has no password until they use an invitation; the sessions and tokens of one who is no
    longer active end. Raise BadOrganisationError.
    """
    given = _checked(values, person)
    with transaction.atomic():
        if person is None:
            made = User(username=given["username"], **{n: given[n] for n in COLUMNS})
            made.set_unusable_password()
            made.save()
            _set_roles(made, given["departments"])
            after = person_values(made)
            record(OrgChange.Noun.PERSON, made.username, "created", actor=actor, after=after)
            _record_rights({}, after, made, actor=actor)
            return made, "new"
        held = _locked(person)
        before = person_values(held)
        if actor is not None and actor.pk == held.pk:
            _keep_own_rights(before, given)
        for name in COLUMNS:
            setattr(held, name, given[name])
        _keep_an_administrator(held)
        _keep_bounds(before, given)
        held.save(update_fields=COLUMNS)
        _set_roles(held, given["departments"])
        after = person_values(held)
        action = _action(before, held)
        change = record(
            OrgChange.Noun.PERSON, held.username, action, actor=actor, before=before, after=after
        )
        _record_rights(before, after, held, actor=actor)
        return held, "changed" if change else "same"


@contextmanager
def recorded_moves(people: Sequence[User], *, actor: User | None) -> Iterator[None]:
    """Put on record what the block changes of these people's departments, as a change of each."""
    before = [person_values(person) for person in people]
    yield
    for person, old in zip(people, before, strict=True):
        new = person_values(person)
        if old != new:
            record(
                OrgChange.Noun.PERSON,
                person.username,
                "changed",
                actor=actor,
                before=old,
                after=new,
            )
            _record_rights(old, new, person, actor=actor)


def set_active(person: User, active: bool, *, actor: User | None) -> None:
    """Deactivate a person or reactivate them; their sessions and invitations end at once.

    Raise BadOrganisationError for oneself and for the last administrator.
    """
    if not active and actor is not None and actor.pk == person.pk:
        raise BadOrganisationError({"": _("Nobody deactivates their own account.")})
    with transaction.atomic():
        held = _locked(person)
        if held.is_active == active:
            return
        held.is_active = active
        _keep_an_administrator(held)
        held.save(update_fields=["is_active"])
        action = "activated" if active else "deactivated"
        record(
            OrgChange.Noun.PERSON,
            held.username,
            action,
            actor=actor,
            before={"is_active": not active},
            after={"is_active": active},
        )
        _record_rights({"is_active": not active}, {"is_active": active}, held, actor=actor)
        person.is_active = active


def _locked(person: User) -> User:
    """Return the person, locked with all administrators: two never end each other's duty at once.

    In one order, so that nobody waits for somebody who waits for them.
    """
    administrators = Q(is_active=True, duty=User.Duty.ADMINISTRATOR)
    rows = User.objects.select_for_update().filter(administrators | Q(pk=person.pk)).order_by("pk")
    return next(row for row in rows if row.pk == person.pk)


def _keep_own_rights(before: dict[str, Any], given: dict[str, Any]) -> None:
    """Raise BadOrganisationError where somebody changes what they themselves may do."""
    changed = [name for name in RIGHTS if before[name] != given[name]]
    if "is_active" in changed:
        raise BadOrganisationError({"": _("Nobody deactivates their own account.")})
    if changed:
        words = _("Nobody changes their own rights: another administrator does it.")
        raise BadOrganisationError(dict.fromkeys(changed, words))


def _keep_bounds(before: dict[str, Any], given: dict[str, Any]) -> None:
    """Raise BadOrganisationError where an archivist would lose the last department in passing.

    Without any they are the archivist of the whole office: that is given as a duty, never left
    over.
    """
    archivist = before["duty"] == given["duty"] == User.Duty.ARCHIVIST
    if archivist and before["departments"] and not given["departments"]:
        words = _(
            "Without a department they would be the archivist of the whole house: take the duty "
            "from them, and give it again where that is meant."
        )
        raise BadOrganisationError({"departments": words})


def _record_rights(
    before: dict[str, Any], after: dict[str, Any], person: User, *, actor: User | None
) -> None:
    """Put a change of rights on record, and end the access of whoever is no longer active."""
    changed = sorted(name for name in RIGHTS if before.get(name) != after.get(name))
    if changed:
        events.record(
            SecurityKind.RIGHTS_CHANGED, person=actor, subject=person, change=", ".join(changed)
        )
        for act in _ON_RIGHTS:
            act(person, changed, actor)
    if before.get("is_active") and not after["is_active"]:
        end_access(person, actor=actor, reason="deactivated")


def _action(before: dict[str, Any], held: User) -> str:
    if before["is_active"] == held.is_active:
        return "changed"
    return "activated" if held.is_active else "deactivated"


def _keep_an_administrator(held: User) -> None:
    """Raise BadOrganisationError where nobody would be left to administer the office."""
    if held.is_active and held.duty == User.Duty.ADMINISTRATOR:
        return
    others = User.objects.filter(is_active=True, duty=User.Duty.ADMINISTRATOR).exclude(pk=held.pk)
    was = User.objects.filter(pk=held.pk, is_active=True, duty=User.Duty.ADMINISTRATOR)
    if was.exists() and not others.exists():
        words = _("This is the last administrator: name another one first.")
        raise BadOrganisationError({"duty": words})


def _set_roles(person: User, roles: dict[str, str]) -> None:
    held = {row.department.code: row for row in person.memberships.select_related("department")}
    for code, row in held.items():
        if code not in roles:
            row.delete()
    for code, role in roles.items():
        if code not in held:
            unit = Department.objects.get(code=code)
            Membership.objects.create(user=person, department=unit, role=role)
        elif held[code].role != role:
            held[code].role = role
            held[code].save(update_fields=["role"])


def _checked(values: dict[str, Any], person: User | None) -> dict[str, Any]:
    """Return the values as they are kept; raise BadOrganisationError with each that is wrong."""
    problems: dict[str, Any] = {}
    given: dict[str, Any] = {
        name: one_line(str(values.get(name, "") or ""), 1000) for name in NAMES
    }
    if person is None:
        given["username"] = str(values.get("username", "")).strip().lower()
        problems |= _name_problems(given["username"])
    if not (given["first_name"] or given["last_name"] or given["name_ar"]):
        problems["last_name"] = _("A name is needed.")
    for name, most in (
        ("first_name", 150),
        ("last_name", 150),
        ("name_ar", 200),
        ("function", 120),
    ):
        if len(given[name]) > most:
            problems[name] = _("This is too long.")
    problems |= _email_problems(given["email"], person)
    given["duty"] = str(values.get("duty") or User.Duty.MEMBER)
    if given["duty"] not in User.Duty.values:
        problems["duty"] = _none_but(User.Duty.values)
    given["clearance"] = _level(values.get("clearance", 0))
    if given["clearance"] is None:
        problems["clearance"] = _none_but(Level.values)
    given["language"] = str(values.get("language") or "fr")
    if given["language"] not in dict(settings.LANGUAGES):
        problems["language"] = _none_but(dict(settings.LANGUAGES))
    given["is_active"] = bool(values.get("is_active", True))
    given["departments"] = dict(values.get("departments") or {})
    problems |= _role_problems(given["departments"], person)
    if problems:
        raise BadOrganisationError(problems)
    return given


def _none_but(values: Iterable[object]) -> str:
    return _("It is one of: %(values)s.") % {"values": ", ".join(map(str, values))}


def _name_problems(username: str) -> dict[str, str]:
    if not USERNAME.match(username):
        words = _("Two to forty small letters, digits, dots or hyphens, as in “a.benali”.")
        return {"username": words}
    if User.objects.filter(username__iexact=username).exists():
        return {"username": _("Somebody has this user name already.")}
    return {}


def _email_problems(email: str, person: User | None) -> dict[str, str]:
    wrong = email_problem(email)
    if wrong or not email:
        return wrong
    others = User.objects.filter(email__iexact=email)
    if person:
        others = others.exclude(pk=person.pk)
    return {"email": _("Somebody has this e-mail address already.")} if others.exists() else {}


def _level(value: Any) -> int | None:
    try:
        level = int(value or 0)
    except (TypeError, ValueError):
        return None
    return level if level in Level.values else None


def _role_problems(roles: dict[str, str], person: User | None) -> dict[str, str]:
    open_ones = set(Department.objects.filter(active=True).values_list("code", flat=True))
    known = open_ones | set(roles_of(person) if person else {})
    if unknown := sorted(set(roles) - known):
        words = _("There is no such department: %(codes)s")
        return {"departments": words % {"codes": ", ".join(unknown)}}
    if set(roles.values()) - set(Membership.Role.values):
        return {"departments": _("A person is a member of a department or its head.")}
    return {}
