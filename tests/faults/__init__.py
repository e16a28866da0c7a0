"""Proves the base guarantees on real processes that are killed, stopped and cut off."""
