"""Pure functions of pictures and video: what of the Department can be seen. One detector, one file."""
