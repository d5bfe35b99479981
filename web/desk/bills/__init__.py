"""Bills at the desk: found by number or contract, shown, printed; statements of account."""
