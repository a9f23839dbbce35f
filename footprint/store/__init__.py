"""The record: what is known, insert-only, on SQLite or PostgreSQL."""
