"""Scenarios of a day in the console: what they may name, a walk computed in a job, and what is kept of it."""
