"""The rules of peer support: who may be matched, how a request lives, what is never shown.

Pure and standard library only (rapidfuzz in `crisis/`). Everything here takes `now`; nothing reads a clock.
"""
