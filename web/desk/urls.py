"""The desk's addresses."""

from django.urls import path

from web.desk import front

app_name = "desk"
urlpatterns = [
    path("", front.home, name="home"),
    path("healthz", front.healthz, name="healthz"),
    path("logout/", front.LogOut.as_view(), name="logout"),
]
