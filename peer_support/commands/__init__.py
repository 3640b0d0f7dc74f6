"""One verb, one module: a frozen command, one function that opens one unit of work, a frozen outcome."""
