"""Proving a contract (identity level 2): its number, and something only its holder has.

That is the code printed on its bills, or number and amount of the last bill, which the room of
bills judges. An unknown number and a wrong proof are the same answer after the same work, and a
few failed tries close the number, whether there is such a contract or not, and who tries.

Strangers do not lock the holder out so: whoever tries a closed number may pay for it by a proof of
work. Of codes too short to be safe from many who pay, and of bills, only some tries are for sale.
"""

import hmac
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from eservices.contracts.access_codes import access_hash, keyed, plain_code
from eservices.contracts.events import ContractKind, note
from eservices.contracts.models import Contract, Holder, ProofTry
from eservices.people import events
from eservices.people.kinds import PersonKind
from eservices.people.models import Person
from language.reach import number_key
from org.models import User

LEVEL: Final = 2
SECONDS: Final = 3600
MOST_OF_CONTRACT: Final = 10  # tries that failed within that time, of a number
MOST_GUESSABLE: Final = 50  # the same, with those paid for, where the right one could be guessed
SAFE_CODE: Final = 8  # letters and digits from which a code is not guessed
MOST_OF_PERSON: Final = 10
MOST_OF_ADDRESS: Final = 60  # a mobile operator puts thousands of people behind one
_KEPT: Final = timedelta(days=1)
_NO_CONTRACT: Final = 0
_NO_HASH: Final = "0" * 64

BillCheck = Callable[[int, str, int], bool]  # id of the contract (0: none), bill, centimes
Pays = Callable[[], bool]  # whether who tries has paid for one more try of a closed number


class WrongProofError(Exception):
    """There is no such contract, or the proof is not its own."""


class TooManyTriesError(Exception):
    """The number, or who tries, has failed too often; the next try is good in `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"again in {wait} s")
        self.wait = wait


def set_bill_check(check: BillCheck) -> None:
    """Let the room of bills check number and amount of the last bill.

    It is called for a contract that does not exist, too (0), and does the same work for it.
    """
    _checks["bill"] = check


def _nothing_paid() -> bool:
    return False


def prove(
    person: Person, number: str, *, code: str = "", bill: str | None = None,
    amount: int | None = None, asker: str, pays: Pays = _nothing_paid,
) -> Holder:  # fmt: skip
    """Make a person a holder of the contract: by its code, or by the last bill and its centimes.

    `asker` is who tries besides the person: the address they come from. Once proven, the same
    proof again gives the same holding. Raise WrongProofError, TooManyTriesError.
    """
    askers = [f"person:{person.pk}", asker]
    contract = proven_contract(
        number, code=code, bill=bill, amount=amount, askers=askers, pays=pays
    )
    proof = Holder.Proof.BILL if bill is not None else Holder.Proof.CODE
    return hold(person, contract, proof=proof)


def proven_contract(
    number: str, *, code: str = "", bill: str | None = None, amount: int | None = None,
    askers: Sequence[str], pays: Pays = _nothing_paid,
) -> Contract:  # fmt: skip
    """Return the contract that is proven, also without an account.

    What each asker failed is counted: the first with the contract, "person:…" or an address.
    `pays` is asked where the number is closed. Raise WrongProofError, TooManyTriesError.
    """
    key = number_key(number)
    safe = bill is None and len(plain_code(code)) >= SAFE_CODE
    tries = _count_try(key, askers, pays=pays, most=None if safe else MOST_GUESSABLE)
    contract = Contract.objects.filter(number_key=key).first()
    stored = contract.access_hash if contract and contract.access_hash else _NO_HASH
    by_code = hmac.compare_digest(access_hash(key, code), stored) and bool(plain_code(code))
    by_bill = _checks["bill"](contract.pk if contract else _NO_CONTRACT, bill or "", amount or 0)
    right = by_code if bill is None else by_bill and amount is not None
    if contract is None or not right:
        raise WrongProofError
    _forget(tries)
    return contract


def hold(person: Person, contract: Contract, *, proof: str, actor: User | None = None) -> Holder:
    """Return the holding of a contract by a person; made where there is none."""
    try:
        with transaction.atomic():
            holding, made = Holder.objects.get_or_create(
                person=person, contract=contract, ended_at=None,
                defaults={"proof": proof, "proven_at": timezone.now(), "proven_by": actor},
            )  # fmt: skip
            if made:
                Person.objects.filter(pk=person.pk, level__lt=LEVEL).update(level=LEVEL)
                note(contract, ContractKind.PROVEN, actor=actor, person=person, proof=proof)
                events.note(
                    person, PersonKind.CONTRACT_ADDED, actor=actor, contract=contract.number
                )
    except IntegrityError:  # another process at the same time
        holding = Holder.objects.get(person=person, contract=contract, ended_at=None)
    person.level = max(person.level, LEVEL)
    return holding


def end_holding(holding: Holder, *, actor: User | None = None) -> bool:
    """Take a contract off a person's own; return whether it was among them."""
    with transaction.atomic():
        rows = Holder.objects.filter(pk=holding.pk, ended_at=None)
        if not rows.update(ended_at=timezone.now()):
            return False
        person, contract = holding.person, holding.contract
        note(contract, ContractKind.HOLDER_ENDED, actor=actor, person=person)
        events.note(person, PersonKind.CONTRACT_ENDED, actor=actor, contract=contract.number)
        if not Holder.objects.filter(person=person, ended_at=None).exists():
            Person.objects.filter(pk=person.pk, level=LEVEL).update(level=1)
    return True


