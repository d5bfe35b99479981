"""The cashier's desk: the day, taking money, closing, days of all."""
