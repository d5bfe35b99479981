"""Several files of one deposit, each of them a letter of its own."""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from uuid import UUID

from django.conf import settings

from org.models import User
from registry.deposit_files import check_files
from registry.files.receiving import sha256_of
from registry.intake import IncomingFile, LetterData, receive_letter
from registry.models.letters import Letter
from registry.refusals import PASSING, DepositRefusedError, Refusal
from web.pending_uploads import upload_name


class SomeRegisteredError(DepositRefusedError):
    """What passes by itself stopped the deposit midway: `letters` are registered already."""

    def __init__(self, letters: Sequence[Letter], *refusals: Refusal) -> None:
        super().__init__(*refusals)
        self.letters = list(letters)


def register_each(
    data: LetterData, *, actor: User, files: Sequence[IncomingFile], key: str
) -> list[Letter]:
    """Register a letter for each file, in their order; the same file under this key only once.

    Raise DepositRefusedError with every file that is refused, or with what keeps the office from
    judging them: then no letter was registered; and SomeRegisteredError.
    """
    if len(files) > settings.UPLOAD_MAX_FILES:
        raise DepositRefusedError(Refusal("too_many_files"))
    refused: list[Refusal] = []
    for file in files:
        found = _refusals_of(file)
        if any(refusal.code in PASSING for refusal in found):
            raise DepositRefusedError(*found)
        refused += found
    if refused:
        raise DepositRefusedError(*refused)
    done: list[Letter] = []
    for file in files:
        try:
            received = receive_letter(
                data,
                actor=actor,
                files=[file],
                deposit_key=_key_of(key, file),
                key_says_all=True,
            )
        except DepositRefusedError as error:
            if not done:
                raise
            raise SomeRegisteredError(done, *error.refusals) from error
        done.append(received.letter)
    return list({letter.pk: letter for letter in done}.values())


def letters_done(ids: Iterable[str], user: User) -> list[Letter]:
    """Return the letters of these ids that this user registered, in the order of their numbers."""
    wanted = [found for text in list(ids)[: settings.UPLOAD_MAX_FILES] if (found := _uuid(text))]
    rows = Letter.objects.for_lists().filter(pk__in=wanted, registered_by=user)
    return list(rows.prefetch_related("documents").order_by("year", "serial"))


def _refusals_of(file: IncomingFile) -> Sequence[Refusal]:
    with ExitStack() as cleanup:
        try:
            check_files([file], message="", cleanup=cleanup)
        except DepositRefusedError as error:
            return error.refusals
        finally:
            file.stream.seek(0)
    return ()


def _key_of(key: str, file: IncomingFile) -> str:
    """Return the key of a file's letter: the same for the file as sent and as it was kept."""
    digest = sha256_of(file.stream)
    file.stream.seek(0)
    return hashlib.sha256(f"{key}:{upload_name(file.name)}:{digest}".encode()).hexdigest()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
