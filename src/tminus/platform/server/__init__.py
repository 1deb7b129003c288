"""The server: web, job worker and ticker as one, started, watched and stopped together."""

from tminus.platform.server.supervisor import Child, Supervisor

__all__ = ["Child", "Supervisor"]
