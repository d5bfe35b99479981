"""Rules, their trials, and what the classifier has learnt."""
