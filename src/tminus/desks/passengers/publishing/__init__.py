"""Publishing a walked day: who gets which duty, what changes of what stands, and the papers handed out with it."""
