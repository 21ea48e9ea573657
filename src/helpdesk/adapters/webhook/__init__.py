"""Tells admins by HTTP: whatever they have that takes a POST."""
