"""tminus: readiness and operations for a host city's great event."""

__version__ = "0.1.0"
