"""The simulated day: how a crowd walks, queues, rides and leaves, on a network of links. Pure: no clock, file, Django.

What goes in is a :class:`Scenario` (network, demand, gates, timetable, changes in time); :func:`simulate` returns a
:class:`DayResult`. ``docs/engines/crowd.md`` says what the model is and what it was verified against.
"""
