"""The roadmaps of the demo organizations."""
