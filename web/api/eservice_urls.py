"""Addresses of the API for requests of services."""

from django.urls import path

from web.api import agency, bills, contracts, eservice_requests, eservice_works, readings

REQUEST = "v1/requests/<uuid:request_id>"
urlpatterns = [
    path("v1/bills", bills.BillsView.as_view(), name="bills"),
    path("v1/bills/<int:bill_id>", bills.BillView.as_view(), name="bill"),
    path("v1/bills/<int:bill_id>/content", bills.BillContentView.as_view(), name="bill_content"),
    path("v1/statement", bills.StatementView.as_view(), name="statement"),
    path("v1/requests", eservice_requests.RequestsView.as_view(), name="requests"),
    path(REQUEST, eservice_requests.RequestView.as_view(), name="request"),
    path(
        f"{REQUEST}/actions/<slug:action>",
        eservice_requests.RequestActionView.as_view(),
        name="request_action",
    ),
    path(f"{REQUEST}/dues", agency.RequestDuesView.as_view(), name="request_dues"),
    path(
        f"{REQUEST}/messages",
        eservice_requests.RequestMessagesView.as_view(),
        name="request_messages",
    ),
    path(
        f"{REQUEST}/children",
        eservice_works.RequestChildrenView.as_view(),
        name="request_children",
    ),
    path(
        f"{REQUEST}/quotations",
        eservice_works.RequestQuotationsView.as_view(),
        name="request_quotations",
    ),
    path(
        f"{REQUEST}/quotations/<int:number>/decision",
        eservice_works.QuotationDecisionView.as_view(),
        name="request_quotation_decision",
    ),
    path(
        f"{REQUEST}/meetings",
        eservice_works.RequestMeetingsView.as_view(),
        name="request_meetings",
    ),
    path(
        f"{REQUEST}/acceptances",
        eservice_works.RequestAcceptancesView.as_view(),
        name="request_acceptances",
    ),
    path(
        f"{REQUEST}/reserves/<int:reserve_id>/lift",
        eservice_works.ReserveLiftView.as_view(),
        name="request_reserve_lift",
    ),
    path("v1/contracts", contracts.ContractsView.as_view(), name="contracts"),
    path("v1/contracts/<str:contract_key>", contracts.ContractView.as_view(), name="contract"),
    path("v1/readings", readings.ReadingsView.as_view(), name="readings"),
    path(
        "v1/readings/decisions",
        readings.ReadingDecisionsView.as_view(),
        name="reading_decisions",
    ),
    path(
        "v1/readings/<uuid:reading_id>/photo",
        readings.ReadingPhotoView.as_view(),
        name="reading_photo",
    ),
    path("v1/imports", contracts.ImportsView.as_view(), name="imports"),
    path("v1/imports/<uuid:run_id>", contracts.ImportView.as_view(), name="import"),
]
