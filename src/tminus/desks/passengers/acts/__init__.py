"""What the passengers desk does, one module a subject."""
