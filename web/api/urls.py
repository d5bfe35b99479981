"""Addresses of the API; `config.urls` puts them under /api/."""

from django.urls import path

from web.api import letters

app_name = "api"
urlpatterns = [
    path("v1/letters", letters.LettersView.as_view(), name="letters"),
]
