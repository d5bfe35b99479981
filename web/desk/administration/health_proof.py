"""The health of the register's proof: the signer, what waits for it, the anchors outside."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from org.written_days import date_format
from registry.proof.anchoring import OLD
from registry.proof.state import ProofState, proof_state
from web.desk.administration.finding import BAD, OK, WARN, Finding

LATE: Final = timedelta(minutes=10)
_ANCHORS, _AGAIN = "manage anchor --list", "manage anchor"


def proof() -> Iterator[Finding]:
    """Check the signer and the anchors."""
    found = proof_state()
    yield _signer(found)
    yield _anchors(found)


def _signer(found: ProofState) -> Finding:
    name, link = _("Signer of the register"), reverse("desk:proof")
    if found.signer is None:
        words = ngettext(
            "It does not answer; %(n)d entry waits for its seal.",
            "It does not answer; %(n)d entries wait for their seals.",
            found.waits,
        ) % {"n": found.waits}
        todo = _(
            "Letters are registered all the same. Start it: docs/operations.md, "
            "The register’s proof."
        )
        return Finding(name, BAD, words, todo, link)
    if not found.is_stated:
        words = _("It signs with a key that the log does not tell of.")
        todo = _("Find out who changed it; then: manage log_key lost, or bring the key back.")
        return Finding(name, BAD, words, todo, link)
    is_late = found.since is not None and timezone.now() - found.since > LATE
    if found.signer.size < found.known or (is_late and found.signer.size != found.known):
        words = _(
            "Its log and this database differ (entries there: %(log)d, known here: %(here)d). "
            "Nothing more is sealed."
        ) % {"log": found.signer.size, "here": found.known}
        todo = _(
            "Look whether the worker runs. After a restore: docs/operations.md, Backup and restore."
        )
        return Finding(name, BAD, words, todo, link)
    if is_late:
        words = ngettext(
            "%(n)d entry waits for its seal.", "%(n)d entries wait for their seals.", found.waits
        ) % {"n": found.waits}
        todo = _("Look at the worker and at the signer's messages.")
        return Finding(name, WARN, words, todo, link)
    if found.signer.uid == os.getuid():
        words = _("It runs as the same user as the office, which could read its key.")
        todo = _("Run it as a user or on a machine of its own: docs/operations.md.")
        return Finding(name, WARN, words, todo, link)
    return Finding(name, OK, _("It answers, and every entry is sealed or about to be."))


def _anchors(found: ProofState) -> Finding:
    name, link = _("Anchors of the register"), reverse("desk:proof")
    todo = _("Set TIMESTAMP_URL and ANCHOR_URL, ANCHOR_WITNESSES or WITNESS_URLS.")
    if not found.has_places:
        words = _("Nothing of the register's proof leaves the house but what is on papers.")
        return Finding(name, WARN, words, todo, link)
    if found.failed:
        words = ngettext("%(n)d anchor failed.", "%(n)d anchors failed.", found.failed)
        todo = _("Look why on the page, and try again there.")
        command = f"{_ANCHORS}; {_AGAIN}"
        return Finding(name, BAD, words % {"n": found.failed}, todo, link, command)
    done = found.anchored
    if done is None or done.done_at is None:
        words = _("Nothing is anchored yet; the first closing will be.")
        return Finding(name, WARN, words, "", link)
    words = _("The last one is of %(day)s.") % {
        "day": date_format(timezone.localtime(done.done_at), "DATETIME_FORMAT")
    }
    is_old = timezone.now() - done.done_at > OLD
    todo = _("Look on the page whether one waits, and whether the days are closed.")
    if is_old:
        return Finding(name, WARN, words, todo, link, f"{_ANCHORS}; manage close_day")
    return Finding(name, OK, words, "", link)
