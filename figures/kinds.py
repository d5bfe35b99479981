"""Kinds of jobs of the figures."""

from jobs.kinds import JobKind


class FiguresJob(JobKind):
    """Work of counting, and of reports by mail."""

    FIGURES_MONTH = "figures.month"
    FIGURES_REPORT = "figures.report"
