"""Tests of the web page and the API."""
