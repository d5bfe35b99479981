"""The tables of the organisation, a module for each noun."""

from org.models.absences import Absence
from org.models.announcements import Announcement
from org.models.changes import OrgChange
from org.models.departments import Department
from org.models.holidays import Holiday
from org.models.institution import Institution, Logo
from org.models.kinds import LetterKind
from org.models.links import FirstRun, Invitation
from org.models.names import Level, ThreeNames
from org.models.people import Membership, User
from org.models.processing import Processing
from org.models.retention import RetentionText

__all__ = [
    "Absence",
    "Announcement",
    "Department",
    "FirstRun",
    "Holiday",
    "Institution",
    "Invitation",
    "LetterKind",
    "Level",
    "Logo",
    "Membership",
    "OrgChange",
    "Processing",
    "RetentionText",
    "ThreeNames",
    "User",
]
