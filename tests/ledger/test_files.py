"""Files of no letter, as a bill's, are told by entries; a deposit's new files are too."""

from collections.abc import Iterable

import pytest
from django.db import connection

from ledger.proving import check_ledger
from registry import append_only
from registry.deposit_files import keep_one
from registry.models.files import StoredFile
from registry.verification import verify_register
from tests.factories import deposit, text_file

pytestmark = pytest.mark.django_db


def found() -> set[tuple[str, str]]:
    return {(problem.code, problem.row) for problem in check_ledger()}


def set_hashes(hashes: Iterable[tuple[StoredFile, str]]) -> None:
    """Write the hashes as the database's owner can."""
    key = StoredFile._meta.get_field("id")
    with connection.cursor() as cursor:
        for row, sha256 in hashes:
            cursor.execute(
                "UPDATE registry_storedfile SET sha256 = %s WHERE id = %s",
                [sha256, key.get_db_prep_value(row.pk, connection)],
            )


def test_two_files_of_no_letter_that_change_places_are_named() -> None:
    first, second = keep_one(text_file("Facture 1")), keep_one(text_file("Facture 2"))
    assert found() == set()
    append_only.remove(connection)
    set_hashes(((first, "0" * 64), (second, first.sha256), (first, second.sha256)))
    assert found() == {("row_edited", f"registry.storedfile/{one.pk}") for one in (first, second)}


def test_a_deposit_enters_its_new_files_and_leaves_those_that_were_known() -> None:
    known = keep_one(text_file("Plan"))
    letter = deposit(files=[text_file("Lettre"), text_file("Plan")]).letter
    assert {one.file_id for one in letter.documents.all()} >= {known.pk}
    assert list(verify_register()) == []
