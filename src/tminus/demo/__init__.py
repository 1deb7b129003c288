"""The demonstration event: loaded from its plain files, its clock set to the day asked for."""
