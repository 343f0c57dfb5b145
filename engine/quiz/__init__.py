"""Quizzes: items drawn from live cases of the catalogue, with keys that the engine computes."""
