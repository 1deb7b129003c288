"""What would mend a conflict or a weak checkpoint: why it cannot be, in as few words as possible, and what buys days.

>>> found = repairs_of(schedule)                                              # doctest: +SKIP
>>> found[0].because, found[0].repairs, found[0].together                     # doctest: +SKIP
"""

from tminus.engines.schedule.repairs.conflict_set import ConflictSet, Member, MemberKind, conflict_set
from tminus.engines.schedule.repairs.likelihood import Probability, by_simulation
from tminus.engines.schedule.repairs.repair import Repair, RepairRules, repaired
from tminus.engines.schedule.repairs.search import Mending, mend, repairs_of
from tminus.engines.schedule.repairs.target import Target, checkpoint_target, conflict_targets

__all__ = [
    "ConflictSet",
    "Member",
    "MemberKind",
    "Mending",
    "Probability",
    "Repair",
    "RepairRules",
    "Target",
    "by_simulation",
    "checkpoint_target",
    "conflict_set",
    "conflict_targets",
    "mend",
    "repaired",
    "repairs_of",
]
