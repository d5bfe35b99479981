"""Several files of one deposit, each of them a letter of its own."""

import hashlib
from collections.abc import Iterable, Sequence

from django.conf import settings

from org.models import User
from org.uuids import uuid_or_none
from registry.deposit_files import refusals_of
from registry.deposit_keys import stored_key
from registry.intake import IncomingFile, LetterData, receive_letter
from registry.models.letters import Letter
from registry.refusals import PASSING, DepositRefusedError, Refusal
from web.pending_uploads import identity_of
from web.register_away import register_away


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
        found = refusals_of(file)
        if any(refusal.code in PASSING for refusal in found):
            raise DepositRefusedError(*found)
        refused += found
    if refused:
        raise DepositRefusedError(*refused)
    together, left = _not_in(_letter_of(actor, key), files)
    done: list[Letter] = together
    for file in left:
        try:
            with register_away():
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


def register_rest(
    data: LetterData, *, actor: User, files: Sequence[IncomingFile], message: str, key: str
) -> list[Letter]:
    """Register as one letter what no deposit of this key registered as letters of their own.

    Return that letter, after those of before. Raise DepositRefusedError.
    """
    keys = [stored_key(actor, _key_of(key, file)) for file in files]
    found = {row.deposit_key: row for row in Letter.objects.filter(deposit_key__in=keys)}
    left = [file for file, one in zip(files, keys, strict=True) if one not in found]
    done = list({found[one].pk: found[one] for one in keys if one in found}.values())
    if done and not left and not message.strip():
        return done
    with register_away():
        received = receive_letter(data, actor=actor, files=left, message=message, deposit_key=key)
    return [*done, received.letter]


def letters_done(ids: Iterable[str], user: User) -> list[Letter]:
    """Return the letters of these ids that this user registered, in the order of their numbers."""
    first = list(ids)[: settings.UPLOAD_MAX_FILES]
    wanted = [found for text in first if (found := uuid_or_none(text))]
    rows = Letter.objects.for_lists().filter(pk__in=wanted, registered_by=user)
    return list(rows.prefetch_related("documents").order_by("year", "serial"))


def _letter_of(actor: User, key: str) -> Letter | None:
    """Return the letter that files of this key became together."""
    return Letter.objects.filter(deposit_key=stored_key(actor, key)).first()


def _not_in(
    letter: Letter | None, files: Sequence[IncomingFile]
) -> tuple[list[Letter], list[IncomingFile]]:
    """Return the letter where one of the files is in it, and the files that are in none."""
    if letter is None:
        return [], list(files)
    known = set(letter.documents.values_list("file__sha256", flat=True))
    left = [file for file in files if identity_of(file)[1] not in known]
    return [letter] if len(left) < len(files) else [], left


def _key_of(key: str, file: IncomingFile) -> str:
    name, sha256 = identity_of(file)
    return hashlib.sha256(f"{key}:{name}:{sha256}".encode()).hexdigest()
