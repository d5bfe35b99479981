"""Files of forms that arrive at the same moment: the limits hold, and one file stays one."""

import io
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, connections

from eservices.catalogue.definition import Piece, Text
from eservices.requests.draft_files import ADDRESS_SHARE, files_of, keep_files
from eservices.requests.drafts import begin_draft, sent
from eservices.requests.models import Draft, DraftFile, DraftPart
from registry.intake import IncomingFile
from registry.refusals import Refusal
from tests.eservices.citizens import request_of, service

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "a" * 64
LARGE = 700_000
SEVERAL = Piece("photos", Text(fr="Photos"), accept=("any",), several=True)
ONE = Piece("plan", Text(fr="Plan"), accept=("any",))


def _at_once(drafts: Sequence[Draft], piece: Piece, files: Sequence[IncomingFile]) -> list[Refusal]:
    """Send a file to each of the drafts at once; return what was refused."""
    ready, refused = threading.Barrier(len(files)), list[Refusal]()

    def send(draft: Draft, file: IncomingFile) -> None:
        try:
            ready.wait(timeout=60)
            refused.extend(keep_files(draft, piece, [file], address=ADDRESS))
        finally:
            connections.close_all()

    connection.close()
    senders = [threading.Thread(target=send, args=pair) for pair in zip(drafts, files, strict=True)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(timeout=120)
    return refused


def _file(number: int, size: int = LARGE) -> IncomingFile:
    return IncomingFile(f"{number}.txt", io.BytesIO(f"{number} ".encode() * (size // 2)))


def test_two_files_at_once_do_not_pass_the_limit_of_a_form(settings: Any) -> None:
    settings.HELD_MAX_MB = 1
    draft = begin_draft(service(), language="fr")
    refused = _at_once([draft] * 6, SEVERAL, [_file(number) for number in range(6)])
    assert len(files_of(draft)) == 1
    assert [one.code for one in refused] == ["not_kept"] * 5


def test_forms_of_one_address_do_not_pass_its_share(settings: Any) -> None:
    settings.HELD_MAX_MB = 1
    drafts = [begin_draft(service(), language="fr") for _number in range(ADDRESS_SHARE + 4)]
    files = [_file(number, 900_000) for number in range(len(drafts))]
    refused = _at_once(drafts, SEVERAL, files)
    kept = list(DraftFile.objects.values_list("size", flat=True))
    assert sum(kept) <= ADDRESS_SHARE * 1024 * 1024
    assert len(kept) + len(refused) == len(drafts)


def test_of_a_paper_that_is_one_file_one_stays(settings: Any) -> None:
    draft = begin_draft(service(), language="fr")
    refused = _at_once([draft] * 6, ONE, [_file(number, 1000) for number in range(6)])
    assert refused == []
    [left] = files_of(draft)
    assert DraftFile.objects.count() == 1
    assert set(DraftPart.objects.values_list("file", flat=True)) == {left.pk}


def test_one_file_sent_twice_at_once_is_there_once() -> None:
    draft = begin_draft(service(), language="fr")
    assert _at_once([draft] * 6, SEVERAL, [_file(1, 1000) for _number in range(6)]) == []
    assert [row.name for row in files_of(draft)] == ["1.txt"]
    assert DraftFile.objects.count() == 1


def test_a_file_for_a_form_that_is_full_already_may_be_the_same_again(settings: Any) -> None:
    settings.HELD_MAX_MB = 1
    draft = begin_draft(service(), language="fr")
    assert keep_files(draft, SEVERAL, [_file(1)], address=ADDRESS) == []
    assert keep_files(draft, SEVERAL, [_file(1)], address=ADDRESS) == []
    assert [one.code for one in keep_files(draft, SEVERAL, [_file(2)], address=ADDRESS)] == [
        "not_kept"
    ]


def test_a_file_that_comes_after_the_form_was_sent_is_told_as_not_kept() -> None:
    draft = begin_draft(service(), language="fr")
    sent(draft, request_of(None))
    refused = keep_files(draft, SEVERAL, [_file(1, 100)], address=ADDRESS)
    assert [one.code for one in refused] == ["not_kept"]
    assert not DraftFile.objects.exists()
