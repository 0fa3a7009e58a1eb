"""A workshop: the server of a sitting, which phones join and a facilitator leads."""
