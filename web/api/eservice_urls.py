"""Addresses of the API for requests of services."""

from web.api import agency, bills, contracts, eservice_requests, eservice_works, readings
from web.api.table import at

REQUEST = "v1/requests/<uuid:request_id>"
urlpatterns = [
    at("v1/bills", bills.BillsView, "bills"),
    at("v1/bills/<int:bill_id>", bills.BillView, "bill"),
    at("v1/bills/<int:bill_id>/content", bills.BillContentView, "bill_content"),
    at("v1/statement", bills.StatementView, "statement"),
    at("v1/requests", eservice_requests.RequestsView, "requests"),
    at(REQUEST, eservice_requests.RequestView, "request"),
    at(f"{REQUEST}/actions/<slug:action>", eservice_requests.RequestActionView, "request_action"),
    at(f"{REQUEST}/dues", agency.RequestDuesView, "request_dues"),
    at(f"{REQUEST}/messages", eservice_requests.RequestMessagesView, "request_messages"),
    at(f"{REQUEST}/children", eservice_works.RequestChildrenView, "request_children"),
    at(f"{REQUEST}/quotations", eservice_works.RequestQuotationsView, "request_quotations"),
    at(
        f"{REQUEST}/quotations/<int:number>/decision",
        eservice_works.QuotationDecisionView,
        "request_quotation_decision",
    ),
    at(f"{REQUEST}/meetings", eservice_works.RequestMeetingsView, "request_meetings"),
    at(f"{REQUEST}/acceptances", eservice_works.RequestAcceptancesView, "request_acceptances"),
    at(
        f"{REQUEST}/reserves/<int:reserve_id>/lift",
        eservice_works.ReserveLiftView,
        "request_reserve_lift",
    ),
    at("v1/contracts", contracts.ContractsView, "contracts"),
    at("v1/contracts/<str:contract_key>", contracts.ContractView, "contract"),
    at("v1/readings", readings.ReadingsView, "readings"),
    at("v1/readings/decisions", readings.ReadingDecisionsView, "reading_decisions"),
    at("v1/readings/<uuid:reading_id>/photo", readings.ReadingPhotoView, "reading_photo"),
    at("v1/imports", contracts.ImportsView, "imports"),
    at("v1/imports/<uuid:run_id>", contracts.ImportView, "import"),
]
