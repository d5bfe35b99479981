"""On whose behalf a command works."""

import pytest
from django.core.management.base import CommandError

from org.models import User
from org.table_command import actor_of

pytestmark = pytest.mark.django_db


def test_the_actor_of_a_command_is_an_active_person(amina: User, badr: User) -> None:
    User.objects.filter(pk=badr.pk).update(is_active=False)
    assert actor_of("") is None
    assert actor_of("amina") == amina
    for name in ("badr", "nobody", "am\udcffina"):  # an argument need not be text
        with pytest.raises(CommandError) as refused:
            actor_of(name)
        assert refused.value.returncode == 2
        assert str(refused.value).encode()  # can be told
