"""What every simulated SCPI instrument has: a command tree, an error queue, status, a server, faults."""
