"""Schedules under scarce resources: short ones, lower bounds, proofs."""
