"""Renderers, held to what a reader of each format reads back."""
