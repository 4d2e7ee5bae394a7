"""The parts of the web interface: each module has one `blueprint`, and all of them are registered."""
