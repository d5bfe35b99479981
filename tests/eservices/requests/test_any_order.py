"""Any order of actions that any type allows keeps what must hold of every request."""

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eservices.catalogue.loading import shipped_types
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent
from eservices.relations.models import Team, WorkOrder
from eservices.requests import drawing
from eservices.requests.acting import Offered, actions_of, take_action
from eservices.requests.children import open_child, open_trades
from eservices.requests.models import Acceptance, Quotation, Request
from org.models import User
from registry.models.events import LetterEvent
from registry.models.letters import Letter, ReplyLink
from registry.models.pieces import PiecesRequest
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.closing.reopening import chance_of, reopen_by_citizen
from routing.models.clocks import ClockStop
from routing.models.closing import Reopening
from tests.eservices.office import opened, published_type
from tests.factories import department, deposit, pdf_bytes, person, text_file

pytestmark = pytest.mark.django_db
CODES = sorted(shipped_types())
STEPS = 9
_serial = itertools.count(1)


class _Undo(Exception):
    """Takes back what an example has written."""


def present(request: Request) -> Request:
    """The request as it is now."""
    rows = Request.objects.select_related("letter__register", "version", "parent__letter")
    return rows.get(pk=request.pk)


@pytest.mark.parametrize("codes", [CODES[n::4] for n in range(4)], ids="abcd")
def test_any_order_keeps_the_rules(codes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    paper = pdf_bytes("Demande")
    monkeypatch.setattr(drawing, "answers_as_pdf", lambda *_args, **_more: paper)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.sampled_from(codes), st.data())
    def walk(code: str, data: Any) -> None:
        published_type(code)
        try:
            with transaction.atomic():
                _walk(opened(code, answers={}), data)
                raise _Undo
        except _Undo:
            pass

    walk()


def _walk(request: Request, data: Any) -> None:
    director, clerk = person("direction"), person("amina")
    for _step in range(STEPS):
        now = present(request)
        stage = now.stage
        what = data.draw(st.sampled_from(["act", "act", "act", "child", "reopen", "stale"]))
        try:
            with transaction.atomic():
                if what == "child":
                    _child(now, data, director)
                elif what == "reopen":
                    if chance_of(now.letter).open:
                        reopen_by_citizen(now.letter, reason="Non résolu")
                elif what == "stale":
                    _stale(now, director)
                else:
                    _act(now, data, data.draw(st.sampled_from([director, clerk, None])))
        except NotAllowedError:
            assert present(request).stage == stage
        for one in [request, *Request.objects.filter(parent=request)]:
            _holds(present(one))


def _act(now: Request, data: Any, actor: User | None) -> None:
    by: dict[str, Any] = {"actor": actor} if actor else {"letter_code": True}
    offered = actions_of(now, **by)
    if not offered:
        return
    chosen = data.draw(st.sampled_from(offered))
    if chosen.blocked:
        _unblock(now, chosen)
    given = {
        "comment": data.draw(st.sampled_from(["", "CIN\nPlan"])),
        "reason": data.draw(st.sampled_from(["", "Hors zone"])),
        "outcome": data.draw(st.sampled_from(["", "granted", "refused"])),
        "files": [text_file()] if data.draw(st.booleans()) else [],
    }
    take_action(now, chosen.name, **by, **given)


def _child(now: Request, data: Any, actor: User) -> None:
    trades = open_trades(now)
    if trades:
        published_type(definition_of(now.version).child or definition_of(now.version).code)
        open_child(now, data.draw(st.sampled_from(trades)), actor=actor)
    for child in Request.objects.filter(parent=now, ended_at=None)[:1]:
        _act(present(child), data, actor)


def _stale(now: Request, actor: User) -> None:
    """Somebody who knows the request in another stage is told so, and nothing is written."""
    now.stage_since -= timedelta(seconds=1)
    with pytest.raises((ConflictError, NotAllowedError)):
        take_action(now, "withdraw", letter_code=True)
    assert actor


def _unblock(now: Request, chosen: Offered) -> None:
    """Bring about what the action waits for, as other parts of the office do."""
    at, by = timezone.now(), person("direction")
    if "work_order" in chosen.needs:
        names = {"name_ar": "ف", "name_fr": "E", "name_en": "T"}
        team = Team.objects.get_or_create(
            code="T1", defaults={"department": department("EAU"), **names}
        )[0]
        WorkOrder.objects.create(
            number=f"OT-{next(_serial)}",
            request=now,
            team=team,
            planned_on=at.date(),
            what="Travaux",
            made_at=at,
            state="done",
        )
    if "quotation" in chosen.needs:
        states = Quotation.objects.filter(request=now).values_list("state", flat=True)
        for state in sorted({"sent", "accepted"} - set(states)):
            amounts = dict.fromkeys(("net", "tax", "total"), Decimal(1))
            Quotation.objects.create(
                request=now, number=len(states) + 1 + (state == "sent"), lines=[], **amounts,
                valid_until=at.date(), state=state, made_at=at, made_by=by,
            )  # fmt: skip
    if "acceptance" in chosen.needs:
        for kind in Acceptance.Kind.values:
            made = {"on": at.date(), "made_at": at, "made_by": by}
            Acceptance.objects.get_or_create(request=now, kind=kind, defaults=made)
    if "reply" in chosen.needs:
        answer = deposit(register="OUT", actor=person("amina")).letter
        ReplyLink.objects.create(incoming=now.letter, outgoing=answer)


def _holds(now: Request) -> None:
    """What must hold of every request, whatever was done."""
    letter = Letter.objects.get(pk=now.letter_id)
    moves = _events(letter, EserviceEvent.REQUEST_MOVED)
    way = [definition_of(now.version).first.code, *(str(move["to"]) for move in moves)]
    assert way[-1] == now.stage
    assert [move["from"] for move in moves] == way[:-1]
    assert PiecesRequest.objects.filter(letter=letter).count() <= 1
    ended = now.stage_kind == "end"
    assert (now.ended_at is not None) is ended
    assert not ended or now.outcome
    assert not ended or letter.stage == "closed"
    assert not (ended and Request.objects.filter(parent=now, ended_at=None).exists())
    standing = ClockStop.objects.filter(letter=letter, to_on=None).exists()
    assert standing is (now.stage_kind == "waiting_citizen")
    for decided in _events(letter, EserviceEvent.REQUEST_DECIDED):
        assert decided["outcome"] != "refused" or (decided["reason"] and decided["appeal"]["fr"])
    assert Reopening.objects.filter(letter=letter, by_citizen=True).count() <= 1


def _events(letter: Letter, kind: str) -> list[dict[str, Any]]:
    rows = LetterEvent.objects.filter(letter=letter, kind=kind).order_by("seq")
    return list(rows.values_list("data", flat=True))
