"""Proving a contract: number and code, number and last bill; limited tries, one answer."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eservices.contracts import proving
from eservices.contracts.access import contract_of, contracts_of, holding_of
from eservices.contracts.models import ContractEvent, Holder, ProofTry
from eservices.contracts.proving import TooManyTriesError, WrongProofError, prove
from eservices.people.mandates import MandateInput, end, give
from eservices.people.models import Mandate, Person
from tests.eservices.contracts.contracts import CODE, a_contract, a_person, held_by

pytestmark = pytest.mark.django_db
ASKER = "192.0.2.1"


@pytest.fixture
def bills() -> Iterator[list[tuple[int, str, int]]]:
    """A room of bills that knows one bill, F1 of 128.40, and notes what it is asked."""
    asked: list[tuple[int, str, int]] = []

    def knows(contract_id: int, bill: str, amount: int) -> bool:
        asked.append((contract_id, bill, amount))
        return bool(contract_id) and (bill, amount) == ("F1", 12840)

    before = proving._checks["bill"]
    proving.set_bill_check(knows)
    yield asked
    proving.set_bill_check(before)


def test_the_code_proves_the_contract_however_it_is_typed() -> None:
    """Once: the same again gives the same holding; the person has level 2."""
    contract, person = a_contract("0010001"), a_person()
    holding = prove(person, "10 001", code="k7m4-xq2r", asker=ASKER)
    assert (holding.contract, holding.proof) == (contract, "code")
    assert prove(person, "10001", code=CODE, asker=ASKER) == holding
    assert Person.objects.get().level == 2
    assert list(contracts_of(person)) == [contract]
    assert [event.kind for event in ContractEvent.objects.all()] == ["proven"]
    assert not ProofTry.objects.exists()


def test_number_and_amount_of_the_last_bill_prove_it(bills: list[object]) -> None:
    """The room of bills judges; without an amount nothing is proven."""
    contract, person = a_contract(), a_person()
    for wrong in ({"bill": "F1"}, {"bill": "F1", "amount": 12841}, {"bill": "F2", "amount": 12840}):
        with pytest.raises(WrongProofError):
            prove(person, contract.number, asker=ASKER, **wrong)
    assert prove(person, contract.number, bill="F1", amount=12840, asker=ASKER).proof == "bill"
    assert bills[-1] == (contract.pk, "F1", 12840)


@pytest.mark.parametrize("code", ["WRONG", "", "   ", CODE + "X"])
def test_wrong_and_unknown_are_one_answer(code: str, bills: list[object]) -> None:
    """The same error after the same statements, also where a contract has no code."""
    a_contract("1")
    a_contract("2", code="")
    person, done = a_person(), []
    for number in ("1", "2", "999", "no number"):
        with (
            CaptureQueriesContext(
                connection,
            ) as queries,
            pytest.raises(WrongProofError),
        ):
            prove(person, number, code=code, asker=ASKER)
        done.append([query["sql"].split(" ")[0] for query in queries])
    assert done[0] == done[1] == done[2] == done[3]
    assert len(bills) == 4
    assert not Holder.objects.exists()


def test_a_number_is_closed_after_some_failures_whether_there_is_one_or_not() -> None:
    """Also for the right code, for an hour; then it is open again."""
    a_contract("1")
    for number in ("1", "999"):
        for place in range(proving.MOST_OF_CONTRACT):
            with pytest.raises(WrongProofError):
                prove(a_person(f"p{place}@exemple.ma"), number, code="WRONG", asker=f"a{place}")
        for _again in range(3):
            with pytest.raises(TooManyTriesError) as error:
                prove(a_person(), number, code=CODE, asker="b")
            assert 0 < error.value.wait <= proving.SECONDS
    ProofTry.objects.update(at=timezone.now() - timedelta(hours=1, seconds=1))
    assert prove(a_person(), "1", code=CODE, asker=ASKER)


def test_who_fails_too_often_may_not_go_on_with_other_numbers() -> None:
    """A person, and after more an address."""
    person = a_person()
    for number in range(proving.MOST_OF_PERSON):
        with pytest.raises(WrongProofError):
            prove(person, f"N{number}", code="WRONG", asker=ASKER)
    with pytest.raises(TooManyTriesError):
        prove(person, "N99", code="WRONG", asker="elsewhere")
    with pytest.raises(WrongProofError):
        prove(a_person("other@exemple.ma"), "N99", code="WRONG", asker=ASKER)


def test_tries_that_count_no_more_are_swept() -> None:
    """After a day; they name nobody before."""
    with pytest.raises(WrongProofError):
        prove(a_person(), "1234567", code="WRONG", asker=ASKER)
    assert "1234567" not in str(list(ProofTry.objects.values()))
    assert proving.forget_tries() == 0
    ProofTry.objects.update(at=timezone.now() - timedelta(days=2))
    assert proving.forget_tries() == 2


def test_a_contract_is_taken_off_and_another_keeps_it() -> None:
    """Each person has their own holding; the last one gone, the level falls."""
    contract, salma, omar = a_contract(), a_person(), a_person("omar@exemple.ma")
    mine, his = held_by(salma, contract), held_by(omar, contract)
    assert proving.end_holding(mine)
    assert not proving.end_holding(mine)
    assert (list(contracts_of(salma)), list(contracts_of(omar))) == ([], [contract])
    assert Person.objects.get(pk=salma.pk).level == 1
    assert holding_of(omar, contract) == his
    assert held_by(salma, contract) != mine


def test_a_mandate_shows_the_contracts_it_is_for() -> None:
    """Those it names, spelled any way; not beyond its end, its services, or a second person."""
    first, second = a_contract("0001"), a_contract("0002")
    owner, agent, other = a_person(), a_person("agent@exemple.ma"), a_person("other@exemple.ma")
    for contract in (first, second):
        held_by(owner, contract)
    give(owner, MandateInput(contact="agent@exemple.ma", contracts=["1"]))
    give(agent, MandateInput(contact="other@exemple.ma"))
    assert list(contracts_of(agent)) == [first]
    assert (contract_of(agent, "1"), contract_of(agent, "2")) == (first, None)
    assert holding_of(agent, first) is None
    assert not contracts_of(other).exists()
    end(owner, Mandate.objects.get(agent=agent).pk)
    assert not contracts_of(agent).exists()
    give(owner, MandateInput(contact="agent@exemple.ma", services=["cancellation"]))
    assert not contracts_of(agent).exists()
    assert contracts_of(agent, service="cancellation").count() == 2
