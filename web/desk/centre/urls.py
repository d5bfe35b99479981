"""The URLs of the customer-relations centre; they stand among the desk's."""

from django.urls import path

from web.desk.centre import callbacks, console, customer, figures, late, requests, shift

HOME = "centre/"
CUSTOMER = f"{HOME}customer/<slug:kind>/<slug:pk>/"
urlpatterns = [
    path(HOME, console.show, name="centre"),
    path(f"{HOME}log/", console.log, name="centre_log"),
    path(CUSTOMER, customer.show, name="centre_customer"),
    path(f"{HOME}request/", requests.choose, name="centre_services"),
    path(f"{HOME}request/<slug:code>/", requests.open_new, name="centre_request"),
    path(f"{HOME}late/", late.listed, name="centre_late"),
    path(f"{HOME}shift/", shift.show, name="centre_shift"),
    path(f"{HOME}shift/note/", shift.write, name="centre_note"),
    path(f"{HOME}shift/<int:shift_note_id>/take/", shift.take, name="take_centre_note"),
    path(f"{HOME}figures/", figures.show, name="centre_figures"),
    path(f"{HOME}figures/figures.csv", figures.as_table, name="centre_figures_table"),
    path(f"{HOME}callbacks/", callbacks.listed, name="centre_callbacks"),
    path(f"{HOME}callbacks/<int:callback_id>/<slug:what>/", callbacks.act, name="on_callback"),
]
