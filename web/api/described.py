"""The API's document at /api/schema/: summaries, tags, examples and errors of every operation."""

from functools import cache
from typing import Any, Final

from django.utils.translation import override
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from web.api.error_codes import WORDS
from web.api.errors import PROBLEM, ErrorOut, Problem, ProblemOut
from web.api.examples import example_of, takes_file
from web.api.shape import Shape

FORM: Final = "multipart/form-data"
JSON: Final = "application/json"
# Second part of an address → what the operation is about; of a letter's, the part after it.
TAGS: Final = {
    "token": "account",
    "me": "account",
    "replies": "replies",
    "drafts": "replies",
    "mailings": "replies",
    "templates": "replies",
    "outgoing": "outgoing",
    "posting-lists": "outgoing",
    "assignments": "assignments",
    "assign": "assignments",
    "split": "assignments",
    "clock": "clocks",
    "pieces": "clocks",
    "contact": "contacts",
    "contacts": "contacts",
    "contact-merges": "contacts",
    "partner": "partners",
    "partners": "partners",
    "notifications": "account",
    "search": "search",
    "similar": "search",
    "saved-searches": "search",
    "exports": "search",
    "jobs": "administration",
    "rules": "administration",
    "absences": "organisation",
    "departments": "organisation",
    "kinds": "organisation",
    "registers": "organisation",
    "people": "organisation",
    "circuits": "organisation",
    "events": "letters",
    "services": "services",
    "follow": "services",
    "contact-moments": "centre",
    "call-backs": "centre",
    "work-orders": "field work",
    "payments": "payments",
    "readings": "readings",
    "teams": "organisation",
}
# Said once here, since they may come from everywhere.
_ALWAYS: Final = (400, 401, 403, 406, 414, 429, 503)
_WAITING: Final = {  # with the statuses that say when to come again
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
}
_RATES: Final = {  # of `config.api_names`
    name: {"$ref": f"#/components/headers/{name}"} for name in ("RateLimit-Policy", "RateLimit")
}
_OF_BODIES: Final = (413, 415)
_CODES: Final = {
    status: code for code, (status, _words) in reversed(WORDS.items()) if status < 500
} | {503: "unavailable"}
_SHARED: Final[dict[type[Shape], type[Shape]]] = {}


# For operations of several bodies that have no other optional parameter: without any, a generated
# client does not import what its own default needs.
LANGUAGE: Final = OpenApiParameter(
    "Accept-Language",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="In which language a refusal is told: ar, fr or en.",
)


def by_form(shape: type[Shape]) -> dict[str, type[Shape]]:
    """Return the two bodies of an operation that takes files, or JSON where there is none."""
    if shape not in _SHARED:
        files: dict[str, Any] = {
            name: None for name, field in shape._declared_fields.items() if takes_file(field)
        }
        name = f"{shape.__name__.removesuffix('In')}JsonIn"
        _SHARED[shape] = type(name, (shape,), {**files, "__doc__": shape.__doc__})
    return {FORM: shape, JSON: _SHARED[shape]}


@cache
def _example(status: int) -> dict[str, Any]:
    """Return the problem of this status; in English, since it is made where that is spoken."""
    return Problem(_CODES[status]).as_problem()


def _add_rates(responses: dict[str, Any]) -> None:
    """Add what a counted caller is told of its limit, to what follows the counting."""
    for status, told in responses.items():
        if status.startswith("2") or status == "429":
            told["headers"] = {**told.get("headers", {}), **_RATES}


class Described(AutoSchema):
    """Describes an operation: the view says what it takes and answers, the rest is from here."""

    def get_operation(self, *place: Any, **named: Any) -> dict[str, Any] | None:
        """Return the operation with its summary, examples and all of its errors."""
        operation: dict[str, Any] | None = super().get_operation(*place, **named)
        if operation is None:
            return None
        words = str(operation.get("description", ""))
        operation["summary"] = words.split("\n\n")[0].split(". ")[0].replace("\n", " ").rstrip(".")
        with override("en"):
            self._add_errors(operation)
        if hasattr(self.view, "taken"):
            _add_rates(operation["responses"])
        return operation

    def _get_parameters(self) -> Any:
        """Return the parameters; an empty one in the address's query counts as not given."""
        found = super()._get_parameters()
        for told in found:
            if told["in"] == "query":
                told["schema"].pop("minLength", None)
        return found

    def get_tags(self) -> list[str]:
        """Return the one word under which the operation stands."""
        parts = self.path.removeprefix("/api/v1/").split("/")
        inner = parts[2] if parts[0] == "letters" and len(parts) > 2 else parts[0]
        return [TAGS.get(inner, "letters")]

    def map_parsers(self) -> list[str]:
        """Return the one media type of what is no form."""
        return [JSON]

    def _map_serializer_field(
        self, field: Any, direction: Any, bypass_extensions: bool = False
    ) -> Any:
        """Return the field's schema; a file is its bytes."""
        if isinstance(field, serializers.FileField):
            meta: Any = self._get_serializer_field_meta
            return {"type": "string", "format": "binary"} | meta(field, direction)
        mapped: Any = super()._map_serializer_field
        return mapped(field, direction, bypass_extensions)

    def _get_request_body(self, direction: Any = "request") -> Any:
        """Return the body with an example for each media type."""
        made: Any = super()._get_request_body
        body = made(direction)
        shapes = self.get_request_serializer() if body else None
        for media_type, content in (body or {}).get("content", {}).items():
            shape = shapes[media_type] if isinstance(shapes, dict) else shapes
            if isinstance(shape, type) and issubclass(shape, Shape):
                content["example"] = example_of(shape())
        return body

    def _add_errors(self, operation: dict[str, Any]) -> None:
        found = operation["responses"]
        wanted = [*_ALWAYS, *(_OF_BODIES if "requestBody" in operation else ())]
        if "{" in self.path:
            wanted.append(404)
        if any(told["name"] == "If-Match" for told in operation.get("parameters", ())):
            wanted.append(412)
        for status in wanted:
            found.setdefault(str(status), {})
        for status in [name for name in found if name >= "400"]:
            found[status] = self._error(int(status))
        operation["responses"] = dict(sorted(found.items()))

    def _error(self, status: int) -> dict[str, Any]:
        told = {
            JSON: (ErrorOut, {"error": _example(status)["error"]}),
            PROBLEM: (ProblemOut, _example(status)),
        }
        return {
            "description": str(WORDS[_CODES[status]][1]),
            **({"headers": _WAITING} if status in (429, 503) else {}),
            "content": {
                media_type: {
                    "schema": self.resolve_serializer(shape, "response").ref,
                    "example": example,
                }
                for media_type, (shape, example) in told.items()
            },
        }
