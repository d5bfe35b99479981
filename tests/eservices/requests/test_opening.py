"""Opening of a request: number first, in one transaction, once a key."""

import pytest
from django.utils import timezone

from correspondence.succession import close_department
from eservices.kinds import EserviceEvent
from eservices.requests import opening
from eservices.requests.models import Request
from org.models import User
from registry.intake import PartyData
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.refusals import OtherContentError
from routing.clocks.due import recompute_due_dates
from routing.models.assignments import Assignment
from tests.eservices.office import WATER, content_of, opened, published_type
from tests.factories import department, drain, person, picture_bytes

pytestmark = pytest.mark.django_db


def test_a_request_is_a_registered_letter_with_its_answers_as_papers() -> None:
    photo = picture_bytes()
    request = opened(files=[("photo", "IMG_1.png", photo)], email="fatima@example.org")
    letter = Letter.objects.get(pk=request.letter_id)
    assert letter.number.endswith("000001") or letter.serial >= 1
    assert letter.subject.startswith("Signaler un problème d’eau")
    assert letter.subject.endswith("– Fuite")
    assert (letter.language, letter.kind and letter.kind.code) == ("fr", "complaint_technical")
    titles = list(Document.objects.filter(letter=letter).values_list("title", "role"))
    assert titles[0] == ("request.pdf", "main")
    assert titles[1] == ("answers.json", "enclosure")
    assert titles[2] == ("Photo du lieu – IMG_1.png", "enclosure")
    assert (request.stage, request.stage_kind, request.dangerous) == ("received", "intake", False)
    assert request.stage_due_on is not None
    assert request.stage_due_on > timezone.localdate()


def test_it_is_routed_at_once_and_no_classifier_proposes_it_again() -> None:
    request = opened()
    given = Assignment.objects.get(letter=request.letter)
    assert (given.department.code, given.role, given.state) == ("EAU", "action", "open")
    drain()
    assert Assignment.objects.filter(letter=request.letter).count() == 1
    letter = Letter.objects.get(pk=request.letter_id)
    assert letter.department is not None
    assert letter.department.code == "EAU"


def test_opening_is_an_event_that_the_citizen_sees() -> None:
    request = opened()
    kinds = list(LetterEvent.objects.filter(letter=request.letter).values_list("kind", flat=True))
    assert kinds[:2] == ["registered", EserviceEvent.REQUEST_OPENED]
    event = LetterEvent.objects.get(letter=request.letter, kind=EserviceEvent.REQUEST_OPENED)
    assert event.visibility == "citizen"
    assert event.data["service"] == "complaint_water"


def test_without_the_request_no_number_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    published_type("complaint_water")
    before = Letter.objects.count()

    def fails(*_args: object, **_more: object) -> None:
        raise RuntimeError("no row")

    monkeypatch.setattr(opening, "_row", fails)
    with pytest.raises(RuntimeError):
        opened()
    assert Letter.objects.count() == before
    assert not Request.objects.exists()


def test_the_same_key_gives_the_same_request_and_refuses_other_answers() -> None:
    first = opened(deposit_key="k1")
    assert opened(deposit_key="k1").pk == first.pk
    assert Request.objects.count() == 1
    with pytest.raises(OtherContentError):
        opened(deposit_key="k1", answers={**WATER, "problem": "cut"})


def test_the_term_of_the_type_wins_and_survives_every_recomputation(rules: None) -> None:
    content = {**content_of("complaint_water"), "code": "quick"}
    content["term"] = {"legal_days": 7, "unit": "calendar", "silence": "granted"}
    letter = Letter.objects.get(pk=opened(content).letter_id)
    told = letter.due_explained
    assert (told["days"], told["unit"], told["own"]["silence"]) == (7, "calendar", "approval")
    due = letter.due_on
    drain()
    recompute_due_dates(actor=None, why="rule")
    letter.refresh_from_db()
    assert letter.due_on == due
    assert letter.due_explained["own"]["days"] == 7
    given = Assignment.objects.get(letter=letter)
    assert given.due_on is not None


def test_a_type_has_its_term_in_an_office_without_any_rule() -> None:
    letter = Letter.objects.get(pk=opened().letter_id)
    assert letter.due_on is not None
    assert letter.due_explained["days"] == 60


def test_danger_and_contract_are_read_from_the_answers() -> None:
    request = opened(answers={**WATER, "danger": "yes", "contract": "40 118 / 22"})
    assert request.dangerous
    assert request.contract_number == "40 118 / 22"


def test_a_clerk_opens_it_at_the_counter(amina: User) -> None:
    request = opened(channel="counter", actor=amina)
    assert request.opened_by == amina
    assert request.letter.registered_by == amina
    opened(channel="counter", actor=amina, deposit_key="x")
    with pytest.raises(OtherContentError):
        opened(channel="counter", actor=amina, deposit_key="x", answers={})


def test_the_department_can_hang_on_an_answer() -> None:
    content = {**content_of("complaint_water"), "code": "by_answer", "department_by": "problem"}
    content["departments"] = {"leak": "EAU", "cut": "ELEC"}
    request = opened(content, answers={**WATER, "problem": "cut"})
    assert Assignment.objects.get(letter=request.letter).department.code == "ELEC"


def test_a_closed_department_has_its_heir_get_the_requests(admin: User) -> None:
    close_department(department("EAU"), heir=department("ASS"), actor=admin)
    request = opened("complaint_water")
    assert Assignment.objects.get(letter=request.letter).department.code == "ASS"


def test_a_department_that_the_office_lacks_leaves_it_to_the_rules() -> None:
    content = {**content_of("complaint_water"), "code": "elsewhere", "department": "NOWHERE"}
    request = opened(content)
    assert not Assignment.objects.filter(letter=request.letter).exists()


def test_an_unnamed_sender_is_registered_as_such() -> None:
    asked = PartyData("sender")
    done = opening.open_request(
        opening.OpeningData(
            published_type("complaint_water").version,
            answers=WATER,
            language="ar",
            channel="portal",
            contact=asked,
        ),
    )
    assert done.created
    assert len(done.tracking_code) > 5
    assert done.request.letter.subject.endswith("– تسرب")


def test_the_centre_reads_what_people_may_call_about() -> None:
    agent = person("ghita")
    letter = opened().letter
    assert Letter.objects.visible_to(agent).filter(pk=letter.pk).exists()
    quiet = opened(content_of(channels=["portal"])).letter
    assert not Letter.objects.visible_to(agent).filter(pk=quiet.pk).exists()
