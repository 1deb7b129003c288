"""Live pages: every committed act reaches the open pages that may see it, from whichever process it came."""
