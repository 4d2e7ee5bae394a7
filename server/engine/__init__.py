"""Queries run apart from the server: a pool of processes over read-only snapshots, and one process that writes."""
