"""Strict parsing of JSON: depth, lone surrogates and duplicate names end in clear errors."""

import codecs
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

from web.shared.strict_json import NamedTwiceError, read_json


class BoundedJson(JSONParser):
    """JSON as `read_json` takes it; a name that an object holds twice is refused by its name."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value. Raise ParseError, ValidationError."""
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            return read_json(codecs.getreader(encoding)(stream).read())
        except NamedTwiceError as error:
            words = _("This field is given twice.")
            raise ValidationError({name: [words] for name in error.names}) from error
        except ValueError as error:
            raise ParseError from error
