"""Forecasts of the coming days: from the files as handed in to what an issue keeps."""
