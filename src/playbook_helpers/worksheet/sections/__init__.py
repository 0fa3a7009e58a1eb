"""The pieces of a worksheet's picture, as HTML with plain text beside it."""
