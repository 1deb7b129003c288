"""Pages of the passengers desk, one module a page."""
