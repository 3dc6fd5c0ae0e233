"""Showing what a gate asks for, approving it, opening and closing it."""
