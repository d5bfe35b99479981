"""Idempotency keys of deposits: repeats give the same letter, other content is refused."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from org.keys import former_digests, lasting_digest
from org.models import User
from registry import chain
from registry.deposit_files import MESSAGE_NAME, CheckedFile, NamedStream
from registry.files.receiving import sha256_of
from registry.models.letters import Letter
from registry.refusals import OtherContentError

Named = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DepositKey:
    """A deposit's key as it is stored, and the words that come with it.

    `says_all`: the key itself is made of what is deposited, so that nothing is left to compare.
    """

    stored: str
    words: Any = None
    says_all: bool = False

    def digest(self, files: Named) -> str:
        """Return the digest of the words and the files: their names and SHA-256, in order."""
        if self.says_all:
            return ""
        said = chain.canonical([self.stored, self.words, [list(file) for file in files]])
        # As ASCII: a name on disk, or a message, need not be whole characters.
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def digest_of(self, files: Sequence[CheckedFile]) -> str:
        """Return the digest of judged files as they came, without the attachments of mails."""
        came = (file for file in files if file.parent is None)
        return self.digest((file.name, file.incoming.stored.sha256) for file in came)


def key_of(actor: User | None, key: str, data: Any, *, says_all: bool) -> DepositKey:
    """Return the key of a deposit with its words: `data` is of `intake.LetterData`."""
    return DepositKey(stored_key(actor, key), words_of(data), says_all)


def stored_key(actor: User | None, key: str) -> str:
    """Return what is stored of a deposit's key; keys of different people never collide."""
    whole = f"{actor.pk if actor else ''}:{key}"
    return hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()


def channel_key(actor: User | None, use: str, text: str) -> str:
    """Return the key of a deposit that a channel found, made of what the text says of it.

    Keyed: whoever knows what was found cannot take its place by depositing something else. What was
    registered before keys lasted has one by SECRET_KEY, or by one before it.
    """
    key = lasting_digest(use, text)
    former = {stored_key(actor, old): old for old in former_digests(use, text)}
    known = Letter.objects.filter(deposit_key__in=[stored_key(actor, key), *former])
    return former.get(known.values_list("deposit_key", flat=True).first() or "", key)


def words_of(data: Any) -> dict[str, Any]:
    """Return a deposit's values beside its files: of `intake.LetterData`, without our notes."""
    return {
        **{name: getattr(data, name) for name in _PLAIN},
        "kind": data.kind.code if data.kind else "",
        "department": data.department.code if data.department else "",
        "parties": [asdict(party) for party in data.parties],
    }


_PLAIN = (
    *("channel", "register", "subject", "document_date", "received_at", "external_reference"),
    *("confidentiality", "language"),
)


def earlier_letter(key: DepositKey) -> Letter | None:
    """Return the letter that was registered with this key."""
    return Letter.objects.filter(deposit_key=key.stored).first()


def same_again(
    letter: Letter, key: DepositKey, files: Iterable[NamedStream], message: str
) -> Letter:
    """Return the letter if it came with these streams and words. Raise OtherContentError."""
    if key.says_all or not letter.deposit_digest:
        return letter
    named = [(file.name, sha256_of(file.stream)) for file in files]
    if message.strip():
        written = hashlib.sha256(message.encode(errors="replace")).hexdigest()
        named.append((MESSAGE_NAME, written))
    return same(letter, key.digest(named))


def same(letter: Letter, digest: str) -> Letter:
    """Return the letter if it came with content of this digest. Raise OtherContentError."""
    if digest and letter.deposit_digest not in ("", digest):
        raise OtherContentError(letter.number)
    return letter
