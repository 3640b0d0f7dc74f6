"""What a supporter may say: their answers to offers, their matches, and their own availability."""
