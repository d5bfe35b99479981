"""A session goes on under another key, once more is known of who uses it."""

from allauth.usersessions.models import UserSession
from django.http import HttpRequest


def renew_key(request: HttpRequest) -> None:
    """Give the session a new key; whoever knew the one before has nothing by it any more."""
    before = request.session.session_key
    request.session.cycle_key()
    if before:
        now = request.session.session_key
        UserSession.objects.filter(session_key=before).update(session_key=now)
