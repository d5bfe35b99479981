"""The way to the identity provider of the house, and back."""

from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render


def go(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to the provider by a page: a form's answer may not redirect to another site (CSP)."""
    _need_provider()
    if request.method != "POST":  # nobody is sent away by a link on somebody else's page
        return HttpResponse(status=405, headers={"Allow": "POST"})
    answer: HttpResponseBase = views.login(request, provider_id)
    target = answer.headers.get("Location", "")
    if not target.startswith(("https://", "http://")):
        return answer
    return render(request, "web/signin/away.html", {"target": target})


def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the provider's answer: the session begins, or the second step follows."""
    _need_provider()
    answer: HttpResponseBase = views.callback(request, provider_id)
    return answer


def _need_provider() -> None:
    if not settings.OIDC_URL:
        raise Http404
