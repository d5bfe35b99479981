"""Whether who asks may be told of the contract: they, or who they ask for, have proven it."""

from eservices.agency.contracting import contract_of
from eservices.contracts.models import Holder
from eservices.people.mandates import live
from eservices.people.models import Mandate
from eservices.requests.models import Request
from language.reach import number_key


def is_owner(request: Request) -> bool:
    """Return whether the person for whom the request was made holds its contract.

    Who asks by a mandate asks as long as it holds.
    """
    contract, person = contract_of(request), request.on_behalf_of or request.person
    if contract is None or person is None:
        return False
    if request.mandate_id and not Mandate.objects.filter(live(), pk=request.mandate_id).exists():
        return False
    return Holder.objects.filter(person=person, contract=contract, ended_at=None).exists()


def names_a_bill(request: Request) -> bool:
    """Return whether the request names contract and number of one and the same open bill.

    Whoever has the bill in hand may pay it; more than this bill they are not told.
    """
    contract = contract_of(request)
    wanted = number_key(str(request.answers.get("bill_number") or ""))
    if contract is None or not wanted:
        return False
    numbers = contract.bills.filter(remaining__gt=0).values_list("number", flat=True)
    return any(number_key(number) == wanted for number in numbers[:200])
