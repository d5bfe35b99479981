"""The health of what stands around the office: certificates, backups, sign-ins, partners."""

import shlex
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels.services import Delivery, Partner
from identity.events import events
from identity.kinds import SecurityKind
from org.written_days import date_format
from registry.backups import last_backup
from registry.book.key_dates import key_dates
from sandbox.strength import holds_nothing, missing_walls
from web.desk.administration.certificates import certificate_of
from web.desk.administration.finding import BAD, OK, WARN, Finding
from web.shared.walls import wall_words

SOON, VERY_SOON = timedelta(days=30), timedelta(days=7)
OLD_BACKUP, NO_BACKUP = timedelta(hours=36), timedelta(days=7)
MANY_FAILURES: Final = 50
_FAILED: Final = (SecurityKind.SIGN_IN_FAILED, SecurityKind.SECOND_FACTOR_FAILED)


def certificates() -> Iterator[Finding]:
    """Check the certificate of each address."""
    for url in filter(None, (settings.PUBLIC_URL, settings.STAFF_URL)):
        yield from _certificate(url)


def _certificate(url: str) -> Iterator[Finding]:
    name, seen = _("Certificate of the address"), certificate_of(url)
    if settings.STAFF_URL:
        name = f"{name} – {urlsplit(url).hostname}"
    if seen is None:
        local = _("%(url)s is not https: browsers get no certificate.")
        words = local % {"url": url}
        here = url.startswith(("http://localhost", "http://127.0.0.1"))
        todo = _("Put a proxy with a certificate in front, and set PUBLIC_URL to https://…")
        yield Finding(name, OK if here else WARN, words, "" if here else todo)
    elif seen.problem == "away":
        words = _("The address could not be reached from here.")
        todo = _("Open %(url)s from outside; look at PUBLIC_URL, the name and the proxy.")
        yield Finding(name, WARN, words, todo % {"url": url})
    elif seen.problem or seen.ends_at is None:
        words = _("Browsers do not trust the certificate.")
        if seen.ends_at:
            words = f"{words} {valid(seen.ends_at)}"
        todo = _(
            "Renew it, or let the proxy send the whole chain; the name must be that of PUBLIC_URL."
        )
        yield Finding(name, BAD, words, todo)
    else:
        todo = _("Renew it, and look why that does not happen by itself.")
        yield dated(name, seen.ends_at, todo)


def signing() -> Iterator[Finding]:
    """Check the certificates of the keys that sign."""
    for key in key_dates():
        name = _("Signing certificate")
        name = f"{name} – {key.owner}" if key.owner else name
        if key.ends_at is None:
            words = _("The key cannot be opened.")
            todo = _(
                "Look at the PKCS#12 file and its password: docs/settings.md, SIGNING_KEY_FILE."
            )
            yield Finding(name, BAD, words, todo)
        else:
            todo = _("Get a new certificate, put its PKCS#12 file in the place of this, restart.")
            found = dated(name, key.ends_at, todo)
            yield _short(name) if key.is_weak and found.state == OK else found


def _short(name: str) -> Finding:
    todo = _("Ask for a certificate of a longer key: docs/settings.md, RSA_LEAST_BITS.")
    return Finding(name, WARN, _("The key is shorter than it should be."), todo)


def dated(name: str, ends_at: datetime, todo: str) -> Finding:
    """Return a line about something that ends, with what to do where it ends soon."""
    left = ends_at - timezone.now()
    state = BAD if left < VERY_SOON else WARN if left < SOON else OK
    return Finding(name, state, valid(ends_at), todo if state != OK else "")


def valid(ends_at: datetime) -> str:
    """Return the words for the day that something ends or ended on."""
    day = {"day": date_format(timezone.localtime(ends_at), "j F Y")}
    if ends_at < timezone.now():
        return _("It ended on %(day)s.") % day
    return _("Valid until %(day)s.") % day


