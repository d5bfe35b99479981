"""Acts are a chain: what was taken out of it is found."""

import pytest
from django.db import connection, transaction

from org.models import User
from registry import append_only
from registry.acts import check_acts, record_act
from registry.models.acts import Act

pytestmark = pytest.mark.django_db


def test_an_act_that_was_taken_out_is_found(amina: User) -> None:
    with transaction.atomic():
        first, second, third = (record_act("tried", actor=amina, data={"n": n}) for n in range(3))
    append_only.remove(connection)
    Act.objects.filter(pk=second.pk).delete()
    append_only.install(connection)
    assert [(problem.code, problem.row) for problem in check_acts()] == [
        ("act_missing", f"registry.act/{second.seq}"),
        ("act_edited", f"registry.act/{third.pk}"),
    ]
    assert first.seq + 1 == second.seq
