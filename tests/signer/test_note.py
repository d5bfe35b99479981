"""Signed notes, checkpoints and cosignatures, byte by byte as C2SP gives them."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signer.note import (
    COSIGNATURE,
    Checkpoint,
    Note,
    NoteError,
    VerifierKey,
    read_checkpoint,
    read_key,
    read_note,
    signed,
    verified,
)

# The example of golang.org/x/mod/sumdb/note, on which the specification rests.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"
    "tpRZb6KE6RyyBwJnAM=\n"
)


def test_the_example_of_the_specification_is_verified() -> None:
    key = read_key(PETER)
    assert verified(read_note(EXAMPLE), [key]) == {key: 0}
    assert str(key) == PETER
    assert str(read_note(EXAMPLE)) == EXAMPLE
    with pytest.raises(NoteError):
        verified(read_note(EXAMPLE.replace("answer", "solution")), [key])


def test_a_checkpoint_is_signed_timed_and_read_again() -> None:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    told = Checkpoint("office.example/register", 7, b"\x01" * 32)
    key = VerifierKey(told.origin, public)
    timed = VerifierKey("witness.example", public, COSIGNATURE)
    lines = [signed(told.text, key, private.sign), signed(told.text, timed, private.sign, at=99)]
    note = read_note(str(Note(told.text, tuple(lines))))
    assert verified(note, [key, timed]) == {key: 0, timed: 99}
    assert verified(note, [VerifierKey("other", public)]) == {}
    assert read_checkpoint(str(note)) == told
    later = Note(told.text, (signed(told.text, timed, private.sign, at=99),))
    value = bytearray(later.signatures[0].signature)
    value[7] ^= 1  # its time
    forged = Note(told.text, (type(later.signatures[0])(timed.name, timed.key_id, bytes(value)),))
    with pytest.raises(NoteError):
        verified(forged, [timed])


@pytest.mark.parametrize(
    "text",
    ["", "x", "a\n\n", "a\n\nb", "a\n\n- n AAAA\n", "a\n\n\u2014 n !\n", "a\n\n\u2014  AAAAAAAA\n"],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_note(text)


@pytest.mark.parametrize(
    "text", ["o\n1\n", "o\n01\n" + "A" * 43 + "=\n", "o\nx\nAAAA\n", "\n1\nA\n"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_checkpoint(text)


@pytest.mark.parametrize(
    "text", ["", "a", "a+b+c", PETER.replace("c74f", "c74e"), " " + PETER[12:]]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_key(text)
