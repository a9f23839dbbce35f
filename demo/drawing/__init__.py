"""Pictures drawn by code: the Department's marks, things that look like them, and scenes that show either."""
