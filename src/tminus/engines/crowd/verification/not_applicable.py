"""Published tests a model of links and queues cannot be put to, with the reason."""

from __future__ import annotations

from tminus.engines.crowd.verification.case import NotApplicable

NOT_APPLICABLE = (
    NotApplicable(
        "rimea-6", "Walking around a corner", "no positions within a link; a corner is a node (IMO 6, NIST 2.3)"
    ),
    NotApplicable("rimea-7", "Speeds by age from a population", "speeds are handed in, one a person; no populations"),
    NotApplicable("rimea-8", "Sensitivity to parameters", "a report of its user, not a test with a result"),
    NotApplicable("rimea-10-12b", "Bottleneck: lanes forming inside it", "no positions within a link"),
    NotApplicable(
        "rimea-14", "Short or long way round", "documents a choice; ours is told: quickest alone, or as things stand"
    ),
    NotApplicable("rimea-15", "A crowd around a corner", "no positions within a link"),
    NotApplicable("nist-2.5", "Crowd passing through smoke", "no smoke, no toxicity (NIST 2.5, 2.6, 2.7)"),
    NotApplicable("nist-2.9", "Group behaviours", "people do not wait for one another"),
    NotApplicable("nist-2.10", "People with movement disabilities", "speeds, yes; room for wheelchairs on stairs, no"),
    NotApplicable(
        "nist-4.1", "Dynamic availability of exits", "covered by changes in time; no published value to compare"
    ),
    NotApplicable("nist-2.4", "Elevators", "a lift is a vehicle of the timetable, not one that is called"),
    NotApplicable(
        "fedg", "Fire Engineering Design Guide, 90 persons", "its 186 s rest on a limit the guide does not state"
    ),
)
