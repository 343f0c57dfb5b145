"""A licence review in each of its formats; every module reads the items once, as they come."""
