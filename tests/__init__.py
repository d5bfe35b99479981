"""The tests mirror the tree; tests/journeys walk whole ways through the house."""
