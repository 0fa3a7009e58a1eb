"""What is seen: tables, charts, and the surface that they are drawn on, in plain Python."""
