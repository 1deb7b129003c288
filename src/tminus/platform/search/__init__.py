"""Search over everything an event has: each slice registers what finds its own things within a person's reach."""
