"""Partners: made, changed, stopped and let in again, each with its history."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.bank.keys import NOUN, make_secret
from eservices.bank.models import USUAL_CALLS, BankPartner
from eservices.money import AmountError, decimal, typed_centimes
from language.numerals import plain_decimal
from org.errors import BadOrganisationError
from org.history import record, values_of
from org.models import User

COLUMNS: Final = (
    *("name", "active", "rights", "most_a_payment", "most_a_day", "calls_a_minute"),
    *("fee_fixed", "fee_rate"),
)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_MOST_CALLS: Final = 100_000
_AMOUNTS: Final = ("most_a_payment", "most_a_day", "fee_fixed")


def add_partner(code: str, values: dict[str, Any], *, by: User | None) -> tuple[BankPartner, str]:
    """Return a new partner and its secret, which is shown this once. Raise BadOrganisationError."""
    code = code.strip()
    if not _CODE.fullmatch(code):
        raise BadOrganisationError({"code": _("Letters, digits, dots and hyphens, 40 at most.")})
    given = checked(values)
    try:
        with transaction.atomic():
            row = BankPartner.objects.create(code=code, made_at=timezone.now(), made_by=by, **given)
            record(NOUN, code, "created", actor=by, after=_audit_values(row))
            row.refresh_from_db()
            return row, make_secret(row, by=by)
    except IntegrityError as error:
        if BankPartner.objects.filter(code=code).exists():
            words = _("There is a partner with this code already.")
            raise BadOrganisationError({"code": words}) from error
        raise


def change_partner(partner: BankPartner, values: dict[str, Any], *, by: User | None) -> BankPartner:
    """Change a partner's name, rights, limits or fees. Raise BadOrganisationError."""
    given = checked(values)
    return _save(partner, given, action="changed", by=by)


def set_active(partner: BankPartner, *, active: bool, by: User | None) -> BankPartner:
    """Stop a partner, whose calls are refused from now on, or let it in again."""
    return _save(partner, {"active": active}, action="restored" if active else "retired", by=by)


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Return a partner's columns from texts, all rights where none are named.

    Amounts are decimal texts, as people write them. Raise BadOrganisationError.
    """
    problems: dict[str, Any] = {}
    given: dict[str, Any] = {"name": str(values.get("name") or "").strip()[:200]}
    rights = values.get("rights")
    given["rights"] = [
        name for name in BankPartner.Right.values if rights is None or name in rights
    ]
    if unknown := sorted(set(rights or ()) - set(BankPartner.Right.values)):
        problems["rights"] = _("There is no such right: %(name)s") % {"name": unknown[0][:20]}
    for name in _AMOUNTS:
        try:
            given[name] = typed_centimes(str(values.get(name) or "0"))
        except AmountError:
            given[name] = -1
        if given[name] < 0:
            problems[name] = _("This is no amount.")
    given["fee_rate"] = _rate(str(values.get("fee_rate") or "0"), problems)
    given["calls_a_minute"] = _calls(values.get("calls_a_minute"), problems)
    if problems:
        raise BadOrganisationError(problems)
    return given


def _audit_values(row: BankPartner) -> dict[str, Any]:
    """Return the partner as its history keeps it."""
    amounts = {name: decimal(getattr(row, name)) for name in _AMOUNTS}
    return {**values_of(row, COLUMNS), **amounts, "rights": ", ".join(row.rights)}


def _rate(text: str, problems: dict[str, Any]) -> Decimal:
    try:
        rate = Decimal(plain_decimal(text))
    except InvalidOperation:
        rate = Decimal(-1)
    fits = rate.is_finite() and 0 <= rate <= 100 and rate == rate.quantize(Decimal("0.001"))
    if not fits:
        problems["fee_rate"] = _("A share of 0 to 100 %, with three decimals at most.")
        return Decimal(0)
    return rate


def _calls(value: Any, problems: dict[str, Any]) -> int:
    text = str(USUAL_CALLS if value in (None, "") else value).strip()
    if not (text.isdecimal() and len(text) < 10 and int(text) <= _MOST_CALLS):
        problems["calls_a_minute"] = _("A whole number up to 100,000; 0 for no limit.")
        return 0
    return int(text)


def _save(
    partner: BankPartner, given: dict[str, Any], *, action: str, by: User | None
) -> BankPartner:
    with transaction.atomic():
        row = BankPartner.objects.select_for_update().get(pk=partner.pk)
        before = _audit_values(row)
        for name, value in given.items():
            setattr(row, name, value)
        row.save(update_fields=list(given))
        row.refresh_from_db()
        record(NOUN, row.code, action, actor=by, before=before, after=_audit_values(row))
        return row
