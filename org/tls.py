"""TLS of the office: contexts whose least version and end do not hang on how Python was built."""

import ssl


def client_context(trusted: str | None = None) -> ssl.SSLContext:
    """Return a context that checks certificates and names, against `trusted` or the system's.

    A connection that ends without TLS's own end is an error: what came over it may be cut off.
    """
    return _strict(ssl.create_default_context(cafile=trusted or None))


def serving_context() -> ssl.SSLContext:
    """Return a context of a server that asks its clients for no certificate."""
    return _strict(ssl.create_default_context(ssl.Purpose.CLIENT_AUTH))


def _strict(context: ssl.SSLContext) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    return context
