"""A new SECRET_KEY: what it must not break, and what the command renews."""

import base64
import hashlib
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core import signing
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import override

from channels.partners.models import Delivery, Partner
from channels.partners.secrets import secret_of, signed_headers
from eservices.bank.keys import USE as SECRET_USE
from eservices.bank.models import PartnerSecret
from identity import factors
from org import keys
from org.models import User
from tests.eservices.bank.banks import a_bank

OLD, NEW = "the key of before, which was long enough", "the key of today, which is long enough too"


def test_each_use_has_a_key_of_its_own_and_it_is_that_of_rfc_5869() -> None:
    assert keys.derived(b"secret", "one") != keys.derived(b"secret", "two")
    # openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt key:secret -kdfopt info:sijill:one HKDF
    said = "2552bcae4d7062b3464c64838cdeb38decd0bee6307343deaa0317801188d511"
    assert keys.derived(b"secret", "one").hex() == said


@override_settings(SECRET_KEY=OLD)
def test_what_one_use_enciphered_no_other_opens() -> None:
    kept = keys.encipher("word", use="one")
    assert keys.decipher(kept, use="one") == "word"
    with pytest.raises(keys.InvalidToken):
        keys.decipher(kept, use="two")


def test_a_new_key_opens_what_the_one_before_kept(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    kept, link = keys.encipher("word", use="one"), signing.dumps("link", salt="a")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert keys.decipher(kept, use="one") == "word"
    assert signing.loads(link, salt="a") == "link"
    renewed = keys.renewed(kept, use="one")
    settings.SECRET_KEY_FALLBACKS = []
    assert keys.decipher(renewed, use="one") == "word"
    with pytest.raises(keys.InvalidToken):
        keys.decipher(kept, use="one")


def former(text: str, key: bytes) -> str:
    """As releases before AES-256-GCM kept it."""
    return Fernet(base64.urlsafe_b64encode(key)).encrypt(text.encode()).decode()


@override_settings(SECRET_KEY=OLD)
def test_a_secret_is_kept_by_aes_256_gcm_behind_its_version() -> None:
    kept = keys.encipher("word", use="one")
    version, _, sealed = kept.partition(":")
    assert version == "k1"
    raw = base64.urlsafe_b64decode(sealed)
    key = keys.derived(OLD.encode(), "AES-256-GCM:one")
    assert (len(key), AESGCM(key).decrypt(raw[:12], raw[12:], b"one")) == (32, b"word")
    assert keys.encipher("word", use="one") != kept  # each by a nonce of its own
    for place in range(len(raw)):
        torn = bytearray(raw)
        torn[place] ^= 1
        with pytest.raises(keys.InvalidToken):
            keys.decipher(f"k1:{base64.urlsafe_b64encode(torn).decode()}", use="one")
    for other in ("", "k1:", "k1:AAAA", f"k2:{sealed}", sealed):
        with pytest.raises(keys.InvalidToken):
            keys.decipher(other, use="one")


def test_what_fernet_kept_is_opened_and_renewed(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    for secret in (OLD, NEW):
        kept = former("word", keys.derived(secret.encode(), "one"))
        assert keys.decipher(kept, use="one") == "word"
        renewed = keys.renewed(kept, use="one")
        assert renewed.startswith("k1:")
        assert keys.decipher(renewed, use="one") == "word"


def test_what_a_sealed_row_keeps_outlives_a_new_secret(settings: Any) -> None:
    settings.SECRET_KEY, settings.TRACKING_KEY = OLD, b"t" * 32
    kept = keys.encipher_lasting("AB12", use="identity")
    fernet = former("AB12", hashlib.sha256(b"identity:" + settings.TRACKING_KEY).digest())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, []
    assert kept.startswith("k1:")
    for each in (kept, fernet):
        assert keys.decipher_lasting(each, use="identity") == "AB12"
        with pytest.raises(keys.InvalidToken):
            keys.decipher_lasting(each, use="another")
    settings.TRACKING_KEY = b"u" * 32
    with pytest.raises(keys.InvalidToken):
        keys.decipher_lasting(kept, use="identity")


def test_what_was_kept_before_keys_were_derived_is_opened(settings: Any) -> None:
    settings.SECRET_KEY = OLD
    kept = former("word", hashlib.sha256(f"second step:{OLD}".encode()).digest())
    assert factors.decipher(kept) == "word"


@pytest.mark.django_db
def test_partners_check_messages_by_the_secret_of_before(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    partner = Partner.objects.create(name="Wilaya", webhook_turn=1)
    delivery = Delivery(partner=partner, body="{}")
    now = timezone.now()
    before = signed_headers(delivery, now=now)["webhook-signature"]
    old = secret_of(partner)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert secret_of(partner) != old
    assert before in signed_headers(delivery, now=now)["webhook-signature"].split(" ")
    settings.SECRET_KEY_FALLBACKS = []
    assert before not in signed_headers(delivery, now=now)["webhook-signature"]


@pytest.mark.django_db
def test_the_command_renews_everything_that_is_kept(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    bank = a_bank()
    person = User.objects.create(username="with-an-app")
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": factors.encipher("seed")}
    )
    sealed = PartnerSecret.objects.get()
    text = keys.decipher(sealed.sealed, use=SECRET_USE)
    PartnerSecret.objects.update(sealed=former(text, keys.derived(OLD.encode(), SECRET_USE)))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert bank.fetch().status_code != 401
    out = StringIO()
    with override("fr"), pytest.raises(SystemExit, match="0"):
        call_command("renew_secrets", stdout=out)
    assert out.getvalue().count("– rechiffrées\u00a0: 1, sans clé qui les ouvre\u00a0: 0") == 2
    settings.SECRET_KEY_FALLBACKS = []
    assert bank.fetch().status_code != 401
    assert PartnerSecret.objects.get().sealed.startswith("k1:")
    assert factors.decipher(Authenticator.objects.get().data["secret"]) == "seed"

    PartnerSecret.objects.update(sealed="torn")
    with pytest.raises(SystemExit, match="1"):
        call_command("renew_secrets", stdout=StringIO())
