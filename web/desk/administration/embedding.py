"""The catalogue on the institution's web site: the code to paste, in each language."""

from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from org.models.institution import LANGUAGES
from web.shared.guard import StaffRequest, administers, page

_TITLES: Final = {"ar": "الخدمات عبر الأنترنت", "fr": "Services en ligne", "en": "Services online"}


@page(administers)
def show(request: StaffRequest) -> HttpResponse:
    """Show the code of the frame and the address of the list, and who may use the frame."""
    frame, rows = reverse("portal:service_widget"), reverse("portal:service_list")
    context = {
        "codes": [(code, _frame(f"{settings.PUBLIC_URL}{frame}", code)) for code in LANGUAGES],
        "frame": frame,
        "list_address": f"{settings.PUBLIC_URL}{rows}?language=fr",
        "hosts": settings.EMBED_HOSTS,
    }
    return render(request, "web/administration/embedding.html", context)


def _frame(address: str, language: str) -> str:
    """Return the code of a frame in a language; the site's own style sheet may size it."""
    return format_html(
        '<iframe src="{}?language={}" title="{}" width="100%" height="420" loading="lazy">'
        "</iframe>",
        address,
        language,
        _TITLES[language],
    )
