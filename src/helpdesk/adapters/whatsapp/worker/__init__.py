"""Bridges whose library runs in a process of its own, spoken to in JSON lines."""
