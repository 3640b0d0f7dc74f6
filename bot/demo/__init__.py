"""A made-up place to try the bot in: fictional forces, people and their page. Never for real people."""
