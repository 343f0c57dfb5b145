"""Models head to head on a user's own prompts: what is asked, measured, checked and concluded."""
