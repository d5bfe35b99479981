"""The errors of jobs, named by how the runner reacts to them."""


class Yield(Exception):
    """Not an error: the work continues later, so that other jobs pass.

    The job is ready again behind those that are due now, and no attempt is counted.
    """


class JobError(Exception):
    """An error of a job: `code` is a stable word, the message plain and without personal data."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class Permanent(JobError):
    """Trying again cannot help: the job is parked at once."""


class Transient(JobError):
    """Trying again may help: back-off, parked after the last attempt."""


class Unavailable(JobError):
    """A service is away (search engine, mail server): the job waits as long as it takes."""


class ServiceError(Exception):
    """An error of a service, raised by what pages call as well as jobs.

    Where it `waits`, the service is away: a job waits for it as for one that is Unavailable, and
    its `job_code` is told.
    """

    job_code = ""
    waits = False
