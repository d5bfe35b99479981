"""What a person may do and where: one small read model, fetched once a request."""

from dataclasses import dataclass

from org.models import Level, Membership, User

ALL_READERS = {User.Duty.CLERK, User.Duty.DIRECTOR, User.Duty.AUDITOR}


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's duty, clearance (0..2) and departments (code → "member" | "head")."""

    user_id: int
    duty: str
    clearance: int
    departments: dict[str, str]

    @property
    def reads_all(self) -> bool:
        """Whether every letter up to the clearance is readable, whatever its department."""
        return self.duty in ALL_READERS

    @property
    def is_office(self) -> bool:
        """Whether this person registers and routes."""
        return self.duty == User.Duty.CLERK

    @property
    def may_watch_jobs(self) -> bool:
        """Whether the office page (waiting, running, parked work) is theirs."""
        return self.duty in {User.Duty.CLERK, User.Duty.ADMINISTRATOR}

    @property
    def may_watch_models(self) -> bool:
        """Whether what the machine has learnt, version by version, is theirs to see."""
        return self.duty in {User.Duty.ADMINISTRATOR, User.Duty.AUDITOR}

    def department_level(self, code: str) -> int:
        """Up to which level letters of the department are readable; a head reads confidential."""
        if code not in self.departments:
            return -1
        floor = Level.CONFIDENTIAL if self.departments[code] == "head" else Level.ORDINARY
        return max(floor, self.clearance)


def standing_of(user: User) -> Standing:
    """Read fresh from the database each time: a right lost a second ago is lost."""
    if not user.is_active:
        return Standing(user_id=user.pk, duty=User.Duty.MEMBER, clearance=0, departments={})
    rows = Membership.objects.filter(user=user, department__active=True)
    return Standing(
        user_id=user.pk,
        duty=user.duty,
        clearance=user.clearance,
        departments=dict(rows.values_list("department__code", "role")),
    )
