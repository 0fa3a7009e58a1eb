"""What everything else stands on: needs the standard library and pydantic alone."""
