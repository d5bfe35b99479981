"""The addresses of contracts and imports; they stand among the desk's."""

from django.urls import path

from web.desk.contracts import holders, imports, pages

CONTRACT = "contracts/<str:contract_key>/"
urlpatterns = [
    path("contracts/", pages.listed, name="contracts"),
    path(CONTRACT, pages.show, name="contract"),
    path(f"{CONTRACT}holders/", holders.add, name="add_holder"),
    path(f"{CONTRACT}holders/<int:holder_id>/end/", holders.end, name="end_holder"),
    path("imports/", imports.listed, name="imports"),
    path("imports/new/", imports.new, name="new_import"),
    path("imports/<uuid:run_id>/", imports.show, name="import"),
    path("imports/<uuid:run_id>/refused.csv", imports.refused, name="import_refused"),
]
