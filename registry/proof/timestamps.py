"""Timestamp tokens (RFC 3161): what was stamped, when and by whom, and whether that is true."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, tsp, x509
from cryptography import x509 as certificates
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID

_HASHES: dict[str, type[HashAlgorithm]] = {"sha256": SHA256, "sha384": SHA384, "sha512": SHA512}


class TokenError(ValueError):
    """Something is no timestamp token, or its signature is false."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a token states: the hash that was stamped, the moment, the authority's name."""

    imprint: bytes
    at: datetime
    authority: str
    certificate: certificates.Certificate


def read_token(der: bytes) -> Token:
    """Return what a token, or a response with one, states. Raise TokenError.

    Its signature is checked against the certificate that it carries, which must be one for
    timestamps; whether that is to be trusted is `is_issued_by`.
    """
    try:
        return _read(der)
    except (ValueError, TypeError, KeyError, IndexError, InvalidSignature) as error:
        raise TokenError("its signature is false, or it is no timestamp token") from error


def is_issued_by(token: Token, roots: Sequence[certificates.Certificate]) -> bool:
    """Return whether the authority's certificate is one of these, or was signed by one."""
    for root in roots:
        if token.certificate == root:
            return True
        try:
            token.certificate.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return True
    return False


def _read(der: bytes) -> Token:
    content = cms.ContentInfo.load(der, strict=True)
    if not isinstance(content.native, dict) or "content_type" not in content.native:
        raise TokenError("this is no timestamp token")
    if content["content_type"].native != "signed_data":
        raise TokenError("this is no timestamp token")
    return _signed(content["content"])


def _signed(data: Any) -> Token:
    encapsulated = data["encap_content_info"]
    if encapsulated["content_type"].native != "tst_info":
        raise TokenError("this is no timestamp token")
    raw = encapsulated["content"].contents
    info: Any = tsp.TSTInfo.load(raw)
    signer = data["signer_infos"][0]
    certificate = _certificate(data, signer)
    method = _HASHES[signer["digest_algorithm"]["algorithm"].native]()
    attributes = {each["type"].native: each["values"][0].native for each in signer["signed_attrs"]}
    digest = hashlib.new(method.name, raw).digest()
    if attributes["message_digest"] != digest or attributes["content_type"] != "tst_info":
        raise TokenError("its signature is of another content")
    told = signer["signed_attrs"].untag().dump()
    _verify(certificate, signer["signature"].native, told, method)
    imprint = info["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise TokenError("it stamps no SHA-256")
    name = certificate.subject.rfc4514_string()
    return Token(imprint["hashed_message"].native, info["gen_time"].native, name, certificate)


def _certificate(data: Any, signer: Any) -> certificates.Certificate:
    """Return the signer's certificate, which must be for timestamps."""
    serial = signer["sid"].chosen["serial_number"].native
    for choice in data["certificates"]:
        one: x509.Certificate = choice.chosen
        if one.serial_number == serial and one.issuer == signer["sid"].chosen["issuer"]:
            found = certificates.load_der_x509_certificate(one.dump())
            usage = found.extensions.get_extension_for_class(certificates.ExtendedKeyUsage)
            if ExtendedKeyUsageOID.TIME_STAMPING in usage.value:
                return found
    raise TokenError("it does not carry the authority's certificate")


def _verify(
    certificate: certificates.Certificate, signature: bytes, told: bytes, method: HashAlgorithm
) -> None:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, told, padding.PKCS1v15(), method)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, told, ec.ECDSA(method))
    else:
        raise TokenError("its key is of an unknown kind")
