"""The URLs of the field sheet; its service worker serves what lies below /field/."""

from django.urls import path

from web.desk.field import sheet, sync

urlpatterns = [
    path("field/", sheet.listed, name="field"),
    path("field/worker.js", sync.worker, name="field_worker"),
    path("field/token/", sync.token, name="field_token"),
    path("field/sync/", sync.take, name="field_sync"),
    path("field/<uuid:order_id>/", sheet.show, name="field_order"),
    path("field/<uuid:order_id>/entries/", sheet.enter, name="enter_field"),
]
