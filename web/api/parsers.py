"""Strict parsing of JSON: depth, lone surrogates and duplicate names end in clear errors."""

import codecs
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

from web.shared.strict_json import NamedTwiceError, read_json

MOST_VALUES: Final = 30_000  # of a body; the largest that is taken has two thirds (a page's words)


class BoundedJson(JSONParser):
    """JSON as `read_json` takes it; a name that an object holds twice is refused by its name.

    A body of more than MOST_VALUES values is too large: each of them costs a check and, where it
    is wrong, an error with its words.
    """

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value. Raise ParseError, ValidationError, RequestDataTooBig."""
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            value = read_json(codecs.getreader(encoding)(stream).read())
        except NamedTwiceError as error:
            words = _("This field is given twice.")
            raise ValidationError({name: [words] for name in error.names}) from error
        except ValueError as error:
            raise ParseError from error
        if _has_too_many_values(value):
            raise RequestDataTooBig
        return value


def _has_too_many_values(value: Any) -> bool:
    """Return whether there are more than MOST_VALUES values in a value."""
    seen, waiting = 0, [value]
    while waiting and seen <= MOST_VALUES:
        one = waiting.pop()
        if isinstance(one, dict | list):
            seen += len(one)
            waiting.extend(one.values() if isinstance(one, dict) else one)
    return seen > MOST_VALUES
