"""People's requests while things break: real replicas, a channel beside them, and a look from outside."""
