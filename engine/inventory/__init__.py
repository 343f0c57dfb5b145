"""Finds the models that files name, bills of materials list and machines hold."""
