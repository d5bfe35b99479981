"""The institution's face for programs: logo, icons, colours, manifest, security contact."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from org.institution import logo_as_icon
from org.models import Institution
from org.models.institution import LANGUAGES
from org.theme import style_sheet
from web.context import institution_for, organisation_for

DAY: Final = 86_400
SIDES: Final = (180, 192, 512)  # of icons: Apple's, and the two that a manifest needs
MOST_SHORT: Final = 12  # letters under an icon before a telephone cuts them off
CONTACT_DAYS: Final = 180  # RFC 9116 recommends less than a year
HEAD: Final = "#0b3f44"  # --rail of web/static/web/sijill.css
PAPER: Final = "#f6f3ec"  # --paper


def _kept(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = f"public, max-age={DAY}"
    return answer


@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    """Serve the institution's logo; the address of a page names its version."""
    institution = institution_for(request)
    if institution is None or institution.logo is None:
        raise Http404
    return _kept(HttpResponse(bytes(institution.logo.content), content_type="image/png"))


@require_safe
def icon(request: HttpRequest, side: int) -> HttpResponse:
    """Serve the logo as an icon; the address names its version."""
    institution = institution_for(request)
    if side not in SIDES or institution is None or institution.logo is None:
        raise Http404
    drawn = logo_as_icon(institution.logo, side=side)
    return _kept(HttpResponse(drawn, content_type="image/png"))


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """Serve the institution's colours as a style sheet; the address names its version."""
    found = institution_for(request)
    sheet = style_sheet(main=found.colour_main, head=found.colour_head) if found else ""
    if not sheet:
        raise Http404
    return _kept(HttpResponse(sheet, content_type="text/css; charset=utf-8"))


@require_safe
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """Serve the web manifest, by which a telephone puts the portal among its programs."""
    if language not in LANGUAGES:
        raise Http404
    with override(language):
        institution, name = institution_for(request), organisation_for(request)
        short = institution.short_name if institution else ""
        told = {
            "name": name,
            "short_name": short if 0 < len(short) <= MOST_SHORT else _("Sijill"),
            "description": _("Deposit a letter, follow it and read the answer."),
        }
    face = {
        "id": reverse("portal:home"),
        "start_url": reverse("portal:home"),
        "scope": "/",
        "display": "minimal-ui",
        "lang": language,
        "dir": "rtl" if language == "ar" else "ltr",
        "background_color": PAPER,
        "theme_color": (institution.colour_head if institution else "") or HEAD,
        "icons": _icons(institution),
    }
    return _kept(JsonResponse({**told, **face}, content_type="application/manifest+json"))


def _icons(institution: Institution | None) -> list[dict[str, str]]:
    if institution is None or institution.logo_id is None:
        rows = [
            ("web/icon-192.png", 192, "any"),
            ("web/icon-512.png", 512, "any"),
            ("web/icon-maskable-512.png", 512, "maskable"),
        ]
        return [_icon(static(path), side, purpose) for path, side, purpose in rows]
    version = f"?v={institution.logo_id[:12]}"
    return [
        _icon(reverse("portal:icon", args=[side]) + version, side, purpose)
        for side, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
    ]


def _icon(address: str, side: int, purpose: str) -> dict[str, str]:
    return {
        "src": address,
        "sizes": f"{side}x{side}",
        "type": "image/png",
        "purpose": purpose,
    }


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Serve the contact for weaknesses of the site (RFC 9116), where the institution has one.

    The contact is today's, so the text is valid for some months from the day of the request.
    """
    institution = institution_for(request)
    contact = _contact(institution) if institution else ""
    if not contact:
        raise Http404
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {day + timedelta(days=CONTACT_DAYS):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
        f"Canonical: {settings.PUBLIC_URL}{reverse('portal:security')}",
        f"Policy: {settings.PUBLIC_URL}{reverse('portal:legal')}",
    ]
    answer = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    return _kept(answer)


def _contact(institution: Institution) -> str:
    """Return the address as RFC 9116 wants it: a mail address, else the web site by https."""
    if institution.email:
        return f"mailto:{institution.email}"
    return institution.website if institution.website.startswith("https://") else ""
