"""Refusals of the biller API: a stable code, the HTTP status, and the bill it is about."""

from typing import Final

STATUS: Final[dict[str, int]] = {
    "malformed": 400,
    "unknown_identifier": 400,
    "not_allowed": 403,
    "over_limit": 403,
    "not_found": 404,
    "reference_used": 409,
    "too_late": 409,
    "not_reversible": 409,
    "unknown_bill": 422,
    "already_paid": 422,
    "wrong_amount": 422,
    "wrong_date": 422,
    "too_many_bills": 422,
}


class BillerError(Exception):
    """A call that is refused; nothing was done. `field` or `bill` say what it is about."""

    def __init__(self, code: str, *, bill: str = "", field: str = "") -> None:
        super().__init__(code)
        self.code, self.bill, self.field = code, bill, field

    @property
    def status(self) -> int:
        """The HTTP status of the code."""
        return STATUS[self.code]
