"""Two uses of one recovery code at the same moment: one lets in, the other is refused."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.core import context
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection, connections
from django.test import Client, RequestFactory
from django.urls import reverse

from config.organisation import DEMO_PASSWORD
from identity.kinds import SecurityKind
from identity.models import SecurityEvent
from org.models import User

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def _together(deed: Callable[[int], Any]) -> list[Any]:
    ready, told = threading.Barrier(AT_ONCE), list[Any]()

    def one(number: int) -> None:
        try:
            ready.wait(timeout=60)
            told.append(deed(number))
        finally:
            connections.close_all()

    connection.close()
    threads = [threading.Thread(target=one, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return told


def _code_of(who: User) -> str:
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(who, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        codes = RecoveryCodes.activate(who)
    return str(codes.get_unused_codes()[0])


def test_of_six_sign_ins_with_one_recovery_code_one_comes_in(badr: User) -> None:
    code = _code_of(badr)
    clients = [Client() for _number in range(AT_ONCE)]
    for client in clients:
        client.post(reverse("account_login"), {"username": "badr", "password": DEMO_PASSWORD})

    def enter(number: int) -> bool:
        answer = clients[number].post(reverse("mfa_authenticate"), {"code": code})
        return answer.status_code in {302, 303} and "_auth_user_id" in clients[number].session

    assert sorted(_together(enter)) == [False] * (AT_ONCE - 1) + [True]
    assert SecurityEvent.objects.filter(kind=SecurityKind.SIGNED_IN, person=badr).count() == 1
