"""Strict parsing of JSON: depth, lone surrogates and duplicate names end in clear errors."""

import codecs
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser


class BoundedJson(JSONParser):
    """JSON within bounds.

    What is nested without end, or holds a lone surrogate (half a character, which is no text and
    can be neither kept nor answered), is malformed, not a server error. A name that an object holds
    twice is refused: one of its values would be lost.
    """

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value. Raise ParseError, ValidationError."""
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            text = codecs.getreader(encoding)(stream).read()
            value = json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)
            json.dumps(value, ensure_ascii=False).encode()
        except (RecursionError, ValueError) as error:  # UnicodeEncodeError is one
            raise ParseError from error
        return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = {name: [_("This field is given twice.")] for name in names if names.count(name) > 1}
        raise ValidationError(twice)
    return found


def _no_number(name: str) -> None:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(name)
