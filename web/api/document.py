"""The API's document at /api/schema/: made and written once in a language, then kept.

Everybody may ask for it, and to make it costs a processor a second and more.
"""

from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request
from rest_framework.response import Response

_LANGUAGES: Final = frozenset(dict(settings.LANGUAGES))


class _Written(OpenApiJsonRenderer):
    """Sends what is written already; an error is written as the document would be."""

    def render(self, data: Any, *given: Any, **more: Any) -> bytes:
        return data if isinstance(data, bytes) else bytes(super().render(data, *given, **more))


class _WrittenAsJson(_Written):
    media_type = "application/json"


class SchemaView(SpectacularJSONAPIView):
    """OpenAPI schema of the API, for everybody: it holds nothing of the office's."""

    authentication_classes = []
    permission_classes = []
    renderer_classes = [_Written, _WrittenAsJson]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Answer the document in the language that `lang` names, else in the caller's.

        A language that the office does not have is answered in its own.
        """
        language = request.GET.get("lang") or translation.get_language()
        return Response(
            written_in(language if language in _LANGUAGES else settings.LANGUAGE_CODE),
            headers={"Content-Disposition": 'inline; filename="Sijill.json"'},
        )


@lru_cache(len(_LANGUAGES))
def written_in(language: str) -> bytes:
    """Return the document as it is sent."""
    with translation.override(language):
        schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
        return bytes(OpenApiJsonRenderer().render(schema))
