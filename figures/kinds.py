"""Kinds of jobs of the figures."""

from jobs.kinds import JobKind


class FiguresJob(JobKind):
    """Work of counting."""

    FIGURES_MONTH = "figures.month"
