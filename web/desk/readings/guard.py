"""Who may open the pages of readings."""

from eservices.readings.access import enters, reads
from eservices.readings.deciding import decides

reads_readings = reads
enters_readings = enters
decides_readings = decides
