"""Drafts: forms that are not sent yet, saved page by page, resumed by a code for a hundred days.

The code is an HMAC of the draft's random id, as a letter's code is of the letter's: it can be given
again, and the database keeps a hash alone. Unlike a letter's it stands alone, so it is longer.
"""

import hashlib
import hmac
import unicodedata
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from eservices.catalogue.models import ServiceTypeVersion
from eservices.people.models import Person
from eservices.requests.models import Draft, DraftFile, DraftPart, Request
from registry.tracking import spelled

DAYS: Final = 100
LENGTH: Final = 12
KEPT_AFTER_SENDING: Final = timedelta(days=1)  # a form that is sent twice gives the same number
MOST_TYPED: Final = 20_000  # characters of one answer; no field takes so many
MOST_CHOSEN: Final = 200


def begin_draft(
    version: ServiceTypeVersion, *, language: str, person: Person | None = None
) -> Draft:
    """Return a new draft of a form."""
    now, made = timezone.now(), uuid.uuid4()
    return Draft.objects.create(
        id=made,
        code_hash=_code_hash(code_of(made)),
        version=version,
        person=person,
        language=language[:2],
        made_at=now,
        saved_at=now,
        ends_at=now + timedelta(days=DAYS),
    )


def code_of(draft_id: uuid.UUID) -> str:
    """Return the code by which a draft is resumed, e.g. "BKTR-MWDQ-ZHLP"."""
    return spelled(_keyed("code", str(draft_id)), length=LENGTH)


def draft_by_code(code: str) -> Draft | None:
    """Return the draft that is resumed by this code, None where there is none any more."""
    rows = Draft.objects.select_related("version__service")
    return rows.filter(code_hash=_code_hash(code), ends_at__gt=timezone.now(), request=None).first()


def open_draft(draft_id: str) -> Draft | None:
    """Return a draft by its id, sent or not, until its time is over."""
    rows = Draft.objects.select_related("version__service", "request", "person", "mandate")
    return rows.filter(pk=draft_id, ends_at__gt=timezone.now()).first()


def save_answers(draft: Draft, given: Mapping[str, Any], *, page: str = "") -> None:
    """Keep answers of one page as they were typed, beside those of the other pages.

    Two saves at once (the script's and the person's) each keep their page. A draft that was sent
    meanwhile stays as it is.
    """
    _save(draft, "answers", given, page)


def save_asker(draft: Draft, given: Mapping[str, Any], *, page: str = "") -> None:
    """Keep the requester's data, as typed."""
    _save(draft, "asker", given, page)


def _save(draft: Draft, name: str, given: Mapping[str, Any], page: str) -> None:
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(pk=draft.pk, request=None).first()
        if row is None:
            return
        kept = {**getattr(row, name), **{code: typed(value) for code, value in given.items()}}
        row.saved_at = timezone.now()
        row.page = page or row.page
        setattr(row, name, kept)
        row.save(update_fields=[name, "saved_at", "page"])
    draft.saved_at, draft.page = row.saved_at, row.page
    setattr(draft, name, kept)


def typed(value: Any) -> Any:
    """Return what was typed as it can be kept: text without NUL and lone surrogates, bounded."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "")[:MOST_TYPED]
    if isinstance(value, list):
        return [typed(one) for one in value[:MOST_CHOSEN]]
    if isinstance(value, dict):
        return {str(name): typed(one) for name, one in value.items()}
    return value


def move_to_version(draft: Draft, version: ServiceTypeVersion) -> None:
    """Go on with a newer version of the type, since the draft's is no longer published."""
    Draft.objects.filter(pk=draft.pk, request=None).update(version=version)
    draft.version = version


def sent(draft: Draft, request: Request) -> None:
    """Note what a draft became: its answers and files are the letter's now, its own are deleted."""
    ends = timezone.now() + KEPT_AFTER_SENDING
    Draft.objects.filter(pk=draft.pk).update(
        request=request, answers={}, asker={}, contact="", ends_at=ends
    )
    draft.request = request
    forget_files(draft)


def give_up(draft: Draft) -> None:
    """Delete a draft at the wish of who wrote it; one that was sent stays for its time."""
    if draft.request_id is None:
        forget_files(draft)
        Draft.objects.filter(pk=draft.pk, request=None).delete()


def forget_files(draft: Draft) -> None:
    """Delete the files of a draft."""
    rows = DraftFile.objects.filter(draft=draft)
    DraftPart.objects.filter(file__in=rows).delete()
    rows.delete()


def forget_ended_drafts() -> int:
    """Delete the drafts whose time is over, with their files; return how many."""
    ended = Draft.objects.filter(ends_at__lte=timezone.now())
    rows = DraftFile.objects.filter(draft__in=ended)
    DraftPart.objects.filter(file__in=rows).delete()
    rows.delete()
    return ended.delete()[1].get("requests.Draft", 0)


def _code_hash(code: str) -> str:
    plain = unicodedata.normalize("NFKC", code).upper()
    return _keyed("hash", "".join(sign for sign in plain if sign.isalpha())).hex()


def _keyed(purpose: str, text: str) -> bytes:
    message = f"draft.{purpose}:{text}".encode("utf-8", "replace")
    return hmac.new(settings.TRACKING_KEY, message, hashlib.sha256).digest()
