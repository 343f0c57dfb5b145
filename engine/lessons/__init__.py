"""Lessons: text from the knowledge, tables and pictures from the engine, claims checked."""
