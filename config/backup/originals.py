"""Which originals an office has: every hash that a row names, part by part for flat memory."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.apps import apps
from django.db import connection
from django.db.models import CharField, Model

from registry.files.vault import get_vault
from registry.models.files import StoredFile

PARTS: Final = [f"{number:02x}" for number in range(256)]  # the first digits of a hash
Named = tuple[str, int, bool]  # hash, bytes, whether it must be in the vault


def named_by_part() -> Iterator[tuple[str, Iterator[Named]]]:
    """Yield each part's first digits with the originals that rows name in it.

    What the register holds must be in the vault. Mails that were set aside and batches of scans are
    too; other tables keep hashes of what was never stored: those are not checked here.
    """
    others = list(_others())
    for part in PARTS:
        yield part, _named_in(part, others)


def _named_in(part: str, tables: Sequence[type[Model]]) -> Iterator[Named]:
    span = {"sha256__gte": part, "sha256__lt": f"{part}g"}
    rows = StoredFile.objects.filter(**span).order_by("sha256").values_list("sha256", "size")
    stored = set()
    for sha256, size in rows.iterator(chunk_size=2000):
        stored.add(sha256)
        yield sha256, size, True
    others: set[str] = set()
    for model in tables:
        names = model._default_manager.filter(**span).values_list("sha256", flat=True)
        others.update(names.iterator(chunk_size=2000))
    for sha256 in sorted(others - stored):
        if len(sha256) == 64:
            yield sha256, 0, False


def in_vault(sha256: str) -> bool:
    """Return whether the vault holds it. Raise VaultError where it is away."""
    return get_vault().has(sha256)


def _others() -> Iterator[type[Model]]:
    """Yield the other tables with hashes, as far as an office of an older version has them."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models():
            names = {field.name: field for field in model._meta.concrete_fields}
            table = model._meta.db_table
            if model is StoredFile or not isinstance(names.get("sha256"), CharField):
                continue
            if table in tables:
                columns = connection.introspection.get_table_description(cursor, table)
                if "sha256" in {column.name for column in columns}:
                    yield model
