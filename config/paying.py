"""Settings of payment, a part of `config.settings`: the gateway of cards."""

from django.core.exceptions import ImproperlyConfigured

from config import env
from eservices.payments.address import AddressError, read_address

# nestpay://CLIENT:STOREKEY@HOST[:PORT]/fim/est3Dgate[?tls=no], with a password a secret.
PAYMENT_URL = env.text("PAYMENT_URL")
if PAYMENT_URL:
    try:
        read_address(PAYMENT_URL)
    except AddressError as error:
        raise ImproperlyConfigured(f"PAYMENT_URL: {error}") from None
