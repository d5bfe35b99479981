"""Content types that requests name, as Django can take them."""

import codecs
from typing import Any, Final

from django.utils.http import parse_header_parameters

# Text in others is read as UTF-8: some codecs are none of text, and some make half characters.
CHARSETS: Final = frozenset(
    codecs.lookup(name).name
    for name in ("utf-8", "ascii", "latin-1", "iso8859-15", "cp1252", "cp1256", "iso8859-6")
)


def with_plain_content_type(application: Any) -> Any:
    """Return a WSGI application that is called with content types which Django can take."""

    def call(environ: dict[str, Any], start_response: Any) -> Any:
        if given := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = plain_content_type(given)
        return application(environ, start_response)

    return call


def plain_content_type(given: str) -> str:
    """Return the content type without a charset in which no text is taken.

    Without any parameters where these are malformed.
    """
    try:
        media_type, parameters = parse_header_parameters(given)
    except ValueError:
        return given.partition(";")[0].strip()
    if _is_known(parameters.get("charset", "utf-8")):
        return given
    kept = (f'{name}="{value}"' for name, value in parameters.items() if name != "charset")
    return "; ".join((media_type, *kept))


def _is_known(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in CHARSETS
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return False
