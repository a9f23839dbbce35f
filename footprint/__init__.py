"""The kernel: domain, rules, record, blobs and index, behind small protocols. No framework inside."""
