"""The rules: one module a stage, each read as a chapter that answers the stage's question."""
