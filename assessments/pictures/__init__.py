"""Geometry of the pictures and the one that Graphviz lays out; the drawing is a template."""
