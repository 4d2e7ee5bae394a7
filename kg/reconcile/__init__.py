"""Finds which entities of the graph the names in somebody's table stand for: the Reconciliation API, without HTTP.

https://reconciliation-api.github.io/specs/
"""
