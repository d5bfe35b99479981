"""Where the signing keys lie: in files, or in a PKCS#11 token; each key has a name."""

import os
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, unquote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from signer.words import gettext as _

TOKEN: Final = "pkcs11:"  # noqa: S105 - the scheme of an address


class KeyMissingError(Exception):
    """The key is not there, cannot be read, or lies open to others."""


class Key(Protocol):
    """An Ed25519 key that can sign."""

    @property
    def public(self) -> bytes:
        """Return the 32 bytes of the public key."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature."""


class KeyStore(Protocol):
    """A place of keys."""

    def load(self, name: str) -> Key:
        """Return a key. Raise KeyMissingError."""

    def create(self, name: str) -> Key:
        """Make a new key under a name that is free."""

    def forget(self, name: str) -> None:
        """Destroy a key that signs no more."""


def key_store(address: str, folder: Path) -> KeyStore:
    """Return the store of an address: "" for files in `folder`, or a PKCS#11 URI (RFC 7512).

    Raise KeyMissingError for any other.
    """
    if address and not address.startswith(TOKEN):  # else the key would lie in a file unawares
        raise KeyMissingError(
            _("SIGNER_KEY begins with %(token)s, or is not set") % {"token": TOKEN}
        )
    return TokenKeys(address) if address.startswith(TOKEN) else FileKeys(folder)


class FileKey:
    """A key read from a file."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        """Hold the key."""
        self._key = key

    @property
    def public(self) -> bytes:
        """Return the 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature."""
        return self._key.sign(message)


class FileKeys:
    """Keys in PEM files that their owner alone may read."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder."""
        self._folder = folder

    def load(self, name: str) -> Key:
        """Return a key. Raise KeyMissingError."""
        path = self._path(name)
        try:
            if path.stat().st_mode & 0o077:
                words = _("%(file)s is open to others: its mode must be 0600")
                raise KeyMissingError(words % {"file": path.name})
            key = load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError) as error:
            raise KeyMissingError(_("%(file)s cannot be read") % {"file": path.name}) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyMissingError(_("%(file)s is no Ed25519 key") % {"file": path.name})
        return FileKey(key)

    def create(self, name: str) -> Key:
        """Make a new key; the file is on the disk before it is used."""
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file = os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(file, "wb") as out:
            out.write(pem)
            out.flush()
            os.fsync(file)
        return FileKey(key)

    def forget(self, name: str) -> None:
        """Remove the file."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.pem"


class TokenKey:
    """A key that never leaves its token."""

    def __init__(self, private: Any, public: bytes) -> None:
        """Hold the handle of the private key."""
        self._private = private
        self.public = public

    def sign(self, message: bytes) -> bytes:
        """Return the signature."""
        import pkcs11

        return bytes(self._private.sign(message, mechanism=pkcs11.Mechanism.EDDSA))


class TokenKeys:
    """Keys in a PKCS#11 token, by the optional package python-pkcs11.

    Its address: `pkcs11:token=NAME?module-path=/usr/lib/….so&pin-source=/file`.
    """

    def __init__(self, address: str) -> None:
        """Open a session. Raise KeyMissingError."""
        try:
            import pkcs11
        except ImportError as error:
            words = _("SIGNER_KEY names a token: install python-pkcs11")
            raise KeyMissingError(words) from error
        path, _mark, query = address.removeprefix(TOKEN).partition("?")
        parts = dict(part.partition("=")[::2] for part in path.split(";"))
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        pin = asked.get("pin-value", "")
        if "pin-source" in asked:
            pin = Path(asked["pin-source"].removeprefix("file:")).read_text("utf-8").strip()
        try:
            token = pkcs11.lib(asked["module-path"]).get_token(token_label=unquote(parts["token"]))
            self._session = token.open(rw=True, user_pin=pin)
        except (KeyError, OSError, RuntimeError, pkcs11.PKCS11Error) as error:
            words = _("the token cannot be opened: %(why)s") % {"why": repr(error)}
            raise KeyMissingError(words) from error

    def load(self, name: str) -> Key:
        """Return a key. Raise KeyMissingError."""
        import pkcs11

        try:
            private = self._one(name, pkcs11.ObjectClass.PRIVATE_KEY)
            public = self._one(name, pkcs11.ObjectClass.PUBLIC_KEY)
        except pkcs11.PKCS11Error as error:
            words = _("the token has no key %(name)s: %(why)s")
            raise KeyMissingError(words % {"name": name, "why": repr(error)}) from error
        return TokenKey(private, bytes(public[pkcs11.Attribute.EC_POINT])[-32:])

    def create(self, name: str) -> Key:
        """Make a new key in the token, which it cannot leave."""
        import pkcs11
        from pkcs11.util.ec import encode_named_curve_parameters

        curve = self._session.create_domain_parameters(
            pkcs11.KeyType.EC_EDWARDS,
            {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("1.3.101.112")},
            local=True,
        )
        curve.generate_keypair(
            mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=name
        )
        return self.load(name)

    def forget(self, name: str) -> None:
        """Destroy both halves of a key."""
        import pkcs11

        for kind in (pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.ObjectClass.PUBLIC_KEY):
            self._one(name, kind).destroy()

    def _one(self, name: str, kind: Any) -> Any:
        return self._session.get_key(object_class=kind, label=name)
