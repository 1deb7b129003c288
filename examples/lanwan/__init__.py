"""The generator of the Lanwan demonstration event: everything it writes is fictional."""
