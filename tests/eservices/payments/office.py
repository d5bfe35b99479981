"""People of collection and finance for tests."""

from org.models import Department, Membership, User

RIB = "011519000001205000534921"


def staff(username: str = "rachid", code: str = "REC", role: str = "member") -> User:
    """Return somebody of a department that is about money, made where they are missing."""
    user, _new = User.objects.get_or_create(
        username=username, defaults={"first_name": username.title(), "last_name": "Naciri"}
    )
    unit = Department.objects.get(code=code)
    Membership.objects.get_or_create(user=user, department=unit, defaults={"role": role})
    return user
