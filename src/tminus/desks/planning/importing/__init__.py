"""A plan file against the plan that stands: read, compared field by field, applied whole or not at all."""

from tminus.desks.planning.importing.apply import Applied, apply
from tminus.desks.planning.importing.compare import Comparison, compare
from tminus.desks.planning.importing.reading import Reading, read

__all__ = ["Applied", "Comparison", "Reading", "apply", "compare", "read"]
