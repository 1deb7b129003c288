"""Scenarios of the simulated day as people have them: folders of CSV, GeoJSON, GTFS, metro tables; results as files."""
