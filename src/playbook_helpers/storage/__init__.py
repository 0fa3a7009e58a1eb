"""Where records are kept (`database`), and the files that they come in and go out in (`files`)."""
