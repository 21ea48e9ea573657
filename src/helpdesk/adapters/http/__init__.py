"""HTTP: the typed API, the live feed, the dashboard's files, health and metrics."""
