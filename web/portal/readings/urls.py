"""The addresses of readings for customers; they stand among the citizens'."""

from django.urls import path

from web.portal.readings import sending, space
from web.shared.contract_sections import add_section

add_section("citizen", "readings", space.of_contract, position=20)
urlpatterns = [
    path("readings/send/", sending.send, name="reading_send"),
    path("readings/again/<str:token>/", sending.again, name="reading_again"),
    path("readings/sent/", sending.sent, name="reading_sent"),
    path("my/readings/", space.listed, name="space_readings"),
    path("my/readings/<int:meter_id>/", space.show, name="space_reading"),
]
