"""Renderers: pure functions from an answer to one format, one file a format."""
