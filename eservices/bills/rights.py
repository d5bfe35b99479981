"""Who of the staff sees bills and statements: whoever sees contracts."""

from eservices.contracts.rights import reads_contracts

reads_bills = reads_contracts
