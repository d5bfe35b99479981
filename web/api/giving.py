"""Assignment of a letter to several departments, by list or in parts, and who is in charge."""

from typing import Any

from rest_framework import serializers

from org.models import User
from registry.models.letters import Letter
from routing.assigning import giving, lists
from routing.inbox import assignments
from routing.models.assignments import Assignment
from web.api import letter_parts as parts
from web.api import requests
from web.api.codes import department_by_code, named_person, person_by_name
from web.api.shape import Shape, optional_text


class GiveIn(Shape):
    """The recipients of a letter, in one act: departments, or a distribution list."""

    to = serializers.ListField(child=requests.AssignIn(), required=False, default=list)
    list = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)


class PartIn(Shape):
    """A part of a letter that holds several matters."""

    department = serializers.CharField(help_text="Code of the department.")
    matter = serializers.CharField(max_length=200)
    note = optional_text(500)


class SplitIn(Shape):
    """The parts, each to a department of its own."""

    parts = serializers.ListField(child=PartIn(), min_length=2, max_length=20)


class InChargeIn(Shape):
    """The person in charge."""

    person = serializers.CharField(max_length=150, help_text="User name.")


class GivenOut(Shape):
    """The assignments that were made."""

    assignments = parts.AssignmentOut(many=True)


def assign(letter: Letter, *, actor: User, **given: Any) -> Assignment:
    """Assign the letter to one department."""
    return giving.assign(letter, actor=actor, **_coded(given))


def give(letter: Letter, *, actor: User, to: list[Any], list: int | None) -> dict[str, Any]:
    """Assign the letter to the departments named, or to those of the list."""
    targets = lists.targets_of(list) if list else [giving.Target(**_coded(one)) for one in to]
    rows = giving.assign_all(letter, targets, actor=actor, skip_present=bool(list))
    return {"assignments": rows}


def split(letter: Letter, *, actor: User, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Split the letter into the parts."""
    targets = [giving.Target(**_coded(part)) for part in parts]
    return {"assignments": giving.split(letter, targets, actor=actor)}


def transfer(row: Assignment, *, actor: User, department: str, reason: str) -> Assignment:
    """Transfer the letter to the department of this code."""
    unit = department_by_code(department)
    return assignments.transfer(row, actor=actor, department=unit, reason=reason)


def put_in_charge(row: Assignment, *, actor: User, person: str) -> Assignment:
    """Put the person of this name in charge."""
    return assignments.put_in_charge(row, actor=actor, person=named_person("person", person))


def _coded(given: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the department of their code, and the person of their name."""
    found: dict[str, Any] = {"department": department_by_code(given["department"])}
    if "person" in given:
        found["person"] = person_by_name(given["person"])
    return given | found
