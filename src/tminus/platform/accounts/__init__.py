"""Accounts: invited, opened by one-time links, closed, erased; tokens for programs."""
