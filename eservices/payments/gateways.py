"""Which gateway of cards this office has."""

from django.conf import settings

from eservices.payments.address import read_address
from eservices.payments.nestpay import NestPay
from eservices.payments.port import Gateway, GatewayError


def is_set() -> bool:
    """Return whether cards can be paid with."""
    return bool(settings.PAYMENT_URL)


def gateway() -> Gateway:
    """Return the adapter of PAYMENT_URL. Raise GatewayError where there is none."""
    if not settings.PAYMENT_URL:
        raise GatewayError("not_set")
    return NestPay(read_address(settings.PAYMENT_URL))
