"""Engines that read letters and digits behind one contract, and calibration of their confidence."""
