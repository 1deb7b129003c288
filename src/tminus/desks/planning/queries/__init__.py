"""Everything read from a plan."""
