"""How it decides: facts, rules, the machine that fires them, and what is read off the trace."""
