"""How the tables of the record came to be: one file a change, applied in order by Alembic."""
