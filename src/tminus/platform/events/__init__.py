"""Events of the installation: made, changed, copied to a new opening, archived."""
