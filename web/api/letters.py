"""Letters over the API: deposit, list, one letter, its history, text and files."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from web.api import answers
from web.api.access import IsOffice, caller
from web.api.deposit import DepositIn, deposit, deposited
from web.uploads import take_uploads

KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The same key of the same caller gives the letter of the first time.",
)


class LettersView(APIView):
    """The register's letters."""

    def get_permissions(self) -> list[BasePermission]:
        """Everybody lists what is theirs; the office deposits."""
        return [IsAuthenticated(), *([IsOffice()] if self.request.method == "POST" else [])]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Small deposits stay in memory: decided before anything reads them."""
        take_uploads(request)
        return super().dispatch(request, *args, **kwargs)

    @extend_schema(
        operation_id="deposit_letter",
        parameters=[KEY],
        request={"multipart/form-data": DepositIn, "application/json": DepositIn},
        responses={201: answers.DepositOut, 200: answers.DepositOut, 422: answers.ErrorOut},
    )
    def post(self, request: Request) -> Response:
        """Register a letter with its files."""
        received = deposit(request, actor=caller(request))
        return Response(deposited(received), status=201 if received.created else 200)
