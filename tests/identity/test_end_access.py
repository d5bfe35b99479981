"""`manage end_access`: a lost second step is taken off, all that stood open ends, on record."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.utils.translation import override

from identity.models import ApiToken, KnownDevice, SecurityEvent
from identity.tokens import make_token
from org.models import User
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def badr() -> User:
    """Badr with an app for codes and a token for a machine."""
    who = person("badr")
    Authenticator.objects.create(user=who, type=Authenticator.Type.TOTP, data={"secret": "x"})
    make_token(person=who, name="Sauvegarde", access="read")
    return who


def test_a_lost_second_step_is_taken_off_and_everything_ends(badr: User) -> None:
    out = StringIO()
    with override("fr"):
        call_command("end_access", "badr", "--second-step", stdout=out)
    assert out.getvalue().splitlines() == [
        "L’application, les clés d’accès et les codes de secours ont été supprimés.",
        "Les sessions, les jetons d’API et les appareils connus ont pris fin.",
    ]
    assert not Authenticator.objects.filter(user=badr).exists()
    assert not ApiToken.objects.filter(person=badr, revoked_at=None).exists()
    assert not KnownDevice.objects.filter(person=badr).exists()
    kinds = set(SecurityEvent.objects.filter(subject=badr).values_list("kind", flat=True))
    assert {"factor_removed", "access_ended"} <= kinds
    badr.refresh_from_db()
    assert badr.is_active


def test_without_the_word_the_second_step_stays(badr: User) -> None:
    call_command("end_access", "badr")
    assert Authenticator.objects.filter(user=badr).exists()
    assert not ApiToken.objects.filter(person=badr, revoked_at=None).exists()


def test_nobody_of_that_name_is_said() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("end_access", "nobody", "--second-step")
    assert refused.value.returncode == 2


def test_a_second_step_that_was_not_there_is_not_on_record_as_removed() -> None:
    out = StringIO()
    with override("fr"):
        call_command("end_access", person("badr").username, "--second-step", stdout=out)
    assert out.getvalue().startswith("Il n’y avait pas de seconde étape.")
    assert not SecurityEvent.objects.filter(kind="factor_removed").exists()
