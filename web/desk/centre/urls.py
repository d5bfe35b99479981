"""The URLs of the customer-relations centre; they stand among the desk's."""

from django.urls import path

from web.desk.centre import callbacks, console, customer

HOME = "centre/"
CUSTOMER = f"{HOME}customer/<slug:kind>/<slug:pk>/"
urlpatterns = [
    path(HOME, console.show, name="centre"),
    path(f"{HOME}log/", console.log, name="centre_log"),
    path(CUSTOMER, customer.show, name="centre_customer"),
    path(f"{HOME}callbacks/", callbacks.listed, name="centre_callbacks"),
    path(f"{HOME}callbacks/<int:callback_id>/<slug:what>/", callbacks.act, name="on_callback"),
]
