"""Keys of pairs: which are strong enough."""

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from org.strength import OWN_BITS, PEERS_BITS, is_strong

# Numbers that keys of 3072 bits are made with, as this library finds them: a search takes seconds.
NUMBERS = (
    """
    9a9f549e4094a4e8f0c199b05c02d09f7dcd467487ba0c944201e06968a3b1e981cfba58268806edf83dc89eb479
    cc454162689aaee4d48509747cbe6543b1c6e2c973bef0a27be4808604bbb5650d20e74945242643ec37d3fb5bbf
    792ac93d8e8cf2e15cc31369d5b2707bf3a8d4a2f29cbbd637c0e15926fa4a345aebb86a171aa3ac2f687bf1aa35
    11f43a4fccd24950c0223b42b6e0208f22ccbd00587337fe949ce2e9b4d14700f00ba6ee69d3b5b77049a94c8e7e
    59b236a4f2f82298486de531dccbdb79ee3e5afad55c84717fd9b10e27d071230332de18eb8e1076878a09092e6f
    47098811cc9228ea0ec633bd1fbc0e4094eb21d99b7a953f74280ff6902cf86411df3fc01cb7b8419ea4c98e208d
    f7ad7b8824b2f9806d1e29f1783f6fadf1f946d706a605bfbe246ae088781b49072b2cd9dc891e14267acfe8ddf7
    8c7ac1654803e82824650dfa516515c9b282774b25dc4f0a9425248c45013cceccacf3090611cc9f4c0d058d0ead
    f79bf7e205b3b06c02a003efb7f66655
""",
    """
    94456994cacef16e4fe72771b9e2d6a9b4afca7dbda51266a9f47626d727f625
""",
    """
    3c0e5c60dd2205b2b96527559deed7ba64721d1b932c1467490867fedcc0c23a9c7cf8a98f4f587cd490d6efb858
    e2fb57904c4997e2ed7e74ec865407f52cd64c52e654935357a5d0ebd79a3dc803c0b6ff998d0c36aaf45afca670
    884241c5267e8fd131fe2c1984f48c1620efc2b2a6dc7a9ddf57428bfdb4fcb7c723d0a749ad56431298217af3fe
    006f30cceb579b8362b2455ba5d3653d7dcf27e1907bc69d1a8f07b7b9baed32d5a1828d19c094b18401b6ac07e8
    b7443c4ca78bba0614e14e57cd64b761c3abb2a354385c65be44febd8b8c27da813532533bc4772bcb7a8198d9b4
    9d977c86084a34fa5c2452ab5e2d69f669ae77077e44773510dab69d7113e920fbde323bb40d9abdfcfc32b83296
    e3c4ed2be236a9ad033d90028eab29501ab83759591362ed0c3fa8042644020543b7d6e7b9d6e4086d10c62e9e91
    894deb504cce5e92099b21658d7c32f13f5c3b0ba9923e93a655f26aaa1e57ae916ebbe761c17d627b47e41b5832
    6d1420636fa09bf6184e23b34d9eff10
""",
)
DSA = dsa.DSAParameterNumbers(*(int("".join(one.split()), 16) for one in NUMBERS)).parameters()


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
    assert DSA.parameter_numbers().p.bit_length() == 3072
    assert not is_strong(DSA.generate_private_key(), rsa_bits=OWN_BITS)
    assert not is_strong(b"a shared secret", rsa_bits=OWN_BITS)
    assert not is_strong(None, rsa_bits=OWN_BITS)
