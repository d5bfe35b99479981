"""The part of a letter's page for a request of the digital agency: bills, contract, schedule."""
