"""What is done to the project, not by it: set-up, lock files, what it is made of and what is known against it."""
