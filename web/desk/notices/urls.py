"""The URLs of notifications and of the live page."""

from django.urls import path

from web.desk.notices import live, pages, preferences, push

urlpatterns = [
    path("notifications/", pages.listed, name="notifications"),
    path("notifications/read/", pages.read, name="notifications_read"),
    path("notifications/<int:notice_id>/", pages.open_one, name="notification"),
    path("notifications/preferences/", preferences.edit, name="notification_preferences"),
    path("notifications/push/", push.add, name="push_browser"),
    path("notifications/push/<int:browser_id>/remove/", push.remove, name="remove_push_browser"),
    path("push-worker.js", push.worker, name="push_worker"),
    path("live/", live.live, name="live"),
]
