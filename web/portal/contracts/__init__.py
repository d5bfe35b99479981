"""My contracts: proven once by their code or last bill, seen with their meters, taken off again."""
