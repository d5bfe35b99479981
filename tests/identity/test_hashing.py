"""Passwords are hashed by Argon2id; those of earlier versions still open, and are hashed anew."""

from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from config import signing_in

PASSWORD = "Une phrase assez longue 7"


@pytest.fixture(autouse=True)
def _as_in_an_office(settings: Any) -> None:
    settings.PASSWORD_HASHERS = signing_in.PASSWORD_HASHERS


def test_a_new_password_is_argon2id_with_the_recommended_cost() -> None:
    assert make_password(PASSWORD).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_of_an_earlier_version_opens_and_asks_to_be_hashed_anew() -> None:
    earlier = make_password(PASSWORD, hasher="pbkdf2_sha256")
    renewed: list[str] = []
    assert check_password(PASSWORD, earlier, renewed.append)
    assert renewed == [PASSWORD]
    assert not check_password("Une autre phrase 8", earlier, renewed.append)
    assert renewed == [PASSWORD]


def test_a_cheaper_argon2_is_hashed_anew() -> None:
    cheap = make_password(PASSWORD).replace("t=2", "t=1")
    assert identify_hasher(cheap).must_update(cheap)
