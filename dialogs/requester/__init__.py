"""What the person who asks may say, from asking to the three questions at the end."""
