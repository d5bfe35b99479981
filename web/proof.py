"""Proof of work: beyond a limit, a visitor's browser computes instead of being shut out.

So strangers who use up the attempts on a letter, or those of a shared connection, lock nobody out:
whoever proves some seconds of computing goes on, and a machine pays for each attempt. All is here:
the office signs the task, the browser searches, the office checks one hash.
"""

import hashlib
import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from web.addresses import address_of
from web.throttle import Limit, TooManyAttemptsError, check_limit, count_attempt, is_first

BITS: Final = 17  # leading zero bits: some 130,000 hashes, a second or three in a browser
TASK_SECONDS: Final = 600
PASS_SECONDS: Final = 900
USES: Final = Limit("proof.uses", 10, PASS_SECONDS)  # attempts that one proof pays for
MOST_TIMES: Final = 10  # a limit; beyond it no proof helps an address
SPENT: Final = Limit("proof.spent", 1, TASK_SECONDS)
_TASK: Final = "web.proof.task"
_PASS: Final = "web.proof.pass"  # noqa: S105 - a salt


def task_of(request: HttpRequest) -> str:
    """Return a signed task for the connection that the request comes from."""
    told = {"a": address_of(request), "n": secrets.token_hex(8), "b": BITS}
    return signing.dumps(told, salt=_TASK)


def pass_for(request: HttpRequest, task: str, answer: str) -> str:
    """Return a pass for a solved task, "" for one that is not, is late, or was used before."""
    try:
        told = signing.loads(task, salt=_TASK, max_age=TASK_SECONDS)
    except signing.BadSignature:
        return ""
    fits = told["a"] == address_of(request) and is_solved(task, answer, bits=told["b"])
    if not fits or not is_first(SPENT, told["n"]):
        return ""
    return signing.dumps({"a": told["a"], "n": told["n"]}, salt=_PASS)


def is_solved(task: str, answer: str, *, bits: int) -> bool:
    """Return whether SHA-256 of "task:answer" begins with so many zero bits."""
    if len(answer) > 32:
        return False
    digest = hashlib.sha256(f"{task}:{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def count_from(request: HttpRequest, limit: Limit, key: str = "") -> None:
    """Count one attempt by the request's address, or by the key; beyond the limit a proof pays.

    Raise TooManyAttemptsError where there is none with attempts left; the page then offers a task.
    An address cannot pay without end (`ceiling_of`); a key can, else strangers would lock it.
    """
    try:
        count_attempt(limit, key or address_of(request))
    except TooManyAttemptsError:
        if not key:
            check_limit(ceiling_of(limit), address_of(request))
        if not pays(request):
            raise
        if not key:
            count_attempt(ceiling_of(limit), address_of(request))


def check_from(request: HttpRequest, limit: Limit) -> None:
    """Raise TooManyAttemptsError as `count_from` would, and count nothing."""
    try:
        check_limit(limit, address_of(request))
    except TooManyAttemptsError:
        check_limit(ceiling_of(limit), address_of(request))
        if not pays(request, counted=False):
            raise


def ceiling_of(limit: Limit) -> Limit:
    """Return the limit of what proofs pay for: ten times the limit is open to an address in all.

    Only attempts that were paid for count, so that nobody uses it up for others without computing.
    """
    return Limit(f"{limit.bucket}.paid", limit.most * (MOST_TIMES - 1), limit.seconds)


def pays(request: HttpRequest, *, counted: bool = True) -> bool:
    """Return whether the visitor's proof pays for an attempt; else the page is to offer a task.

    Unless `counted`, it is only asked whether it would.
    """
    try:
        given = request.COOKIES.get(settings.PROOF_COOKIE_NAME, "")
        told = signing.loads(given, salt=_PASS, max_age=PASS_SECONDS)
        if told["a"] == address_of(request):
            (count_attempt if counted else check_limit)(USES, told["n"])
            return True
    except (signing.BadSignature, TooManyAttemptsError):
        pass
    request.proof_task = task_of(request)  # type: ignore[attr-defined] # for portal/base.html
    return False
