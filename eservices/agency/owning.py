"""Whether the requester may know the contract: they, or their principal, have proven it."""

from eservices.agency.contracting import contract_of
from eservices.bills.proof import is_last_bill
from eservices.contracts.models import Holder
from eservices.contracts.proving import TooManyTriesError, WrongProofError, prove
from eservices.money import AmountError, centimes
from eservices.people.mandates import live
from eservices.people.models import Mandate
from eservices.requests.models import Request
from language.reach import number_key


def is_owner(request: Request) -> bool:
    """Return whether the person for whom the request was made holds its contract.

    A request by a mandate counts as long as the mandate holds. Of one that staff opened for a
    caller nobody has shown who it was: the last bill that it names proves it, or staff decide.
    """
    contract, person = contract_of(request), request.on_behalf_of or request.person
    if contract is None:
        return False
    if request.opened_by_id is not None:
        return _names_last_bill(request, contract.pk)
    if person is None:
        return False
    if request.mandate_id and not Mandate.objects.filter(live(), pk=request.mandate_id).exists():
        return False
    return Holder.objects.filter(person=person, contract=contract, ended_at=None).exists()


def prove_by_answers(request: Request) -> None:
    """Prove the contract by number and amount of its last bill, where the request names them.

    A wrong proof is a failed try like any other, and the request waits for staff.
    """
    bill = str(request.answers.get("last_bill") or "")
    person = request.person
    if not bill or person is None or request.mandate_id or request.opened_by_id:
        return  # what a caller says gives no contract to the person whose page was open
    if is_owner(request):
        return
    try:
        amount = centimes(str(request.answers.get("last_amount") or ""))
        prove(
            person, request.contract_number, bill=bill, amount=amount, asker=f"request:{person.pk}"
        )
    except (AmountError, WrongProofError, TooManyTriesError):
        return


def _names_last_bill(request: Request, contract_id: int) -> bool:
    try:
        amount = centimes(str(request.answers.get("last_amount") or ""))
    except AmountError:
        return False
    return is_last_bill(contract_id, str(request.answers.get("last_bill") or ""), amount)


def names_a_bill(request: Request) -> bool:
    """Return whether the request names contract, number and amount of one and the same open bill.

    Somebody who holds the bill may pay it; they learn no more than this bill. A number alone is no
    proof: it can be guessed from the one before it.
    """
    contract = contract_of(request)
    wanted = number_key(str(request.answers.get("bill_number") or ""))
    amount = _amount_of(request)
    if contract is None or not wanted or amount is None:
        return False
    rows = contract.bills.filter(remaining__gt=0).values_list("number", "total", "remaining")
    return any(
        number_key(number) == wanted and amount in (total, remaining)
        for number, total, remaining in rows[:200]
    )


def _amount_of(request: Request) -> int | None:
    try:
        return centimes(str(request.answers.get("amount") or ""))
    except AmountError:
        return None
