"""Targeted transport from a forecast: station inflow control, headways, shuttles and supply, each with its proof.

Every plan carries its value, a bound, the gap between them, the seconds spent and what holds it back, and is
simulated again by code that knows nothing of how it was made.
"""

from tminus.engines.transport.difference import Change
from tminus.engines.transport.errors import InfeasiblePlan, TransportError
from tminus.engines.transport.proof import Binding, Proof

__all__ = ["Binding", "Change", "InfeasiblePlan", "Proof", "TransportError"]
