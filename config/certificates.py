"""An authority for the services of one composition, and a certificate for each of them.

    python -m config.certificates FOLDER NAME=UID …

FOLDER/authority holds the authority's key; FOLDER/office only its certificate, by which the office
knows its services; FOLDER/NAME what that service shows. Each is a volume of its own, so that nobody
sees another one's key. Run again, it renews what ends within `RENEW`; it reads no settings.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIFE: Final = timedelta(days=3650)
LIFE: Final = timedelta(days=730)
RENEW: Final = timedelta(days=60)  # the health page tells of those that end within thirty
_FORMER: Final = "former.pem"
_PEM: Final = serialization.Encoding.PEM
_CLOCKS: Final = timedelta(hours=1)  # that another machine's clock may be behind


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def main(arguments: Sequence[str]) -> int:
    """Make what is missing, renew what ends soon, and say which. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m config.certificates", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("services", nargs="+", metavar="NAME=UID", type=_service)
    asked = parser.parse_args(arguments)
    try:
        renewed = renew(asked.folder, dict(asked.services))
    except OSError as error:
        sys.stderr.write(f"The certificates were not made: {error}\n")
        return 1
    restart = f"Made: {', '.join(renewed)}. Restart those services that run already"
    restart += ", first the office and the proxy" if "authority" in renewed else ""
    sys.stdout.write(f"{restart}.\n" if renewed else "All certificates last.\n")
    return 0


def renew(folder: Path, services: dict[str, int], *, now: datetime | None = None) -> list[str]:
    """Make the authority and the certificate of each service, named with the user of its key.

    Those that last stay. What the authority before made is trusted, and lasts, for as long as it
    would have: its own life is longer. Return the names of what was made.
    """
    moment = now or datetime.now(UTC)
    authority = _read(folder / "authority")
    made = []
    if authority is None or _ends_within(authority.certificate, LIFE, moment):
        if authority is not None:
            before = authority.certificate.public_bytes(_PEM)
            _put(folder / "authority" / _FORMER, before, mode=0o644, uid=os.geteuid())
        authority = _make_authority(moment)
        _write(folder / "authority", authority, uid=os.geteuid())
        made.append("authority")
    trusted = [authority.certificate, *_former(folder / "authority", moment)]
    shown = b"".join(one.public_bytes(_PEM) for one in trusted)
    for name, uid in services.items():
        known = _read(folder / name)
        if known is None or not any(_lasts(known, one, name, moment) for one in trusted):
            _write(folder / name, _make(name, authority, moment), uid=uid)
            made.append(name)
        _put(folder / name / "ca.pem", shown, mode=0o644, uid=uid)
    _put(folder / "office" / "ca.pem", shown, mode=0o644, uid=os.geteuid())
    return made


def _former(folder: Path, now: datetime) -> list[x509.Certificate]:
    """Return the certificate of the authority before, while it has not ended."""
    try:
        known = x509.load_pem_x509_certificate((folder / _FORMER).read_bytes())
    except (FileNotFoundError, ValueError):
        return []
    return [] if _ends_within(known, timedelta(0), now) else [known]


def _service(word: str) -> tuple[str, int]:
    name, _equals, uid = word.partition("=")
    if not name or name in {"authority", "office"} or "/" in name or not uid.isdecimal():
        raise argparse.ArgumentTypeError(f"{word!r} is not NAME=UID")
    return name, int(uid)


def _read(folder: Path) -> Pair | None:
    """Return what lies in the folder; None where it is not whole."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / "cert.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), None)
    except (FileNotFoundError, ValueError):
        return None
    belongs = isinstance(key, ec.EllipticCurvePrivateKey) and (
        key.public_key() == certificate.public_key()
    )
    return Pair(certificate, key) if belongs else None  # type: ignore[arg-type]


def _lasts(known: Pair, authority: x509.Certificate, name: str, now: datetime) -> bool:
    """Return whether a certificate is of this authority, for that name, and does not end soon."""
    try:
        known.certificate.verify_directly_issued_by(authority)
        names = known.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (InvalidSignature, ValueError, x509.ExtensionNotFound):
        return False
    named = name in names.value.get_values_for_type(x509.DNSName)
    return named and not _ends_within(known.certificate, RENEW, now)


def _ends_within(certificate: x509.Certificate, span: timedelta, now: datetime) -> bool:
    return certificate.not_valid_after_utc < now + span


def _make_authority(now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Sijill, authority of this composition")
    builder = _builder(name, name, key, now, AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    return Pair(builder.sign(key, hashes.SHA256()), key)


def _make(name: str, authority: Pair, now: datetime) -> Pair:
    """Make a certificate for the service's name and, for its own health check, for its machine."""
    import ipaddress

    key, issuer = ec.generate_private_key(ec.SECP256R1()), authority.certificate.subject
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.DNSName("localhost"), here])
    builder = _builder(_name(name), issuer, key, now, LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
    )
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = builder.add_extension(issued_by, critical=False)
    return Pair(builder.sign(authority.key, hashes.SHA256()), key)


def _builder(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write(folder: Path, pair: Pair, *, uid: int) -> None:
    """Write key and certificate; interrupted in between they do not fit, and are made anew."""
    secret = pair.key.private_bytes(
        _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _put(folder / "key.pem", secret, mode=0o600, uid=uid)
    _put(folder / "cert.pem", pair.certificate.public_bytes(_PEM), mode=0o644, uid=uid)


def _put(file: Path, content: bytes, *, mode: int, uid: int) -> None:
    """Write a file whole or not at all; nobody else can read it at any moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
        os.fchmod(stream.fileno(), mode)
        if uid != os.geteuid():
            os.fchown(stream.fileno(), uid, -1)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
