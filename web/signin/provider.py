"""The way to the organisation's identity provider, and back."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from requests import RequestException

from web.signin.adapter import no_answer
from web.signin.oidc import OfficeProvider, begin
from web.signin.untrue import log_failure


def go(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to the provider by a page: a form's answer may not redirect to another site (CSP)."""
    need_provider(request, provider_id)
    if request.method != "POST":  # nobody is sent away by a link on somebody else's page
        return HttpResponse(status=405, headers={"Allow": "POST"})
    begin(request)
    view = OAuth2LoginView.adapter_view(OfficeProvider(request, provider_id))
    try:
        answer: HttpResponseBase = view(request)
    except (OAuth2Error, RequestException, ValueError) as error:  # away, or not to be believed
        log_failure(error)
        return no_answer(request)
    target = answer.headers.get("Location", "")
    if not target.startswith(("https://", "http://")):
        return answer
    return render(request, "web/signin/away.html", {"target": target})


def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the provider's answer: the session begins, or the second step follows."""
    need_provider(request, provider_id)
    view = OAuth2CallbackView.adapter_view(OfficeProvider(request, provider_id))
    try:
        answer: HttpResponseBase = view(request)
    except (OAuth2Error, RequestException, ValueError, TypeError, OverflowError) as error:
        log_failure(error)
        return no_answer(request)
    return answer


def need_provider(request: HttpRequest, provider_id: str) -> None:
    """Raise Http404 where the office has no provider of that name."""
    try:
        if settings.OIDC_URL and get_adapter().get_app(request, provider=provider_id):
            return
    except SocialApp.DoesNotExist:
        pass
    raise Http404
