"""Field entries arrive once, twice, in any order: the order of work ends up the same."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eservices.kinds import EserviceJob
from eservices.relations.field_merge import merge
from eservices.relations.field_sync import BadEntryError, take_entry
from eservices.relations.models import FieldEntry, WorkOrder
from eservices.relations.orders import cancel_order
from jobs.models import Job
from org.models import User
from registry.refusals import DepositRefusedError
from routing.acting.errors import NotAllowedError
from tests.eservices.relations.field import enter, ordered, team
from tests.factories import person, picture_bytes

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PHOTO = picture_bytes("photo", form="JPEG")
STATE = (
    *("state", "checklist", "parts", "meter_index", "outcome", "signature_id", "signed_name"),
    *("started_at", "ended_at"),
)

DATA: dict[str, Any] = {
    "start": st.just({}),
    "check": st.fixed_dictionaries(
        {"code": st.sampled_from(["1", "2", "3"]), "done": st.booleans()}
    ),
    "photo": st.fixed_dictionaries({"caption": st.sampled_from(["avant", "après"])}),
    "part": st.fixed_dictionaries(
        {
            "what": st.sampled_from(["joint", "vanne"]),
            "quantity": st.sampled_from(["0", "1", "2.5"]),
        }
    ),
    "index": st.fixed_dictionaries({"value": st.sampled_from(["00412", "413"])}),
    "note": st.fixed_dictionaries({"text": st.just("Route fermée")}),
    "sign": st.fixed_dictionaries({"name": st.sampled_from(["Fatima", "Omar"])}),
    "end": st.fixed_dictionaries(
        {"done": st.booleans(), "remark": st.sampled_from(["Fait", "Absent"])}
    ),
}
KINDS = st.sampled_from(sorted(DATA))
ENTRY = KINDS.flatmap(lambda kind: st.tuples(st.just(kind), DATA[kind], st.integers(0, 6)))


def _state(order: WorkOrder) -> tuple[Any, ...]:
    found = WorkOrder.objects.get(pk=order.pk)
    return tuple(getattr(found, name) for name in STATE)


def _send(order: WorkOrder, rows: list[tuple[Any, ...]], by: User) -> None:
    for key, kind, data, minute in rows:
        enter(
            order, kind, by=by, entry_id=key, made_at=START + timedelta(minutes=minute),
            picture=PHOTO if kind in {"photo", "sign"} else None, **data,
        )  # fmt: skip


@settings(max_examples=15)
@given(entries=st.lists(ENTRY, max_size=8), seed=st.integers(0, 10_000))
def test_entries_repeated_and_reordered_end_in_the_same(entries: list[Any], seed: int) -> None:
    by = person("badr")
    crew = team(f"EAU-{uuid.uuid4().hex[:8]}".upper())
    first, other = ordered(crew), ordered(crew)
    chance = random.Random(seed)
    ids = [uuid.UUID(int=uuid.uuid4().int & ~1) for _ in entries]
    rows = [(key, *entry) for key, entry in zip(ids, entries, strict=True)]
    _send(first, rows, by)
    # the ids differ by the last bit alone, so that ties fall the same way
    turned = [(uuid.UUID(int=row[0].int | 1), *row[1:]) for row in rows]
    turned += chance.choices(turned, k=len(turned)) if turned else []
    chance.shuffle(turned)
    _send(other, turned, by)
    assert _state(first) == _state(other)
    assert other.entries.exclude(kind="ordered").count() == len(rows)


def test_a_hundred_syncs_repeated_and_reordered_arrive_once_each() -> None:
    order, by = ordered(), person("badr")
    kinds = ["check", "part", "index", "note"]
    data = [{"code": "1", "done": True}, {"what": "joint", "quantity": "2"}, {"value": "7"}]
    data += [{"text": "Rien"}]
    rows = [(uuid.uuid4(), kinds[n % 4], data[n % 4], n) for n in range(100)]
    sent = rows * 3
    random.Random(4).shuffle(sent)
    _send(order, sent, by)
    assert order.entries.filter(by=by).count() == 100
    assert set(order.entries.values_list("pk", flat=True)) >= {row[0] for row in rows}
    entries = list(order.entries.all())
    found = WorkOrder.objects.get(pk=order.pk)
    assert merge(found.checklist, reversed(entries)) == merge(found.checklist, entries)
    assert found.parts == [{"what": "joint", "quantity": "2"}]
    assert [item["done"] for item in found.checklist] == [True, False, False, False, False]


def test_the_later_entry_wins_whenever_it_arrives() -> None:
    order = ordered()
    enter(order, "index", made_at=START + timedelta(minutes=5), value="200")
    enter(order, "index", made_at=START, value="100")
    assert WorkOrder.objects.get(pk=order.pk).meter_index == "200"


def test_work_that_was_ended_outside_stays_ended_where_the_office_cancelled_it() -> None:
    order = ordered()
    cancel_order(order, why="Doublon", actor=person("dounia"))
    enter(order, "note", made_at=START, text="Sur place")
    assert WorkOrder.objects.get(pk=order.pk).state == "cancelled"
    enter(order, "end", made_at=START, done=True, remark="")
    assert WorkOrder.objects.get(pk=order.pk).state == "done"


def test_the_end_asks_for_the_filing_once_and_again_for_a_late_photo() -> None:
    order = ordered()
    enter(order, "end", done=True, remark="")
    jobs = Job.objects.filter(kind=EserviceJob.FIELD_ENDED, subject=str(order.pk))
    assert jobs.count() == 1
    jobs.update(state=Job.State.DONE)
    enter(order, "note", text="Merci")
    assert jobs.count() == 1
    enter(order, "photo", caption="après")
    assert jobs.count() == 2


def test_an_entry_of_another_order_or_of_a_stranger_is_refused() -> None:
    crew = team()
    order, other = ordered(crew), ordered(crew)
    taken = enter(order, "start")
    with pytest.raises(BadEntryError):
        enter(other, "start", entry_id=taken.entry.pk)
    with pytest.raises(NotAllowedError):
        enter(order, "start", by=person("chafik"))
    with pytest.raises(BadEntryError):
        enter(order, "start", by=person("chafik"), entry_id=taken.entry.pk)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("dance", {}),
        ("check", {"code": "", "done": True}),
        ("check", {"code": "1", "done": "yes"}),
        ("part", {"what": "joint", "quantity": "many"}),
        ("part", {"what": "", "quantity": "1"}),
        ("index", {"value": "12a"}),
        ("note", {"text": " "}),
        ("end", {"done": False, "remark": ""}),
        ("ordered", {}),
    ],
)
def test_an_entry_that_cannot_be_understood_is_refused(kind: str, data: dict[str, Any]) -> None:
    order = ordered()
    with pytest.raises(BadEntryError):
        enter(order, kind, **data)
    assert not FieldEntry.objects.filter(order=order, by=person("badr")).exists()


def test_a_photo_is_judged_as_every_file_and_must_be_a_picture() -> None:
    order = ordered()
    with pytest.raises((DepositRefusedError, BadEntryError)):
        enter(order, "photo", picture=b"MZ this is a program")
    with pytest.raises(BadEntryError):
        enter(order, "photo", picture=b"Bonjour, ceci est un texte.")
    with pytest.raises(BadEntryError):
        take_entry(
            order, entry_id=uuid.uuid4(), kind="photo", data={}, made_at=START, by=person("badr")
        )
