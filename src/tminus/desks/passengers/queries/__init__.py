"""What the passengers desk answers, one module a subject."""
