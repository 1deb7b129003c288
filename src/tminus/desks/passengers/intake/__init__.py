"""Readings come in: by the counters' own door, by MQTT, by table; whatever their order, they end in the same state."""

from tminus.desks.passengers.intake.reading import BadReading, Given, reading_of
from tminus.desks.passengers.intake.store import Taken, compare, store

__all__ = ["BadReading", "Given", "Taken", "compare", "reading_of", "store"]
