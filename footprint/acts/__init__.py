"""What people do to the record: each act checks the role, is one transaction, and leaves one audit event."""
