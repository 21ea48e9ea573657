"""What adapters have in common on the wire: names and JSON of events, and the correlation id."""
