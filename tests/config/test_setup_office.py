"""Setting up and upgrading leave people alone; the demo's people come into a demo alone."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client

from config.demo_mark import is_demo, load_demo
from config.organisation import DEMO_PASSWORD, load_organisation
from eservices.relations.models import Team
from org.models import Department, LetterKind, Membership, User
from registry.acts import check_acts
from registry.models.registers import Register
from registry.refusals import DepositRefusedError
from routing.models.clocks import DeadlineRule
from routing.models.rules import RoutingRule
from tests.factories import deposit, person

pytestmark = pytest.mark.django_db


def empty() -> None:
    """An office as `migrate` leaves it."""
    for model in (
        Team,
        Membership,
        User,
        Register,
        DeadlineRule,
        RoutingRule,
        Department,
        LetterKind,
    ):
        model._default_manager.all().delete()


def setup(*words: str) -> str:
    said = StringIO()
    call_command("setup_office", *words, stderr=said)
    return said.getvalue()


def demo() -> str:
    said = StringIO()
    call_command("demo", "--prepare", stderr=said)
    return said.getvalue()


def test_an_upgrade_brings_nobody_and_nothing_back() -> None:
    User.objects.filter(username="badr").update(username="b.lahlou")
    Membership.objects.filter(user__username="chafik").delete()
    User.objects.filter(username="chafik").delete()
    LetterKind.objects.filter(code="circular").delete()
    before = [model.objects.count() for model in (User, LetterKind, RoutingRule, DeadlineRule)]
    assert setup() == ""
    assert [m.objects.count() for m in (User, LetterKind, RoutingRule, DeadlineRule)] == before
    assert not User.objects.filter(username__in=["badr", "chafik"]).exists()


def test_an_empty_office_stays_empty_and_says_how_to_begin() -> None:
    empty()
    assert "manage first_run" in setup()
    assert not User.objects.exists()
    assert not Register.objects.exists()
    with pytest.raises(DepositRefusedError) as told:
        deposit()
    assert [refusal.code for refusal in told.value.refusals] == ["not_set_up"]


@pytest.mark.parametrize("path", ["/login/", "/portal/", "/portal/deposit/"])
def test_the_pages_of_an_empty_office_say_so(path: str) -> None:
    word = "n’a pas encore de registre"
    assert word not in Client().get(path).content.decode()
    empty()
    assert word in Client().get(path).content.decode()


def test_a_first_organisation_takes_letters_and_opens_to_nobody() -> None:
    empty()
    User.objects.create_superuser("moi", password="un mot de passe à moi")
    setup("--organisation", "utility")
    assert deposit(actor=User.objects.get(username="moi")).letter.number
    assert RoutingRule.objects.exists()
    assert Department.objects.get(head_office=True).code == "BO"
    assert User.objects.count() == 1
    assert not is_demo()
    with pytest.raises(CommandError) as told:
        setup("--organisation", "commune")
    assert told.value.returncode == 2
    with pytest.raises(CommandError):
        setup("--organisation", "demo")


def test_the_demo_comes_into_an_empty_office_and_is_known_again() -> None:
    empty()
    demo()
    assert is_demo()
    assert authenticate(username="badr", password=DEMO_PASSWORD) == person("badr")
    deposit()
    User.objects.create_user("guest")
    Membership.objects.filter(user__username="chafik").delete()
    User.objects.filter(username="chafik").delete()
    demo()
    assert person("chafik")
    assert list(check_acts()) == []


def test_the_demo_does_not_come_into_a_real_office() -> None:
    empty()
    setup("--organisation", "utility")
    with pytest.raises(CommandError) as told:
        demo()
    assert told.value.returncode == 2
    assert not User.objects.filter(username="badr").exists()


def test_an_office_of_its_own_people_is_no_demo_even_where_they_kept_the_password() -> None:
    deposit()  # not a sample
    User.objects.filter(username="badr").delete()
    with pytest.raises(CommandError):
        demo()
    assert not User.objects.filter(username="badr").exists()


def test_a_demo_of_before_the_mark_is_recognised() -> None:
    from config.demo_walk import deposit_key_of, load_samples
    from registry.intake import LetterData, receive_letter

    key = deposit_key_of(load_samples()[0].key)
    data = LetterData(channel="counter", subject="Fuite")
    receive_letter(data, actor=person("amina"), message="Bonjour", deposit_key=key)
    demo()
    assert is_demo()


def test_a_demo_of_before_the_mark_without_letters_is_recognised() -> None:
    load_organisation()
    load_demo()
    assert is_demo()


def test_no_demo_in_production(settings: Any) -> None:
    empty()
    settings.PRODUCTION = True
    with pytest.raises(CommandError) as told:
        demo()
    assert told.value.returncode == 2
    assert not User.objects.exists()


def test_a_demo_does_not_become_a_production(settings: Any) -> None:
    load_demo()
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="PRODUCTION"):
        call_command("up")
