"""The stages that a record goes through: admit, fetch media, scan, fold, index, report, retire."""
