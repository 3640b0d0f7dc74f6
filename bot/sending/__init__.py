"""How the outbox is sent: at what pace, what is done about each answer, and how it is written down."""
