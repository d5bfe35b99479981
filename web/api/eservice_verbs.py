"""The verbs of the API for requests of services and for readings, as `web.api.verbs`."""

from typing import Final

from web.api import agency, agency_shapes, reading_shapes, readings
from web.api import subjects as on
from web.api.table import Verb

OF_READINGS: Final = (
    Verb(
        on.READING, "/approve", "approve_reading", "approve_reading", readings.approve,
        "Approve the reading.", reading_shapes.ApproveIn,
    ),
    Verb(
        on.READING, "/decline", "decline_reading", "decline_reading", readings.decline,
        "Decline the reading; the customer is told why, and how to send it again.",
        reading_shapes.DeclineIn,
    ),
    Verb(
        on.READING, "/assign", "assign_reading", "assign_reading", readings.assign,
        "Say which meter was read; the reading is checked again.", reading_shapes.MeterReadIn,
    ),
)  # fmt: skip

OF_REQUESTS: Final = (
    Verb(
        on.REQUEST_DUES, "/charges", "request_charges", "write_charge", agency.charge,
        "Write what is to be paid; at once a fee where the request waits for payment.",
        agency_shapes.ChargeIn, status=201,
    ),
    Verb(
        on.CHARGE, "", "request_charge", "drop_charge", agency.uncharge,
        "Take back what was written and is no bill yet.", method="delete", status=204,
    ),
    Verb(
        on.REQUEST_DUES, "/meter", "request_meter", "set_meter", agency.meter,
        "Write down the meter that was set.", agency_shapes.MeterIn,
    ),
    Verb(
        on.REQUEST_DUES, "/last-index", "request_last_index", "write_last_index",
        agency.last_index, "Write down the last index of a meter.", agency_shapes.LastIndexIn,
    ),
    Verb(
        on.REQUEST_DUES, "/final-bill", "request_final_bill", "name_final_bill",
        agency.final_bill, "Say which bill of the contract is the final one.",
        agency_shapes.FinalBillIn,
    ),
    Verb(
        on.REQUEST_DUES, "/plan", "request_plan", "write_plan", agency.plan,
        "Write the schedule over open bills of the contract, in place of an earlier one.",
        agency_shapes.PlanIn, method="put",
    ),
    Verb(
        on.REQUEST_DUES, "/look", "request_look", "look_at_request", agency.look,
        "Go on with a request whose payment, refund or final bill is there.",
    ),
    Verb(
        on.REQUEST_DUES, "/deliver", "request_deliver", "deliver_paper", agency.deliver,
        "Draw the statement or duplicate and send it as the answer.",
    ),
)  # fmt: skip
