"""Any sequence of what all channels do keeps what must hold of money; the bench runs thousands."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.eservices.payments.sequences import ADDRESS, Money

pytestmark = pytest.mark.django_db


def test_any_sequence_keeps_the_sums(settings: Any) -> None:
    settings.PAYMENT_URL = ADDRESS
    run_state_machine_as_test(Money, settings=QUICK)


QUICK = settings(
    max_examples=15,
    stateful_step_count=12,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
