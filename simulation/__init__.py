"""A year of a whole service in minutes: the rules of `peer_support` themselves, over made-up people and time."""
