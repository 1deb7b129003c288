"""Frozen checkpoints: how every task stood at one instant, kept so that nobody can change it unseen."""
