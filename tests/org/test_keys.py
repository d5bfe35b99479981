"""A new SECRET_KEY: what it must not break, and what the command renews."""

import base64
import hashlib
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core import signing
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from channels.partners.models import Delivery, Partner
from channels.partners.secrets import secret_of, signed_headers
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


def test_what_was_kept_before_keys_were_derived_is_opened(settings: Any) -> None:
    settings.SECRET_KEY = OLD
    plain = hashlib.sha256(f"second step:{OLD}".encode()).digest()
    kept = Fernet(base64.urlsafe_b64encode(plain)).encrypt(b"word").decode()
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
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert bank.fetch().status_code != 401
    out = StringIO()
    with pytest.raises(SystemExit, match="0"):
        call_command("renew_secrets", stdout=out)
    assert out.getvalue().count("1 enciphered anew, 0 that no key opens") == 2
    settings.SECRET_KEY_FALLBACKS = []
    assert bank.fetch().status_code != 401
    assert factors.decipher(Authenticator.objects.get().data["secret"]) == "seed"

    PartnerSecret.objects.update(sealed="torn")
    with pytest.raises(SystemExit, match="1"):
        call_command("renew_secrets", stdout=StringIO())
