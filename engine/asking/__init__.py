"""Questions in words, read by a small grammar that docs/questions.md documents."""
