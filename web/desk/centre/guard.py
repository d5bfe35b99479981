"""Who opens the centre's pages."""

from eservices.relations.callbacks import reads_centre as reads_centre
from eservices.requests.access import centre_among
from org.people import Permissions


def works_in_centre(permissions: Permissions) -> bool:
    """Allow people of the customer-relations centre."""
    return centre_among(permissions)
