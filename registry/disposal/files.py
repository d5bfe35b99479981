"""Files of letters that were disposed of: deleted from the vault once nothing else needs them."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from jobs.errors import Unavailable
from jobs.table import Progress
from registry.disposal.rules import rules
from registry.files.receiving import VaultError
from registry.files.stored import lock_files
from registry.files.vault import get_vault
from registry.models.disposal import DisposalEntry, GoneFile
from registry.models.documents import Document
from registry.models.files import StoredFile
from registry.models.marks import FileMark
from registry.models.receipts import Receipt

BATCH: Final = 100
_STAYS: Final = {"locked": GoneFile.State.LOCKED, "refused": GoneFile.State.REFUSED}
_STUBS: Final = (Document, Receipt)  # rows that stay and name files that do not


def hashes_of(letter_id: UUID) -> list[dict[str, Any]]:
    """Return hash, size and table of every file that is the letter's, the documents first."""
    found: dict[str, dict[str, Any]] = {}
    own = [(model, model._default_manager.filter(letter_id=letter_id)) for model in _STUBS]
    rows: list[tuple[Any, Any]] = [*own]
    each: Any
    for each in rules().emptied:
        rows.append((apps.get_model(each.label), each.rows(letter_id)))
    for model, of_letter in rows:
        for name in _columns(model):
            known = StoredFile.objects.filter(pk__in=of_letter.values(name)).order_by("sha256")
            for sha256, size in known.values_list("sha256", "size"):
                found.setdefault(sha256, _as_json(sha256, size, model._meta.label_lower))
    for ask in rules().files:
        for sha256 in sorted(ask(letter_id)):
            found.setdefault(sha256, _as_json(sha256, 0, "scan"))
    return list(found.values())


def _as_json(sha256: str, size: int, table: str) -> dict[str, Any]:
    return {"sha256": sha256, "size": size, "of": table}


def _columns(model: type[Model]) -> list[str]:
    if model is FileMark:
        return []
    fields = model._meta.concrete_fields
    return [field.name for field in fields if field.related_model is StoredFile]


def mark_gone(entry: DisposalEntry) -> None:
    """Write down which files are to be deleted: those that nothing else needs."""
    hashes = {one["sha256"] for one in entry.files}
    lock_files(hashes)
    for sha256 in sorted(hashes - still_needed(hashes)):
        values = {"disposal": entry.disposal, "at": timezone.now()}
        GoneFile.objects.get_or_create(sha256=sha256, defaults=values)


def still_needed(hashes: Iterable[str]) -> set[str]:
    """Return those of these files that a row other than a stub still names."""
    wanted = set(hashes)
    needed: set[str] = set()
    for model in apps.get_models():
        for name in _columns(model):
            rows = model._base_manager.filter(**{f"{name}__sha256__in": wanted})
            if model in _STUBS:
                rows = rows.filter(letter__disposal=None)
            needed |= set(rows.values_list(f"{name}__sha256", flat=True))
    for ask in rules().needed:
        needed |= ask(wanted)
    return needed & wanted


def delete_files(rows: Any) -> Iterator[str]:
    """Delete the files of these rows that wait or were locked; yield the state of each.

    Raise jobs' Unavailable while the vault does not answer.
    """
    last = 0
    while ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = ids[-1]
        for pk in ids:
            yield _delete_one(pk)


def _delete_one(pk: int) -> str:
    """Delete one, in a transaction that a deposit of the same bytes waits for."""
    with transaction.atomic():
        name = GoneFile.objects.filter(pk=pk).values_list("sha256", flat=True)
        lock_files(name)  # before the row, as a deposit does
        row = GoneFile.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None or row.state == GoneFile.State.GONE:
            return row.state if row else ""
        if still_needed([row.sha256]):
            row.delete()
            return ""
        try:
            get_vault().delete(row.sha256)
            row.state, row.locked_until = GoneFile.State.GONE, None
        except VaultError as error:
            if error.code not in _STAYS:
                raise Unavailable("vault_away", str(error)) from error
            row.state, row.locked_until = _STAYS[error.code], error.until
        for forget in rules().forget:
            forget(row.sha256)
        row.at = timezone.now()
        row.save()
    return row.state


def not_gone() -> Any:
    """Return the rows whose files are still there."""
    return GoneFile.objects.exclude(state=GoneFile.State.GONE)


def files_work(_subject: str, progress: Progress) -> None:
    """Try again, each night, what was locked or refused or is left over from a list."""
    for done, _state in enumerate(delete_files(not_gone()), 1):
        progress(done, 0)
