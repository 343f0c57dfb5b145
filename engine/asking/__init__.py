"""Questions in words, read by a small grammar that docs/reference/questions.md documents."""
