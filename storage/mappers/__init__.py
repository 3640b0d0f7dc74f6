"""One module a store: explicit mapping between rows and the entities of `peer_support`, sealing on the way."""
