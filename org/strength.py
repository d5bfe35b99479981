"""How strong the key of a pair must be: 128 bits of security where the office may choose.

An RSA key has them from 3072 bits on, a curve from 256 (NIST SP 800-57, part 1, table 2).
"""

from typing import Final

OWN_BITS: Final = 3072  # of RSA keys by which the office signs
PEERS_BITS: Final = 2048  # of those by which providers of identities sign: what most have
CURVE_BITS: Final = 256


def is_strong(key: object, *, rsa_bits: int) -> bool:
    """Return whether a key (private or public) is RSA of that many bits, or on a strong curve."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    match key:
        case rsa.RSAPrivateKey() | rsa.RSAPublicKey():
            return key.key_size >= rsa_bits
        case ec.EllipticCurvePrivateKey() | ec.EllipticCurvePublicKey():
            return key.curve.key_size >= CURVE_BITS
    kinds = (ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey)
    return isinstance(key, (*kinds, ed448.Ed448PrivateKey, ed448.Ed448PublicKey))
