"""The web page and the API: every answer is a pure function of the address."""
