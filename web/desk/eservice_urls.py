"""The URLs of the e-services’ desk: catalogue, requests, centre, field work."""

from web.desk.agency.urls import urlpatterns as agency
from web.desk.banks.urls import urlpatterns as banks
from web.desk.centre.urls import urlpatterns as centre
from web.desk.field.urls import urlpatterns as field
from web.desk.readings.urls import urlpatterns as readings
from web.desk.requests.urls import urlpatterns as requests
from web.desk.services.urls import urlpatterns as services
from web.desk.work_orders.urls import urlpatterns as work_orders

urlpatterns = [
    *agency,
    *banks,
    *centre,
    *field,
    *readings,
    *requests,
    *services,
    *work_orders,
]
