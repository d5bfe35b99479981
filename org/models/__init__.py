"""The tables of the organisation, a module for each noun."""

from org.models.absences import Absence
from org.models.departments import Department
from org.models.holidays import Holiday
from org.models.kinds import LetterKind
from org.models.names import Level, ThreeNames
from org.models.people import Membership, User

__all__ = [
    "Absence",
    "Department",
    "Holiday",
    "LetterKind",
    "Level",
    "Membership",
    "ThreeNames",
    "User",
]
