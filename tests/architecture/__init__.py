"""The rules that the import contracts cannot express."""
