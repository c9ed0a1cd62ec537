"""Import: tables that other people made become lots and data points."""
