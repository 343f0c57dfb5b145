"""The interview: one question at a time, always the one that decides most."""
