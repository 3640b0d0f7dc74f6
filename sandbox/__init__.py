"""A local Teams, for development only: the connector's REST calls, and a page with three people side by side.

It imports none of the bot's rooms and speaks HTTP alone, so that a bot which works here has worked on the wire.
"""
