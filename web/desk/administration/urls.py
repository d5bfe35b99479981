"""The URLs of the administration; they stand among the desk's."""

from django.urls import path

from web.desk.administration import (
    announcements,
    channels,
    departments,
    directory,
    embedding,
    first_run,
    front,
    health,
    institution,
    invitation,
    invitations,
    lists,
    number_formats,
    people,
    processing,
    proof,
    retention,
    tables,
)

HOME = "administration/"
PERSON = f"{HOME}people/<int:person_id>/"
DEPARTMENT = f"{HOME}departments/<int:department_id>/"
urlpatterns = [
    path(HOME, front.front, name="administration"),
    path(f"{HOME}institution/", institution.show, name="institution"),
    path(
        f"{HOME}institution/<int:version_id>/logo.png", institution.picture, name="institution_logo"
    ),
    path(f"{HOME}people/", people.listed, name="people"),
    path(f"{HOME}people/new/", people.new, name="new_person"),
    path(f"{HOME}people/invitations/", invitations.show, name="invitations"),
    path(PERSON, people.change, name="person"),
    path(f"{PERSON}invite/", people.invite_again, name="invite_person"),
    path(f"{PERSON}deactivate/", people.deactivate, name="deactivate_person"),
    path(f"{HOME}departments/", departments.listed, name="departments"),
    path(f"{HOME}departments/new/", departments.new, name="new_department"),
    path(DEPARTMENT, departments.change, name="department"),
    path(f"{DEPARTMENT}close/", departments.close, name="close_department"),
    path(f"{HOME}kinds/", lists.kinds, name="kinds"),
    path(f"{HOME}kinds/new/", lists.kind, name="new_kind"),
    path(f"{HOME}kinds/<int:kind_id>/", lists.kind, name="kind"),
    path(f"{HOME}registers/", lists.registers, name="registers"),
    path(f"{HOME}registers/new/", lists.register, name="new_register"),
    path(f"{HOME}registers/<int:register_id>/", lists.register, name="register"),
    path(
        f"{HOME}registers/<int:register_id>/versions/<int:version_id>/withdraw/",
        lists.withdraw,
        name="withdraw_version",
    ),
    path(f"{HOME}number_formats/", number_formats.listed, name="number_formats"),
    path(f"{HOME}number_formats/new/", number_formats.change, name="new_number_format"),
    path(f"{HOME}number_formats/<int:format_id>/", number_formats.change, name="number_format"),
    path(f"{HOME}proof/", proof.show, name="proof"),
    path(f"{HOME}proof/anchor/", proof.anchor, name="anchor_now"),
    path(f"{HOME}proof/<int:anchor_id>/again/", proof.again, name="anchor_again"),
    path(f"{HOME}announcements/", announcements.listed, name="announcements"),
    path(
        f"{HOME}announcements/<int:announcement_id>/withdraw/",
        announcements.take_back,
        name="withdraw_announcement",
    ),
    path(f"{HOME}embedding/", embedding.show, name="embedding"),
    path(f"{HOME}processing/", processing.listed, name="processing"),
    path(f"{HOME}processing/new/", processing.row, name="new_processing"),
    path(f"{HOME}processing/usual/", processing.usual, name="usual_processing"),
    path(f"{HOME}processing/record.pdf", processing.paper, name="processing_paper"),
    path(f"{HOME}processing/officers/", processing.officer, name="data_officers"),
    path(f"{HOME}processing/<int:row_id>/", processing.row, name="processing_row"),
    path(f"{HOME}retention/", retention.listed, name="retention"),
    path(f"{HOME}retention/new/", retention.text, name="new_retention"),
    path(f"{HOME}retention/usual/", retention.usual, name="usual_retention"),
    path(f"{HOME}retention/<int:text_id>/", retention.text, name="retention_text"),
    path(f"{HOME}directory/", directory.show, name="directory"),
    path(f"{HOME}directory/<int:group_id>/", directory.give, name="give_department"),
    path(f"{HOME}channels/", channels.show, name="channels"),
    path(f"{HOME}channels/<slug:name>/try/", channels.try_it, name="try_channel"),
    path(f"{HOME}health/", health.show, name="health"),
    path(f"{HOME}health/verify/", health.verify, name="verify_now"),
    path(f"{HOME}tables/<slug:name>/", tables.import_rows, name="table"),
    path(f"{HOME}tables/<slug:name>/file.csv", tables.export_rows, name="table_file"),
    path("first-run/<str:token>/", first_run.begin, name="first_run"),
    path("first-run/<str:token>/<slug:step>/", first_run.step, name="first_run_step"),
    path(
        "invitation/<int:invitation_id>/<str:token>/", invitation.accept, name="accept_invitation"
    ),
]
