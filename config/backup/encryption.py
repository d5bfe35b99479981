"""Encryption of backups for recipients, by age (age-encryption.org/v1)."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyrage
from django.utils.translation import gettext as _

_HEADER: Final = b"age-encryption.org/"


class EncryptionError(Exception):
    """A recipient or an identity is not readable, or opens nothing."""


def make_identity(path: Path) -> str:
    """Write a new identity into a file of its own (0600) and return its recipient."""
    made = pyrage.x25519.Identity.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"# recipient: {made.to_public()}\n{made}\n")
    return str(made.to_public())


def encrypt(source: Path, target: Path, recipients: Sequence[str]) -> None:
    """Write the file encrypted for the recipients; a plain copy where there are none."""
    if not recipients:
        shutil.copyfile(source, target)
        return
    try:
        keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError as error:
        raise EncryptionError(_("a recipient begins with age1 and is copied whole")) from error
    pyrage.encrypt_file(str(source), str(target), keys)


def decrypt(source: Path, target: Path, identities: Sequence[str]) -> None:
    """Write what was encrypted; a plain copy where there are no identities."""
    if not identities:
        with source.open("rb") as file:
            if file.read(len(_HEADER)) == _HEADER:
                raise EncryptionError(
                    _("it is encrypted: name the file with the identity (--identity)")
                )
        shutil.copyfile(source, target)
        return
    try:
        keys = [pyrage.x25519.Identity.from_str(one) for one in identities]
        pyrage.decrypt_file(str(source), str(target), keys)
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise EncryptionError(_("none of the identities opens it, or it is damaged")) from error


def identities_in(path: Path) -> list[str]:
    """Return the identities of a file, a line each (# begins a comment). Raise EncryptionError."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except UnicodeDecodeError:
        lines = []
    found = [line for line in lines if line and not line.startswith("#")]
    if not found:
        raise EncryptionError(_("%(file)s holds no identity") % {"file": path})
    return found
