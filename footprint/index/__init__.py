"""Search: projections of the record behind ports.FindingIndex, one module a kind of index."""
