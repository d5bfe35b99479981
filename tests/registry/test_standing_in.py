"""Who appointed whom to stand in stands in the chain of acts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from org.models import User
from registry.models.acts import Act
from registry.stand_ins import APPOINTED, DISMISSED, appoint, dismiss
from registry.verification import verify_register

pytestmark = pytest.mark.django_db


def test_a_stand_in_is_appointed_and_dismissed_in_the_chain(
    admin: User, badr: User, dounia: User
) -> None:
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + timedelta(days=3)}
    row = appoint(badr, actor=admin, delegate=dounia, **days)
    dismiss(row, actor=admin)
    acts = list(Act.objects.order_by("seq"))
    assert [act.kind for act in acts] == [APPOINTED, DISMISSED]
    assert {act.actor_id for act in acts} == {admin.pk}
    assert acts[0].data["delegate"] == dounia.pk
    assert list(verify_register()) == []
