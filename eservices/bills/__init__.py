"""Bills: imported, shown, printed and downloaded; statements of account that balance."""
