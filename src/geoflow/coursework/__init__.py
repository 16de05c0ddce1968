"""Coursework: the student's configuration, and the numbers and claims that the text prints."""
