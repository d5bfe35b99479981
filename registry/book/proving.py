"""Verification of the books: numbers without gaps, the registers' chains, the daily closings."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from ledger.problems import Problem
from registry import chain
from registry.book.closing import closing_hash
from registry.kinds import RegistryEvent
from registry.models.closings import DailyClosing
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.registers import NumberSeries, Register
from registry.models.voiding import VoidRequest

__all__ = ["Problem", "check_books"]

BATCH = 500


def check_books() -> Iterator[Problem]:
    """Yield the problems of every series of numbers and every closing of it."""
    minutes = set(Register.objects.filter(direction="minutes").values_list("pk", flat=True))
    for series in NumberSeries.objects.order_by("pk"):
        if series.register_id not in minutes:
            yield from _check_chain(series, chain.row_key(series))
    yield from _check_minutes(minutes)
    yield from _check_series_present()
    yield from _check_registers()
    yield from _check_closings()


def _check_chain(series: NumberSeries, key: str) -> Iterator[Problem]:
    """Check numbers first..last for gaps, and the chain from the first registration to the head."""
    head, expected = "", series.first
    rows = (
        LetterEvent.objects.filter(
            letter__register=series.register_id, letter__year=series.year, seq=1
        )
        .order_by("letter__serial")
        .values_list("letter__serial", "letter__number", "hash", "register_hash", "pk")
    )
    for serial, number, value, register_hash, pk in rows.iterator(chunk_size=2000):
        if serial < series.first:
            yield Problem("gap", key, f"{number} stands before the first, {series.first}")
        while expected < serial:
            yield Problem("gap", key, f"serial {expected} is missing before {number}")
            expected += 1
        expected = serial + 1
        head = chain.chained(head, value)
        if head != register_hash:
            yield Problem("register_chain", f"registry.letterevent/{pk}", number)
            head = register_hash
    for missing in range(expected, series.last + 1):
        yield Problem("gap", key, f"serial {missing} is missing at the end")
    if series.last < expected - 1:
        yield Problem("series_behind", key, f"last is {series.last}, found {expected - 1}")
    if head != series.chain_head:
        yield Problem("register_head", key)


def _check_minutes(registers: set[int]) -> Iterator[Problem]:
    """Check that each number of a minute of voiding is a decision; minutes are no letters."""
    zone = timezone.get_default_timezone()
    moments = VoidRequest.objects.filter(minute_number__isnull=False, decided_at__isnull=False)
    found = Counter(
        timezone.localtime(moment, zone).year
        for moment in moments.values_list("decided_at", flat=True).iterator(chunk_size=2000)
    )
    for series in NumberSeries.objects.filter(register__in=registers):
        count = found.pop(series.year, 0)
        if count != series.last:
            detail = f"{series.last} minutes taken, {count} found"
            yield Problem("gap", chain.row_key(series), detail)
        if series.first != 1:
            yield Problem("gap", chain.row_key(series), f"minutes begin with {series.first}")
        if series.chain_head:
            yield Problem("register_head", chain.row_key(series))
    for register_id in registers:
        yield from (_series_missing(register_id, year) for year in sorted(found))


def _check_series_present() -> Iterator[Problem]:
    present = set(NumberSeries.objects.values_list("register_id", "year"))
    used = set(Letter.objects.order_by().values_list("register_id", "year").distinct())
    for register_id, year in sorted(used - present):
        yield _series_missing(register_id, year)


def _series_missing(register_id: int, year: int) -> Problem:
    detail = f"the series of register {register_id} for {year} is missing"
    return Problem("series_missing", f"registry.register/{register_id}", detail)


def _check_registers() -> Iterator[Problem]:
    """Check that each register is as its newest event sealed it, and that none is missing."""
    registers = {register.pk: register for register in Register.objects.all()}
    used = Letter.objects.order_by().values_list("register_id", flat=True).distinct()
    for pk in sorted({*used, *NumberSeries.objects.values_list("register_id", flat=True)}):
        if pk not in registers:
            yield Problem("row_missing", f"registry.register/{pk}")
    for register in registers.values():
        key = chain.row_key(register)
        seal = _newest_seal(register, key)
        if seal and seal != chain.row_seal(register):
            yield Problem("row_edited", key, register.code)


def _newest_seal(register: Register, key: str) -> Any:
    events = LetterEvent.objects.filter(letter__register=register, seq=1)
    event = events.order_by("-letter__year", "-letter__serial").first()
    if event is None:  # a book of minutes is sealed by the voidings that it numbers
        event = (
            LetterEvent.objects.filter(kind=RegistryEvent.VOIDED, seals__has_key=key)
            .order_by("-pk")
            .first()
        )
    return event.seals.get(key) if event and isinstance(event.seals, dict) else None


def _check_closings() -> Iterator[Problem]:
    """Check that each closing follows from the one before it, and the series knows the last one."""
    heads = dict.fromkeys(NumberSeries.objects.values_list("pk", flat=True), "")
    counts: Counter[int] = Counter()
    closings = DailyClosing.objects.order_by("series", "sequence")
    for closing in closings.iterator(chunk_size=100):
        key, series = chain.row_key(closing), closing.series_id
        counts[series] += 1
        if closing.sequence != counts[series]:
            yield Problem("closing_missing", key, _lost_closing(series, counts[series]))
            counts[series] = closing.sequence
        elif closing.previous_hash != heads.get(series, ""):
            yield Problem("closing_edited", key)
        if closing.hash != closing_hash(closing):
            yield Problem("closing_edited", key)
        else:
            yield from _check_heads(closing, key)
        heads[series] = closing.hash
    for found in NumberSeries.objects.order_by("pk"):
        if found.closing_head != heads.get(found.pk, ""):
            detail = _lost_closing(found.pk, counts[found.pk] + 1)
            yield Problem("closing_missing", chain.row_key(found), detail)


def _lost_closing(series_id: int, sequence: int) -> str:
    return f"closing {sequence} of series {series_id} is missing"


def _check_heads(closing: DailyClosing, key: str) -> Iterator[Problem]:
    for start in range(0, len(closing.heads), BATCH):
        part = closing.heads[start : start + BATCH]
        events = LetterEvent.objects.filter(letter_id__in=[head[0] for head in part])
        found = {
            (str(letter_id), seq): value
            for letter_id, seq, value in events.values_list("letter_id", "seq", "hash")
        }
        for letter_id, seq, value in part:
            if found.get((letter_id, seq)) != value:
                yield Problem("closed_event_gone", key, f"registry.letter/{letter_id} #{seq}")
