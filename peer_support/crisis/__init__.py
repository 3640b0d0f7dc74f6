"""What to say when somebody may be in danger: who to ring, when they answer, and the words that show it.

Packaged data and pure functions alone, so that nothing that may be broken elsewhere can silence it.
"""
