"""Notices as Web Push (RFC 8030, 8291, 8292): browsers, the office's key, and sending."""

import base64
import binascii
import json
import re
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from py_vapid import Vapid02

from channels.partners.calling import Answer, CallError, call, checked_url
from jobs.errors import Unavailable
from notices.models import Notice, PushBrowser, PushKey
from notices.reading import seen_by
from notices.words import address_of, sentence
from org.columns import Unreadable
from org.models import User

COOKIE_DAYS: Final = 400  # as long as browsers keep the cookie of a subscription
MOST_BROWSERS: Final = 10  # of one person; beyond, the oldest is forgotten
_GONE: Final = (404, 410)
_SERVER_FAILS: Final = 500
_LATER: Final = frozenset({408, 425, 429})
_KEEPS_SECONDS: Final = 86_400  # how long a push service keeps what a browser has not fetched
_SECRET = 16  # bytes of the shared secret
_BASE64: Final = re.compile(r"[\w-]{1,90}={0,2}", re.ASCII)  # urlsafe; longer is no key


class PushRefusedError(ValueError):
    """The browser's subscription cannot be taken; the message says why."""


def office_key() -> Vapid02:
    """Return the office's key for push services; made once, by whoever needs it first."""
    row = PushKey.objects.first()
    if row is not None and isinstance(row.private, Unreadable):
        row.delete()  # lost with SECRET_KEY: browsers are asked anew
        row = None
    if row is None:
        fresh = Vapid02()
        fresh.generate_keys()
        row, _made = PushKey.objects.get_or_create(
            one=True,
            defaults={"private": fresh.private_pem().decode(), "made_at": timezone.now()},
        )
    return Vapid02.from_pem(row.private.encode())


def public_key() -> str:
    """Return the public half as browsers want it: base64url of the point."""
    signed = office_key().sign({"sub": _contact(), "aud": settings.PUBLIC_URL})
    return str(signed["Authorization"].rpartition("k=")[2])


def subscribe(
    person: User, *, endpoint: str, public_key: str, secret: str, label: str = ""
) -> PushBrowser:
    """Keep a browser of the person; a browser is one person's, who signed in last.

    Raise PushRefusedError for an address that is not public over https, or damaged keys.
    """
    if not _is_usable(endpoint):
        raise PushRefusedError(_("The address of the push service is not usable."))
    if not _is_point(public_key) or len(_decoded(secret)) != _SECRET:
        raise PushRefusedError(_("The keys of the browser are damaged."))
    values = {
        "person": person,
        "public_key": public_key,
        "secret": secret,
        "label": " ".join(label.split())[:80],
        "made_at": timezone.now(),
    }
    with transaction.atomic():
        row, _made = PushBrowser.objects.update_or_create(endpoint=endpoint, defaults=values)
        others = PushBrowser.objects.filter(person=person).order_by("-pk")
        keep = others.values_list("pk", flat=True)[:MOST_BROWSERS]
        PushBrowser.objects.filter(person=person).exclude(pk__in=list(keep)).delete()
    return row


def unsubscribe(person: User, *, endpoint: str = "", browser_id: int = 0) -> bool:
    """Forget a browser of the person; return whether there was one."""
    rows = PushBrowser.objects.filter(person=person)
    rows = rows.filter(pk=browser_id) if browser_id else rows.filter(endpoint=endpoint)
    return bool(rows.delete()[0])


def forget(browser_id: int) -> None:
    """Forget a browser, whoever's it is."""
    PushBrowser.objects.filter(pk=browser_id).delete()


def forget_all(person: User, *, but: int = 0) -> None:
    """Forget all browsers of the person, `but` one."""
    PushBrowser.objects.filter(person=person).exclude(pk=but).delete()


def forget_without_cookie(person: User) -> None:
    """Forget the person's browsers of which nothing tells whether they are the one at hand.

    They never had a cookie, or had theirs so long ago that the browser may have dropped it.
    """
    dropped = timezone.now() - timedelta(days=COOKIE_DAYS)
    rows = PushBrowser.objects.filter(person=person)
    unknown = rows.filter(Q(has_cookie=False) | Q(made_at__lt=dropped))
    if unknown.exists():  # most log-outs have none, and need not write
        unknown.delete()


def push_work(notice_id: str, _progress: Any) -> list[int]:
    """Push one notice to the person's browsers; return those that are gone for good.

    At least once. Raise jobs' Unavailable where no push service could be reached.
    """
    row = Notice.objects.filter(pk=notice_id, read_at=None).select_related("person").first()
    if row is None or not row.person.is_active:
        return []
    found = seen_by(row.person, Notice.objects.filter(pk=row.pk)).select_related("letter").first()
    browsers = list(PushBrowser.objects.filter(person=row.person_id)) if found else []
    gone, away = [], 0
    for browser in browsers:
        try:
            answer = send(browser, body=_payload(row.person, row))
        except CallError as error:
            if error.permanent:  # an address that may not be called
                gone.append(browser.pk)
            away += not error.permanent
            continue
        if answer.status in _GONE:
            gone.append(browser.pk)
        away += answer.status >= _SERVER_FAILS or answer.status in _LATER
    if browsers and away == len(browsers):
        raise Unavailable("push_away", "No push service can be reached.")
    return gone


def save_pushed(_notice_id: str, gone: list[int]) -> None:
    """Forget the browsers that are gone."""
    PushBrowser.objects.filter(pk__in=gone).delete()


def send(browser: PushBrowser, *, body: bytes) -> Answer:
    """Send one push, enciphered for the browser and signed by the office; raise CallError."""
    from pywebpush import WebPusher  # brings two libraries for HTTP, which no page needs

    keys = {"p256dh": browser.public_key, "auth": browser.secret}
    pusher = WebPusher({"endpoint": browser.endpoint, "keys": keys})
    enciphered = pusher.encode(body, content_encoding="aes128gcm")["body"]
    parts = urlsplit(browser.endpoint)
    claims = {"sub": _contact(), "aud": f"{parts.scheme}://{parts.netloc}"}
    headers = {
        **office_key().sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_KEEPS_SECONDS),
        "Urgency": "normal",
    }
    return call(browser.endpoint, body=enciphered, headers=headers, private=settings.PUSH_PRIVATE)


def _payload(person: User, row: Notice) -> bytes:
    """Return what the browser shows: kind and number, and where a click leads; no more."""
    with translation.override(person.language or "fr"):
        told = {"title": sentence(row), "url": address_of(row), "tag": f"notice-{row.pk}"}
        told |= {"lang": person.language or "fr"}
    return json.dumps(told, ensure_ascii=False).encode()


def _contact() -> str:
    """Return whom a push service may write to: the office's address."""
    if settings.PUBLIC_URL.startswith("https://"):
        return str(settings.PUBLIC_URL)
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    return f"mailto:{sender}"


def _is_usable(endpoint: str) -> bool:
    """Return whether an address may be called; a name is resolved each time it is called."""
    try:
        checked_url(endpoint, private=settings.PUSH_PRIVATE)
    except CallError:
        return False
    return True


def _is_point(text: str) -> bool:
    """Return whether a key is an uncompressed point of P-256; no other enciphers a push."""
    point = _decoded(text)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return point.startswith(b"\x04")


def _decoded(text: str) -> bytes:
    if not _BASE64.fullmatch(text):
        return b""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
