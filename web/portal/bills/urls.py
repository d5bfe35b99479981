"""The addresses of bills; they stand among the citizens'. None of them names a contract."""

from django.urls import path

from web.portal.bills import duplicate, mine, statement
from web.shared.contract_sections import add_section

add_section("citizen", "bills", mine.of_contract, position=20)
urlpatterns = [
    path("my/bills/", mine.listed, name="my_bills"),
    path("my/bills/<int:bill_id>/", mine.show, name="my_bill"),
    path("my/bills/<int:bill_id>/bill.pdf", mine.pdf, name="my_bill_pdf"),
    path("my/bills/<int:bill_id>/bill.xml", mine.xml, name="my_bill_xml"),
    path("my/statement/", statement.show, name="my_statement"),
    path("my/statement/statement.pdf", statement.pdf, name="my_statement_pdf"),
    path("my/statement/statement.csv", statement.table, name="my_statement_csv"),
    path("bills/duplicate/", duplicate.ask, name="duplicate"),
    path("bills/duplicate/bills/", duplicate.listed, name="duplicate_bills"),
    path("bills/duplicate/leave/", duplicate.leave, name="duplicate_leave"),
    path("bills/duplicate/<int:bill_id>/bill.pdf", duplicate.pdf, name="duplicate_pdf"),
]
