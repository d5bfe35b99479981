"""Setting up: the demo's people open a demo, and no office that the public can reach."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from config.organisation import DEMO_PASSWORD
from org.models import User
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("production", [False, True])
def test_the_password_that_everybody_knows_opens_no_production(
    settings: Any, production: bool
) -> None:
    settings.PRODUCTION = production
    User.objects.filter(username="badr").delete()
    call_command("setup_office")
    logged_in = authenticate(username="badr", password=DEMO_PASSWORD)
    assert logged_in == (None if production else person("badr"))
