"""The Teams app package: what a force chooses in, a zip to upload out. Pure; the standard library alone."""
