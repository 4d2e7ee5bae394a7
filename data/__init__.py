"""The data that newsgraph comes with, installed as the package `newsgraph_data`."""
