"""The directory of the house: whom it enters, changes and lets go, and in which departments."""
