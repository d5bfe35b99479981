"""Citizens who are in their space, without the way of codes that leads there."""

import time
from typing import Any

from eservices.people import sessions
from eservices.people.models import Person
from web.portal.space.session import KEY


def let_in(session: Any, person: Person) -> None:
    """Let the person be in their space in this browser's session, which the caller saves."""
    if session.session_key is None:
        session.create()
    now = int(time.time())
    row = sessions.begin(person, key=session.session_key, browser="", address="127.0.0.1")
    session[KEY] = {
        "person": str(person.pk), "since": now, "seen": now, "proven": now, "row": str(row.pk),
    }  # fmt: skip
