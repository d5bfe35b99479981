"""The URL configuration: every address of the office."""

from django.urls import URLPattern, URLResolver, include, path

from web.desk.front import choose_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/setlang/", choose_language, name="set_language"),
    path("api/biller/v1/", include("web.biller.urls")),
    path("api/", include("web.api.urls")),
    path("scim/v2/", include("web.scim.urls")),
    path("", include("web.monitoring.urls")),
    path("", include("web.signin.urls")),
    path("", include("web.desk.urls")),
    path("", include("web.portal.urls")),
]

handler400 = "web.error_pages.malformed"
handler403 = "web.error_pages.not_allowed"
handler404 = "web.error_pages.not_found"
handler500 = "web.error_pages.failed"
