"""Rate limits: counters in the database, without a trace of who it was."""

import math
import time
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from org.security_log import LoggedEvent, write_event
from web.addresses import address_of
from web.models import Attempt

_COUNT = """
INSERT INTO web_attempt (bucket, key_hash, "window", count) VALUES (%s, %s, %s, 1)
ON CONFLICT (bucket, key_hash, "window") DO UPDATE SET count = web_attempt.count + 1
RETURNING count
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts in `seconds`; counted in fixed windows that end at full multiples."""

    bucket: str
    most: int
    seconds: int


class TooManyAttemptsError(Exception):
    """Too many attempts; try again in `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"again in {wait} s")
        self.wait = wait


# By name from one address, and from everywhere: a stranger at one address locks nobody out.
LOGIN_BY_NAME: Final = Limit("login.name", 10, 900)
LOGIN_BY_NAME_ANYWHERE: Final = Limit("login.anywhere", 100, 900)
LOGIN_BY_ADDRESS: Final = Limit("login.address", 50, 900)
TOKEN_BY_NAME: Final = Limit("token.name", 10, 900)
TOKEN_BY_ADDRESS: Final = Limit("token.address", 50, 900)
# By name from all addresses together: more than one program errs, fewer than many machines guess.
TOKEN_BY_NAME_ANYWHERE: Final = Limit("token.anywhere", 100, 900)
# Generous to an address: a mobile operator puts thousands of citizens behind one. With 2.6e10 codes
# a letter, guessing is hopeless at these rates. Guesses at one number from many places cost
# browsers some work (web/proof.py). Programs cannot: their wrong codes are limited by number and
# address, so strangers shut nobody out.
FOLLOW_BY_ADDRESS: Final = Limit("follow.address", 60, 900)
FOLLOW_BY_NUMBER: Final = Limit("follow.number", 200, 3600)
FOLLOW_FIRST: Final = Limit("follow.first", 5, 3600)  # by number and address: free on the page
FOLLOW_WRONG: Final = Limit("follow.wrong", 20, 3600)  # by number and address, of a program
CODE_BY_NUMBER: Final = Limit("code.number", 3, 86_400)  # messages that a letter's sender gets
# Codes to a contact: asked for by address, by contact from one address and from everywhere, and
# tried by address. So a stranger at one address locks nobody out of their contact.
CONTACT_BY_ADDRESS: Final = Limit("contact.address", 30, 900)
CONTACT_BY_VALUE: Final = Limit("contact.value", 5, 3600)
CONTACT_ANYWHERE: Final = Limit("contact.anywhere", 30, 3600)
CONTACT_TRIES: Final = Limit("contact.tries", 120, 900)
DEPOSIT_BY_ADDRESS: Final = Limit("deposit.address", 60, 3600)
PAY_BY_ADDRESS: Final = Limit("pay.address", 120, 3600)  # payments begun
DRAFT_BY_ADDRESS: Final = Limit("draft.address", 120, 3600)  # forms begun
DRAFT_SAVED_BY_ADDRESS: Final = Limit("draft.saved", 3000, 3600)  # pages, and saves by the script
PARTNER_BY_ADDRESS: Final = Limit("partner.address", 60, 900)  # wrong keys alone are counted
VERIFY_BY_ADDRESS: Final = Limit("verify.address", 120, 900)


def counted(limit: Limit, key: str) -> int:
    """Count one attempt, and return how many there are now; none is refused.

    One statement, so that no two processes count as one.
    """
    window = _window(limit, time.time())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [limit.bucket, _hash(limit, key, window), window])
        return int(cursor.fetchone()[0])


def count_attempt(limit: Limit, key: str) -> None:
    """Count one attempt. Raise TooManyAttemptsError when there are more than the limit allows.

    Refused ones count as well.
    """
    now = time.time()
    count = counted(limit, key)
    if count == 1:
        Attempt.objects.filter(window__lt=int(now)).delete()
    if count > limit.most:
        if count == limit.most + 1:  # once a window: who tries on fills no log
            write_event(LoggedEvent.BRAKED, limit=limit.bucket)
        raise TooManyAttemptsError(max(1, math.ceil(_window(limit, now) - now)))


def is_first(limit: Limit, key: str) -> bool:
    """Return whether this is the first attempt within the limit's time, and count it.

    Counted in the next window too, so that the time runs on over the end of this one.
    """
    now = time.time()
    window = _window(limit, now)
    counts = []
    with connection.cursor() as cursor:
        for each in (window, window + limit.seconds):
            cursor.execute(_COUNT, [limit.bucket, _hash(limit, key, each), each])
            counts.append(int(cursor.fetchone()[0]))
    return counts == [1, 1]


def check_limit(limit: Limit, key: str) -> None:
    """Raise TooManyAttemptsError where one more attempt would be too many; count nothing."""
    now = time.time()
    window = _window(limit, now)
    counted = Attempt.objects.filter(
        bucket=limit.bucket, key_hash=_hash(limit, key, window), window=window
    )
    if counted.filter(count__gte=limit.most).exists():
        raise TooManyAttemptsError(max(1, math.ceil(window - now)))


def count_from(request: HttpRequest, limit: Limit) -> None:
    """Count one attempt, by the address that the request comes from."""
    count_attempt(limit, address_of(request))


def count_contact(request: HttpRequest, contact: str) -> None:
    """Count one message to a contact (its hash), from this address and from everywhere.

    What the address may not send any more does not count for others.
    """
    count_attempt(CONTACT_BY_VALUE, _from(request, contact))
    count_attempt(CONTACT_ANYWHERE, contact)


def contact_is_theirs(request: HttpRequest, contact: str) -> None:
    """Take back one message to a contact: who asked for it has shown that it is their own."""
    take_back(CONTACT_BY_VALUE, _from(request, contact))


def is_among_first(request: HttpRequest, number: str) -> bool:
    """Count one try on a number from this address, and return whether it is among its first.

    Others' tries stop none of these, nor in a browser that cannot prove work.
    """
    return counted(FOLLOW_FIRST, _from(request, number)) <= FOLLOW_FIRST.most


def count_follow(request: HttpRequest, number: str) -> None:
    """Count one try by a program to follow a number, from its address and of it on the number."""
    count_attempt(FOLLOW_BY_ADDRESS, address_of(request))
    count_attempt(FOLLOW_WRONG, _from(request, number))


def follow_is_theirs(request: HttpRequest, number: str) -> None:
    """Take back one try on a number: its code was right."""
    take_back(FOLLOW_WRONG, _from(request, number))


def _from(request: HttpRequest, key: str) -> str:
    return f"{address_of(request)} {key}"


def take_back(limit: Limit, key: str) -> None:
    """Take back the count of a successful attempt; the failed ones before it still count.

    So an office of a hundred clerks behind one address may all log in at half past eight.
    """
    window = _window(limit, time.time())
    Attempt.objects.filter(
        bucket=limit.bucket, key_hash=_hash(limit, key, window), window=window, count__gt=0
    ).update(count=F("count") - 1)


def _window(limit: Limit, now: float) -> int:
    return (math.floor(now / limit.seconds) + 1) * limit.seconds


def _hash(limit: Limit, key: str, window: int) -> str:
    """Return a keyed hash, another one in each window, so that returning users are not traced."""
    salt = f"attempt:{limit.bucket}:{window}"
    return salted_hmac(salt, key, algorithm="sha256").hexdigest()


def wrong_code(request: HttpRequest, way: str) -> None:
    """Report to the office's monitoring that a code was wrong: of what, and from where."""
    write_event(LoggedEvent.CODE_REFUSED, way=way, address=address_of(request))
