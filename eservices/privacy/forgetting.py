"""Names and words of print-outs and rectifications that no letter's disposal would empty."""

from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from eservices.people.models import Person
from eservices.privacy.models import Printout, Rectification
from registry.disposal.rules import DASH

KEPT: Final = timedelta(days=5 * 365)  # as long as who printed what, and why, may be in dispute
_BATCH: Final = 500
# What is emptied of each: config/disposing.py says the same of those that have a letter.
OF_PRINTOUT: Final[dict[str, Any]] = {"name": "", "reason": DASH}
OF_RECTIFICATION: Final[dict[str, Any]] = {
    "name": "",
    "present": "",
    "wanted": DASH,
    "reason": "",
    "decision": "",
    "answer": "",
}


def forget_person(person: Person) -> None:
    """Empty what names a person whose account is deleted; the request for it stays."""
    key = f"person:{person.pk}"
    Printout.objects.filter(subject=key).update(**OF_PRINTOUT)
    Rectification.objects.filter(subject=key).update(**OF_RECTIFICATION)


def forget_old() -> int:
    """Empty print-outs and answered rectifications of years ago; return of how many."""
    before = timezone.now() - KEPT
    printouts = Printout.objects.filter(asked_at__lt=before).exclude(name="")
    rectifications = Rectification.objects.filter(answered_at__lt=before).exclude(name="")
    return _empty(printouts, OF_PRINTOUT) + _empty(rectifications, OF_RECTIFICATION)


def _empty(rows: QuerySet[Any], values: dict[str, Any]) -> int:
    """Empty a batch of rows; the next night takes the next one."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:_BATCH])
    return int(rows.model.objects.filter(pk__in=ids).update(**values))
