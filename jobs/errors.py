"""What can go wrong inside a job, named by what the runner does about it."""


class Yield(Exception):
    """No error: the work goes on later, so that other jobs pass. Ready again behind those that are
    due now, and no attempt is counted.
    """


class JobError(Exception):
    """`code` is a stable word; the message is plain and holds no personal data."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class Permanent(JobError):
    """Trying again cannot help: the job is parked at once."""


class Transient(JobError):
    """Trying again may help: back-off, parked after the last attempt."""


class Unavailable(JobError):
    """A service is away (search engine, mail server): the job waits as long as it takes."""
