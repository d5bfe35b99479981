"""People of collection and finance for tests."""

from org.models import Department, Membership, User
from tests.factories import make_user

RIB = "011519000001205000534921"


def cashier(username: str = "cashier", *, code: str = "REC", role: str = "member") -> User:
    """Return somebody of a department that is about money."""
    return make_user(username, code, role)
