"""The W3C's test suites, run against the graph and over HTTP against a server."""