def end_all(person: Person) -> None:
    """Take all contracts off a person's own."""
    for holding in Holder.objects.filter(person=person, ended_at=None):
        end_holding(holding)
    Holder.objects.filter(person=person).update(label="")


def forget_tries() -> int:
    """Delete tries that count no more; return how many."""
    return ProofTry.objects.filter(at__lt=timezone.now() - _KEPT).delete()[0]


def _no_bills(_contract_id: int, _bill: str, _amount: int) -> bool:
    return False


_checks: Final[dict[str, BillCheck]] = {"bill": _no_bills}


def _count_try(key: str, askers: Sequence[str], *, pays: Pays, most: int | None) -> list[ProofTry]:
    """Count a try before it is judged, so that many at once are no more tries than one by one.

    `most`: tries of the number, those paid for included; None for no end. One that is too many is
    not counted: who goes on trying closes a number no longer than an hour.
    """
    now = timezone.now()
    contract, hashes = keyed("tried", key), [keyed("asker", asker) for asker in askers]
    tries = ProofTry.objects.bulk_create(
        [
            ProofTry(contract_hash="" if place else contract, asker_hash=one, at=now)
            for place, one in enumerate(hashes)
        ]
    )
    try:
        _check_room({"contract_hash": contract, "asker_hash": hashes[0]}, MOST_OF_CONTRACT)
        for asker, one in zip(askers, hashes, strict=True):
            _check_room({"asker_hash": one}, _most_of(asker))
        _check_number(contract, pays=pays, most=most)
    except TooManyTriesError:
        _forget(tries)
        raise
    return tries


def _check_number(contract: str, *, pays: Pays, most: int | None) -> None:
    """Raise TooManyTriesError for a closed number that this try has not paid for, or cannot."""
    whose = {"contract_hash": contract}
    try:
        _check_room(whose, MOST_OF_CONTRACT)
    except TooManyTriesError:
        if most is not None:
            _check_room(whose, most)
        if not pays():
            raise


def _most_of(asker: str) -> int:
    return MOST_OF_PERSON if asker.startswith("person:") else MOST_OF_ADDRESS


def _check_room(whose: dict[str, str], most: int) -> None:
    hour = timedelta(seconds=SECONDS)
    recent = ProofTry.objects.filter(at__gt=timezone.now() - hour, **whose).order_by("-at", "-pk")
    newest = list(recent.values_list("at", flat=True)[: most + 1])
    if len(newest) > most:
        again = newest[-1] + hour - timezone.now()
        raise TooManyTriesError(max(1, int(again.total_seconds())))


def _forget(tries: Sequence[ProofTry]) -> None:
    ProofTry.objects.filter(pk__in=[one.pk for one in tries]).delete()
