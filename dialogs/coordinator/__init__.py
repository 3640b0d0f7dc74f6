"""What a coordinator may say: the digest, and help for a stuck request by reference alone."""
