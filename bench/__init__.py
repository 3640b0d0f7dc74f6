"""How fast it is, measured: the bot beside a bare handler and two stock SDKs, in paired rounds. Development only."""
