"""The URLs of bills; they stand among the desk's."""

from django.urls import path

from web.desk.bills import pages, statement

BILL = "bills/<int:bill_id>/"
urlpatterns = [
    path("bills/", pages.listed, name="bills"),
    path("bills/statement/", statement.show, name="statement"),
    path("bills/statement/statement.pdf", statement.pdf, name="statement_pdf"),
    path("bills/statement/statement.csv", statement.table, name="statement_csv"),
    path(BILL, pages.show, name="bill"),
    path(f"{BILL}bill.pdf", pages.pdf, name="bill_pdf"),
    path(f"{BILL}bill.xml", pages.xml, name="bill_xml"),
]
