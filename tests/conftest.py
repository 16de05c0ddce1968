"""Lets every test import `asking`, which stands beside this file."""
