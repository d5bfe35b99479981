"""Addresses of the single window. The forms of services (`service_start`) are beside it."""

from django.urls import path

from web.portal.services import embedded, pages

urlpatterns = [
    path("portal/", pages.home, name="home"),
    path("services/", pages.services, name="services"),
    path("services/suggestions/", pages.suggestions, name="service_suggestions"),
    path("services/list.json", embedded.link_list, name="service_list"),
    path("services/widget/", embedded.widget, name="service_widget"),
    path("services/<slug:code>/", pages.service, name="service"),
]
