"""The stages of a request as its citizen sees them: passed, present, and those that will come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from eservices.catalogue.definition import Definition, Stage
from eservices.kinds import EserviceEvent
from eservices.requests.models import Request, StageKind
from registry.models.events import LetterEvent


@dataclass(frozen=True, slots=True)
class Step:
    """A stage in the bar; `state` is done, now or ahead, `at` when it was reached last."""

    words: str
    state: str
    at: datetime | None = None


def steps_of(
    definition: Definition, row: Request, events: Iterable[LetterEvent], language: str
) -> list[Step]:
    """Return every stage of the way; side ways, ends and decisions only where it went there.

    Neither of two stages that exclude each other is told before one of them is reached.
    """
    reached = _reached(row, events)
    untold = _alternatives(definition)
    here = [stage.code for stage in definition.stages].index(row.stage)
    aside = is_side_way(definition, definition.stages[here])
    steps = []
    for place, stage in enumerate(definition.stages):
        if stage.code == row.stage:
            state = "done" if row.ended_at else "now"
        elif row.ended_at or stage.kind == StageKind.END or (place < here and not aside):
            state = "done" if stage.code in reached else ""
        elif aside and stage.code in reached:
            state = "done"
        else:
            hidden = is_side_way(definition, stage) or _follows_decision(definition, stage)
            state = "" if hidden or stage.code in untold else "ahead"
        if state:
            steps.append(Step(stage.public.in_(language), state, reached.get(stage.code)))
    return steps


def next_words(definition: Definition, row: Request, steps: list[Step], language: str) -> str:
    """Return the stage that comes next in words, "" for none.

    A side way may lead back to the intake: that the request is received is no news, what then comes
    is told.
    """
    stage = definition.stage(row.stage)
    if is_side_way(definition, stage):
        onward = (action.to for action in stage.actions if not action.outcome)
        back = next((definition.stage(code) for code in onward), None)
        if back is None or back.kind != StageKind.INTAKE:
            return back.public.in_(language) if back else ""
    return next((step.words for step in steps if step.state == "ahead"), "")


def _reached(row: Request, events: Iterable[LetterEvent]) -> dict[str, datetime]:
    found = {}
    kinds = (EserviceEvent.REQUEST_OPENED, EserviceEvent.REQUEST_MOVED)
    for event in sorted(events, key=lambda event: event.seq):
        if event.kind in kinds:
            found[str(event.data.get("to", ""))] = event.at
    return {**found, row.stage: row.stage_since}


def _follows_decision(definition: Definition, stage: Stage) -> bool:
    """Return whether only a decision leads here: what it will be, nobody is told before."""
    ways = (one for other in definition.stages for one in other.actions if one.to == stage.code)
    leading = list(ways)
    return bool(leading) and all(action.outcome for action in leading)


def _alternatives(definition: Definition) -> set[str]:
    """Return the stages beside which the same stage leads to another, and neither to the other."""
    place = {stage.code: number for number, stage in enumerate(definition.stages)}
    onward = {
        stage.code: [
            action.to
            for action in stage.actions
            if not action.outcome and place[action.to] > place[stage.code]
        ]
        for stage in definition.stages
    }
    after: dict[str, set[str]] = {}
    for stage in reversed(definition.stages):  # what leads on stands further down
        nexts = onward[stage.code]
        after[stage.code] = set(nexts).union(*(after[code] for code in nexts))
    found: set[str] = set()
    for codes in onward.values():
        told = [code for code in codes if not is_side_way(definition, definition.stage(code))]
        for one, other in combinations(dict.fromkeys(told), 2):
            if one not in after[other] and other not in after[one]:
                found |= {one, other}
    return found


def is_side_way(definition: Definition, stage: Stage) -> bool:
    """Return whether the citizen is waited for here only where something is missing.

    That is so where each stage that leads here leads past it, too.
    """
    if stage.kind != StageKind.WAITING:
        return False
    onward = {action.to for action in stage.actions if not action.outcome}
    for other in definition.stages:
        targets = {action.to for action in other.actions if not action.outcome}
        leads_here = other.code != stage.code and stage.code in targets
        if leads_here and not onward <= targets | {other.code}:
            return False
    return True
