"""Codes and names in requests: departments, people and kinds, looked up or refused."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from org.models import Department, LetterKind, User


def no_such_code(field: str, code: str) -> ValidationError:
    """Return the error for a code that names nothing."""
    return ValidationError({field: [_("There is no such code: %(code)s") % {"code": code}]})


def department_by_code(code: str) -> Department:
    """Return an active department. Raise ValidationError for any other code."""
    found = Department.objects.filter(code=code, active=True).first()
    if found is None:
        raise no_such_code("department", code)
    return found


def person_by_name(username: str) -> User | None:
    """Return an active person; None without a name. Raise ValidationError for an unknown one."""
    if not username:
        return None
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise no_such_code("person", username)
    return found


def named_person(field: str, username: str) -> User:
    """Return an active person. Raise ValidationError for an unknown name, or none."""
    person = person_by_name(username)
    if person is None:
        raise no_such_code(field, username)
    return person


def kind_by_code(code: str) -> LetterKind | None:
    """Return the kind, None for an empty code. Raise ValidationError for an unknown code."""
    if not code:
        return None
    kind = LetterKind.objects.filter(code=code, active=True).first()
    if kind is None:
        raise no_such_code("kind", code)
    return kind
