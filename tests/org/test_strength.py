"""Keys of pairs: which are strong enough."""

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from org.strength import OWN_BITS, PEERS_BITS, is_strong


@pytest.mark.parametrize(("bits", "own", "peers"), [(1024, False, False), (2048, False, True),
                                                    (3072, True, True)])  # fmt: skip
def test_rsa_is_judged_by_its_length(bits: int, own: bool, peers: bool) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    for either in (key, key.public_key()):
        assert is_strong(either, rsa_bits=OWN_BITS) is own
        assert is_strong(either, rsa_bits=PEERS_BITS) is peers


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_curves_of_256_bits_are_strong(curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)
    assert is_strong(key, rsa_bits=OWN_BITS)
    assert is_strong(key.public_key(), rsa_bits=OWN_BITS)


def test_edwards_curves_are_strong() -> None:
    for key in (ed25519.Ed25519PrivateKey.generate(), ed448.Ed448PrivateKey.generate()):
        assert is_strong(key, rsa_bits=OWN_BITS)
        assert is_strong(key.public_key(), rsa_bits=OWN_BITS)


def test_what_is_weak_or_unknown_is_not() -> None:
    assert not is_strong(ec.generate_private_key(ec.SECP224R1()), rsa_bits=OWN_BITS)
    assert not is_strong(dsa.generate_private_key(key_size=3072), rsa_bits=OWN_BITS)
    assert not is_strong(b"a shared secret", rsa_bits=OWN_BITS)
    assert not is_strong(None, rsa_bits=OWN_BITS)
