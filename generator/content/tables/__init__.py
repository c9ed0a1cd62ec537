"""Tables as people write them: CSV and JSON Lines, streamed row by row."""
