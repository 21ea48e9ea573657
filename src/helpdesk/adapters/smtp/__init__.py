"""Tells admins by e-mail."""
