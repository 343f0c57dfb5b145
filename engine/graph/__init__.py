"""Decision graphs: the tree, a run, a verdict, the rules and the knowledge, as networkx graphs."""
