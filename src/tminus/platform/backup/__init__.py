"""Backups: a consistent copy of a whole installation in one file, and the way back.

``write.write_backup`` needs the installation opened; ``restore.restore`` runs before there is one.
"""
