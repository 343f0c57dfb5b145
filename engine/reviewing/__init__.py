"""Judges what was found against a stated use: allowed, conditional, forbidden or unknown."""
