"""The life of a request between presses: asking, keeping promises, letting people go, and ending kindly."""
