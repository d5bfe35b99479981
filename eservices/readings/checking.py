"""The job that checks a reading: photo read, index judged, and approved where all is plausible."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings

from eservices.readings.deciding import approve_held, follow_stage
from eservices.readings.history import facts_of
from eservices.readings.models import Reading
from eservices.readings.plausibility import PLAUSIBLE, judge, verdict_of
from eservices.readings.taking import held, note
from jobs.errors import Unavailable
from ocr.dials import DialRead, read_dial_in_child
from ocr.errors import ReaderFailed, Unreadable
from registry.files import vault
from registry.files.receiving import VaultError
from registry.models.documents import Document
from registry.models.files import StoredFile

PICTURES: Final = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/tiff")


def check_work(subject: str, _progress: Any) -> dict[str, Any]:
    """Read the photo of a reading, in a confined process; nothing where it has none."""
    rows = Reading.objects.select_related("meter", "photo")
    reading = rows.filter(pk=UUID(subject), state=Reading.State.RECEIVED).first()
    if reading is None:
        return {}
    photo = reading.photo or photo_of(reading)
    if photo is None:
        return {}
    digits = reading.meter.digits if reading.meter else 0
    seen = _seen(photo, digits)
    return {"photo": photo.pk, "index": seen.index, "doubt": seen.doubt}


def photo_of(reading: Reading) -> StoredFile | None:
    """Return the first picture that came with the reading's request."""
    if reading.request is None:
        return None
    rows = Document.objects.filter(letter=reading.request.letter_id, media_type__in=PICTURES)
    found = rows.select_related("file").order_by("position").first()
    return found.file if found else None


def _seen(photo: StoredFile, digits: int) -> DialRead:
    """Return what the photo shows; a photo that cannot be opened is doubtful, like an odd one.

    Raise Unavailable while the vault is away.
    """
    try:
        with vault.open_path(photo.sha256) as path:
            return read_dial_in_child(path, digits=digits, seconds=settings.OCR_PAGE_SECONDS)
    except VaultError as error:
        if error.code != "missing":
            raise Unavailable("vault", "The vault cannot be reached.") from None
        return DialRead("", "not_read")
    except (Unreadable, ReaderFailed):
        return DialRead("", "not_read")


def save_check(subject: str, seen: dict[str, Any]) -> None:
    """Check the index, and approve it where nothing is against it; once."""
    reading = Reading.objects.filter(pk=UUID(subject)).first()
    if reading is None:
        return
    reading = held(reading.pk)
    if reading.state != Reading.State.RECEIVED:
        return
    if seen:
        reading.photo_id = seen["photo"]
        reading.photo_index, reading.photo_doubt = seen["index"], seen["doubt"]
    weigh(reading)
    note(reading, "checked", verdict=reading.verdict, photo=reading.photo_index or None)
    follow_stage(reading, "check")
    if reading.verdict == PLAUSIBLE:
        approve_held(reading, actor=None)


def weigh(reading: Reading) -> None:
    """Judge a reading by what is known now, and keep the findings."""
    checks = [c for c in reading.checks if c["code"] in ("outside_window", "unknown_meter")]
    if reading.meter is not None:
        checks = [c for c in checks if c["code"] != "unknown_meter"]
        facts = facts_of(reading.meter, without=reading.pk)
        checks += judge(facts, index=reading.index, read_on=reading.read_on).checks
    checks.append(_photo_finding(reading))
    reading.checks, reading.verdict = checks, verdict_of(checks)
    columns = ["checks", "verdict", "photo", "photo_index", "photo_doubt"]
    reading.save(update_fields=columns)


def _photo_finding(reading: Reading) -> dict[str, Any]:
    if reading.photo_id is None:
        return {"code": "no_photo"}
    if reading.photo_doubt or not reading.photo_index:
        return {"code": "photo_doubt", "doubt": reading.photo_doubt or "no_figures"}
    if int(reading.photo_index) == reading.index:
        return {"code": "photo_same"}
    return {"code": "photo_differs", "seen": reading.photo_index}
