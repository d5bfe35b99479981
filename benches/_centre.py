"""Rows of the centre, of field work and of citizens around bulk-made requests, for a bench."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

PEOPLE: Final = 4_000  # citizens, five requests each
BUSY: Final = "0612345678"  # one who asked for two hundred things
_BATCH: Final = 2_000


def furnish() -> None:
    """Write contacts, call-backs, work orders, alarms and citizens around the requests."""
    from eservices.relations.models import ContactMoment
    from eservices.requests.models import Request

    if ContactMoment.objects.exists():
        return
    requests = list(Request.objects.select_related("letter__department").order_by("pk"))
    names = _names(requests)
    _citizens(requests, names)
    _moments(requests, names)
    _callbacks(requests, names)
    _orders(requests)


def _save(rows: Iterable[Any]) -> None:
    rows = list(rows)
    for first in range(0, len(rows), _BATCH):
        type(rows[0]).objects.bulk_create(rows[first : first + _BATCH], ignore_conflicts=True)


def _names(requests: list[Any]) -> dict[Any, str]:
    """Return who sent each letter."""
    from registry.models.letters import Party

    senders = Party.objects.filter(role="sender").values_list("letter_id", "name")
    known = dict(senders.iterator())
    return {row.pk: known.get(row.letter_id, "") for row in requests}


def _phone(number: int) -> str:
    return BUSY if number % PEOPLE < 1 else f"06{number % PEOPLE:08}"


def _citizens(requests: list[Any], names: dict[Any, str]) -> None:
    """Give each request a person with a verified telephone; one has two hundred."""
    from eservices.people.models import ContactPoint, Person
    from eservices.people.persons import name_key
    from eservices.requests.models import Request

    people = []
    for row in requests[:PEOPLE]:
        name = names[row.pk]
        people.append(Person(name=name, name_key=name_key(name), level=1, made_at=row.opened_at))
    _save(people)
    _save(
        ContactPoint(
            person=one, way="phone", value=_phone(number), key=_phone(number),
            verified_at=one.made_at, looked_until=one.made_at,
        )
        for number, one in enumerate(people)
    )  # fmt: skip
    for number, row in enumerate(requests):
        at = 0 if number % 100 == 0 else number % PEOPLE
        row.person, row.phone_key = people[at], _phone(at)
    Request.objects.bulk_update(requests, ["person", "phone_key"], batch_size=400)


def _moments(requests: list[Any], names: dict[Any, str]) -> None:
    """Write a call about each request."""
    from eservices.relations.models import CallerKey, ContactMoment
    from language.names import name_keys, pair_keys
    from org.models import User

    agent = User.objects.get(username="ghita")
    results = ["answered", "request", "forwarded"]
    _save(
        ContactMoment(
            at=row.opened_at + timedelta(hours=2), channel="phone", agent=agent,
            name=names[row.pk], phone=row.phone_key, phone_key=row.phone_key, person=row.person,
            request=row, subject="Suivi de la demande", result=results[number % 3],
            waited=number % 90, seconds=60 + number % 400,
        )
        for number, row in enumerate(requests)
    )  # fmt: skip
    _save(
        CallerKey(key=key[:60], caller=f"phone:{row.phone_key}")
        for row in requests[:PEOPLE]
        for key in name_keys(names[row.pk]) | pair_keys(names[row.pk])
    )


def _callbacks(requests: list[Any], names: dict[Any, str]) -> None:
    """Ask for a call-back for each fourth request; one in four is open."""
    from django.utils import timezone

    from eservices.relations.models import CallbackTask
    from org.models import Department

    units = list(Department.objects.filter(code__in=("COM", "EAU", "ELEC", "ASS")))
    now = timezone.now()
    tasks = []
    for number, row in enumerate(requests[::4]):
        due = now + timedelta(hours=number % 96 - 48)
        tasks.append(
            CallbackTask(
                request=row, unit=units[number % len(units)], name=names[row.pk],
                phone=row.phone_key, phone_key=row.phone_key, reason="Résultat de la demande",
                made_at=row.opened_at, due_at=due, promised_at=due,
                done_at=None if number % 4 == 0 else row.opened_at + timedelta(hours=5),
                reached=None if number % 4 == 0 else True, tried=number % 3,
            )
        )  # fmt: skip
    _save(tasks)


def _orders(requests: list[Any]) -> None:
    """Plan an order for each second request; around today they are open."""
    from django.utils import timezone

    from eservices.relations.models import DangerAlarm, Team, WorkOrder

    teams, today = list(Team.objects.all()), timezone.localdate()
    orders = []
    for number, row in enumerate(requests[::2]):
        day = today + timedelta(days=2 - number // 25)
        over = number > 100 and number % 40 > 0
        orders.append(
            WorkOrder(
                number=f"OT/{day.year}/{number:06}", request=row, team=teams[number % len(teams)],
                planned_on=day, what="Réparation d’une fuite", made_at=row.opened_at,
                state="done" if over else "planned", checklist=[],
            )
        )  # fmt: skip
    _save(orders)
    _save(
        DangerAlarm(
            request=row, department=row.letter.department, what="Câble à nu",
            raised_at=row.opened_at, seen_at=row.opened_at if number > 2 else None,
        )
        for number, row in enumerate(requests[::20])
    )  # fmt: skip
