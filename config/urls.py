"""Every address of the office."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from web.desk.front import choose_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/setlang/", choose_language, name="set_language"),
    path("", include("web.desk.urls")),
]
for rest in ("web.portal.urls", "web.api.urls"):
    if find_spec(rest.rpartition(".")[0]) and find_spec(rest):
        urlpatterns.append(path("api/" if "api" in rest else "", include(rest)))

handler403 = "web.desk.front.not_allowed"
handler404 = "web.desk.front.not_found"
handler500 = "web.desk.front.failed"
