"""The URLs of readings; they stand among the desk's."""

from django.urls import path

from web.desk.readings import entry, handing, listed, rounds, show
from web.shared.contract_sections import add_section
from web.shared.reading_section import for_staff

add_section("staff", "readings", for_staff, position=20)
READING = "readings/<uuid:reading_id>/"
urlpatterns = [
    path("readings/", listed.show, name="readings"),
    path("readings/decide/", listed.decide, name="decide_readings"),
    path("readings/new/", entry.new, name="new_reading"),
    path("readings/rounds/", rounds.show, name="reading_rounds"),
    path("readings/rounds/<int:round_id>/", rounds.change, name="reading_round"),
    path("readings/handing-over/", handing.show, name="reading_exports"),
    path("readings/handing-over/file/", handing.export, name="export_readings"),
    path("readings/handing-over/<int:export_id>/", handing.again, name="reading_export"),
    path(READING, show.show, name="reading_page"),
    path(f"{READING}decide/", show.decide, name="decide_reading"),
    path(f"{READING}photo/", show.photo, name="reading_photo"),
]