def backups() -> Iterator[Finding]:
    """Check the age of the last backup that was reported."""
    name, last = _("Backups"), last_backup()
    todo = _(
        "Make backups each night, and end their script with: manage backup_done "
        "(docs/operations.md, Backup and restore)."
    )
    if last is None:
        yield Finding(name, WARN, _("The office was told of no backup yet."), todo)
        return
    age = timezone.now() - last
    state = BAD if age > NO_BACKUP else WARN if age > OLD_BACKUP else OK
    words = _("The last one was made on %(day)s.")
    said = words % {"day": date_format(timezone.localtime(last), "DATETIME_FORMAT")}
    yield Finding(name, state, said, todo if state != OK else "")


def sign_ins() -> Iterator[Finding]:
    """Check the failed sign-ins of the last day."""
    name, since = _("Sign-ins"), timezone.now() - timedelta(days=1)
    rows = events(first=timezone.localdate(since), readings=False).filter(at__gte=since)
    counts = rows.order_by().aggregate(
        failed=Count("pk", filter=Q(kind__in=_FAILED)),
        braked=Count("pk", filter=Q(kind=SecurityKind.SIGN_IN_BRAKED)),
    )
    failed, braked = counts["failed"], counts["braked"]
    words = ngettext("%(n)d failed within a day.", "%(n)d failed within a day.", failed) % {
        "n": failed
    }
    if braked:
        words += " " + ngettext(
            "%(n)d name or device was held back.", "%(n)d names or devices were held back.", braked
        ) % {"n": braked}
    state = WARN if braked or failed >= MANY_FAILURES else OK
    todo = _("Look in the record whose names were tried and from where; speak with these people.")
    link = reverse("security")
    command = f"manage security_events --kind {SecurityKind.SIGN_IN_FAILED}"
    well = state == OK
    yield Finding(name, state, words, "" if well else todo, link, "" if well else command)


def confinement() -> Iterator[Finding]:
    """Check which of the walls around untrusted files this system does not allow."""
    name, missing = _("Walls around files"), missing_walls()
    if missing is None:
        words = _("The walls could not be tried in time: this machine is busy.")
        yield Finding(name, WARN, words, _("Look again in a few minutes."))
    elif not missing:
        yield Finding(name, OK, _("Each file of a stranger is opened within all walls."))
    for wall in missing or ():
        words, todo = wall_words(wall)
        yield Finding(name, BAD if holds_nothing() else WARN, words, todo)


def partners() -> Iterator[Finding]:
    """Check the messages to partners' systems."""
    name, told = _("Messages to partners"), Partner.objects.exclude(webhook_url="")
    for partner in told.exclude(webhook_off_at=None).order_by("name"):
        words = _("%(partner)s: switched off.") % {"partner": partner.name}
        todo = _("Agree with the partner, make a test call on its page, then switch them on.")
        why = partner.get_webhook_off_why_display()
        link, command = reverse("desk:partner", args=[partner.pk]), _by_hand(partner, "--test")
        command = f"{command}; {_by_hand(partner, '--switch-on')}"
        yield Finding(name, BAD, f"{words} {why}", todo, link, command)
    live = told.filter(webhook_off_at=None)
    for partner in live.exclude(webhook_failing_since=None).order_by("name"):
        since = date_format(timezone.localtime(partner.webhook_failing_since), "DATETIME_FORMAT")
        words = _("%(partner)s: not taken since %(since)s.")
        said = words % {"partner": partner.name, "since": since}
        todo = _("They are sent again by themselves; after five days they are switched off.")
        link, command = reverse("desk:partner", args=[partner.pk]), _by_hand(partner, "--log")
        yield Finding(name, WARN, said, todo, link, command)
    if live.filter(webhook_failing_since=None).exists():
        waiting = Delivery.objects.filter(state=Delivery.State.WAITING).count()
        words = ngettext("%(n)d message waits.", "%(n)d messages wait.", waiting)
        yield Finding(name, OK, words % {"n": waiting})


def _by_hand(partner: Partner, what: str) -> str:
    return f"manage webhooks {shlex.quote(partner.name)} {what}"
