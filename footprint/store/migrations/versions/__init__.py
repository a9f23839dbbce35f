"""The migrations, named by their revision: `0001_the_record.py`."""
