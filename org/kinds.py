"""Kinds of jobs of the organisation."""

from jobs.kinds import JobKind


class OrgJob(JobKind):
    """Work that follows from a change of people."""

    PEOPLE_INVITE = "people.invite"
    ABSENCE_TELL = "absence.tell"
