"""The URLs of the e-services’ desk: catalogue, requests, centre, field work, money."""

from web.desk.agency.urls import urlpatterns as agency
from web.desk.banks.urls import urlpatterns as banks
from web.desk.bills.urls import urlpatterns as bills
from web.desk.cashier.urls import urlpatterns as cashier
from web.desk.centre.urls import urlpatterns as centre
from web.desk.contracts.urls import urlpatterns as contracts
from web.desk.field.urls import urlpatterns as field
from web.desk.money.urls import urlpatterns as money
from web.desk.readings.urls import urlpatterns as readings
from web.desk.requests.urls import urlpatterns as requests
from web.desk.services.urls import urlpatterns as services
from web.desk.work_orders.urls import urlpatterns as work_orders

urlpatterns = [
    *agency,
    *bills,
    *cashier,
    *banks,
    *centre,
    *contracts,
    *field,
    *money,
    *readings,
    *requests,
    *services,
    *work_orders,
]
