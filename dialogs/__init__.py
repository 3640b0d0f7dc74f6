"""What a person may say, and what is said back: one module a conversation, grouped by audience."""
