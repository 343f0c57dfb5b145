"""Tests of the decision graphs."""
