"""The command line: `kg`, one module a command, each imported only when it is called."""
