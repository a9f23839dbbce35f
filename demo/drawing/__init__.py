"""Pictures and sounds made by code: the Department's marks and its jingle, things that look or sound like them, and scenes that show either."""
