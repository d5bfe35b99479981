"""The URLs of payments; they stand among the desk's."""

from django.urls import path

from web.desk.money import (
    bank,
    debits,
    figures,
    handing,
    listing,
    refunds,
    returned,
    unpaid,
    untaken,
)

urlpatterns = [
    path("payments/", listing.listed, name="payments"),
    path("payments/figures/", figures.show, name="payment_figures"),
    path("payments/exports/", handing.show, name="payment_exports"),
    path("payments/exports/file/", handing.export, name="export_payments"),
    path("payments/exports/<int:handed_id>/", handing.again, name="payment_export"),
    path("payments/refunds/", refunds.listed, name="refunds"),
    path("payments/refunds/credit/", refunds.credit, name="refund_credit"),
    path("payments/refunds/<uuid:refund_id>/<slug:what>/", refunds.act, name="on_refund"),
    path("payments/bank/", bank.listed, name="bank_lines"),
    path("payments/bank/import/", bank.take, name="import_bank_file"),
    path("payments/bank/<int:line_id>/<slug:what>/", bank.act, name="on_bank_line"),
    path("payments/bank/<int:line_id>/returned/<slug:what>/", returned.act, name="on_returned"),
    path("payments/debits/", debits.listed, name="debits"),
    path("payments/debits/mandates/", debits.mandate, name="new_debit_mandate"),
    path("payments/debits/mandates/<int:mandate_id>/end/", debits.end, name="end_debit_mandate"),
    path("payments/debits/runs/", debits.run, name="new_debit_run"),
    path("payments/debits/runs/<int:debit_run_id>/", debits.shown, name="debit_run"),
    path("payments/debits/runs/<int:debit_run_id>/file/", debits.file, name="debit_run_file"),
    path("payments/debits/lines/<int:line_id>/back/", debits.back, name="debit_back"),
    path("payments/<uuid:payment_id>/", listing.show, name="payment"),
    path("payments/<uuid:payment_id>/receipt/", listing.receipt, name="payment_receipt"),
    path("payments/<uuid:payment_id>/untaken/<slug:what>/", untaken.act, name="on_untaken"),
    path("payments/<uuid:payment_id>/unpaid/", unpaid.take_back, name="unpaid_by_bank"),
    path("payments/<uuid:payment_id>/refund/", refunds.ask, name="ask_refund"),
]
