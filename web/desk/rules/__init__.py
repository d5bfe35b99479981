"""Rules, their trials, and what the machine has learnt."""
